"""What would follow if a text became a document, or its next version: what `check` says, and when it would hold."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import regex

from server.db import reading
from server.destinations.repository import standing as standing_destinations
from server.destinations.seeding import as_entry
from server.errors import NotFound
from server.models import PolicyVersionRow
from server.policies import repository
from server.policies.calendar import Calendar
from server.policies.document_checks import check_among_others
from server.policies.files import load_guidance
from server.policies.filing import Version, ended_by, first_day
from server.policies.front_matter import DocumentFile
from server.policies.held import HeldPolicies
from server.policies.knowledge import Knowledge
from server.policies.loading import as_read
from server.policies.problems import Problem
from server.policies.texts import front_of, id_from, read_as, with_front
from server.policies.uploads import ReadFile, check_text, read_upload
from server.policies.yaml_files import BadKnowledgeFile
from server.service import Service
from server.staff.roles import Caller
from tools.records import Destination

UPLOAD = "upload"

_ID = regex.compile(r"[a-z0-9][a-z0-9-]{0,98}")

# of the version before, not of the next one
_OWN_DAYS = ("effective_from", "effective_to")


class NoSuchBrand(NotFound):
    """There is no such brand, or it is none of the caller's."""


class PolicyNotFound(NotFound):
    """There is no such document, or it holds for none of the caller's brands."""

    def __init__(self, document: str) -> None:
        super().__init__(f"no document {document}")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wants to put in: a file by its name, as text or as bytes, and what is said of it beside.

    `fields` take the place of those in the file's front matter. `document` is what it is to be called; for a version,
    the document whose next one it is.
    """

    name: str
    text: str | None
    content: bytes | None
    fields: Mapping[str, Any]
    document: str | None
    replaces: bool


@dataclass(frozen=True, slots=True)
class Considered:
    """The whole text as it would be kept, and what would follow; without a `document` it cannot be read as one.

    `falls_away`: versions that were to begin later, and would not. `before` is the number of the newest version.
    """

    whole: str
    document: DocumentFile | None
    problems: tuple[Problem, ...]
    begins: date | None = None
    ends: date | None = None
    falls_away: tuple[int, ...] = ()
    before: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from being taken."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


async def consider(service: Service, policies: HeldPolicies, caller: Caller, given: Given) -> Considered:
    """What would follow. Nothing is kept; no transaction may be open.

    Raises:
        PolicyNotFound: There is no such document to replace.
        NoSuchBrand: It names a brand that is none of the caller's.
        UnknownFormat: A file of this kind is not read.
        UnreadableFile: It cannot or should not be read.
    """
    read = await _read(given)
    before: list[PolicyVersionRow] = []
    newest: PolicyVersionRow | None = None
    if given.replaces:
        before, newest = await _before(service, caller, given.document or "")
    try:
        name, whole = _whole(read, given, newest, policies.calendar)
        document = read_as(str(policies.knowledge / "policies" / f"{name}{read.suffix}"), whole)
    except BadKnowledgeFile as error:
        return Considered(read.text, None, (Problem.unreadable(error),), before=newest.number if newest else 0)
    return await weigh(service, policies, caller, document, whole, before)


async def weigh(
    service: Service,
    policies: HeldPolicies,
    caller: Caller,
    document: DocumentFile,
    whole: str,
    before: Sequence[PolicyVersionRow],
) -> Considered:
    """The same for a document that has been read; `before` are its versions until now.

    It is held against what the caller may read: a problem tells what another document says.

    Raises:
        NoSuchBrand: It names a brand that is none of the caller's.
    """
    for brand in document.front.brand:
        if brand not in caller.brands:
            raise NoSuchBrand(f"no brand {brand}")
    calendar, now = policies.calendar, service.clock()
    begins = first_day(Version(document, whole, UPLOAD, ""), before, calendar, now)
    today = calendar.first_today(document.front.brand, now)
    problems = await _problems(service, policies, caller, document, max(begins or today, today))
    later = [version.number for version in ended_by(begins, before) if version.begins and version.begins > today]
    standing = max((version.number for version in before if version.kind != repository.SKETCH), default=0)
    return Considered(whole, document, problems, begins, document.front.effective_to, tuple(later), standing)


async def problems_of(
    service: Service, policies: HeldPolicies, caller: Caller, row: PolicyVersionRow
) -> tuple[Problem, ...]:
    """What is wrong with a version of a document as it stands, among what the caller may read on its days."""
    try:
        document = read_as(str(policies.knowledge / "policies" / row.file), row.text)
    except BadKnowledgeFile as error:
        return (Problem.unreadable(error),)
    today = policies.calendar.first_today(document.front.brand, service.clock())
    return await _problems(service, policies, caller, document, max(row.begins or today, today))


async def _problems(
    service: Service, policies: HeldPolicies, caller: Caller, document: DocumentFile, day: date
) -> tuple[Problem, ...]:
    async with reading(service.engine) as session:
        newest = {row.document: row for row in await repository.newest_texts(session)}
        rows = {**newest, **await repository.held_on(session, day)}
        places = [as_entry(row).record() for row in await standing_destinations(session)]
    theirs = [row for row in rows.values() if not row.front.get("brand") or caller.brands & set(row.front["brand"])]
    return await asyncio.to_thread(_check, policies.knowledge, places, document, theirs, day)


async def _read(given: Given) -> ReadFile:
    if given.content is not None:
        return await read_upload(given.name, given.content)
    suffix = Path(given.name).suffix.lower()
    return ReadFile(check_text(given.text or ""), suffix if suffix in (".html", ".txt") else ".md")


async def _before(
    service: Service, caller: Caller, document: str
) -> tuple[list[PolicyVersionRow], PolicyVersionRow | None]:
    async with reading(service.engine) as session:
        row = await repository.find(session, document, caller.brands)
        if row is None:
            raise PolicyNotFound(document)
        versions = (await repository.versions_of(session, [document]))[document]
        newest = max((version.number for version in versions if version.number == row.newest), default=0)
        last = newest or max((version.number for version in versions), default=0)
        return versions, await repository.find_version(session, document, last)


def _whole(read: ReadFile, given: Given, newest: PolicyVersionRow | None, calendar: Calendar) -> tuple[str, str]:
    """The document's id and whole text: what the file says, and where it says nothing of itself, what was said before.

    Raises:
        BadKnowledgeFile: Its front matter cannot be read.
    """
    said = front_of(read.text)
    fields = dict(given.fields)
    if not said and newest is not None:
        kept = {key: value for key, value in front_of(newest.text).items() if key not in _OWN_DAYS}
        fields = {**kept, "effective_from": calendar.first_today(newest.front.get("brand", ())), **fields}
    name = given.document or str(said.get("id") or id_from(given.name))
    if not given.replaces and not _ID.fullmatch(name):
        words = "is not what a document may be called; use small letters, digits and hyphens"
        raise BadKnowledgeFile(Path(given.name), 1, "id", words)
    if said.get("id") is None or (given.document and not given.replaces and said["id"] != given.document):
        fields = {"id": name, **fields}
    return name, with_front(read.text, fields) if fields else read.text


def _check(
    knowledge: Path,
    places: Sequence[Destination],
    document: DocumentFile,
    rows: list[PolicyVersionRow],
    day: date,
) -> tuple[Problem, ...]:
    others = (as_read(row, knowledge / "policies") for row in rows if row.document != document.id)
    known = Knowledge(
        directory=knowledge,
        today=day,
        guidance=load_guidance(knowledge),
        destinations=tuple(places),
        documents=(*others, document),
    )
    found = {(problem.line, problem.words): problem for problem in check_among_others(document, known)}
    return tuple(sorted(found.values(), key=lambda problem: (problem.severity != "error", problem.line)))
