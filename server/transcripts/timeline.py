"""One time line: everything of a case, of a rep's session, or of both where the session names the case."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.case_repository import attachments_of
from server.errors import NotFound
from server.models import (
    ActionDecisionRow,
    AttachmentRow,
    CaseRow,
    ConversationRow,
    DecisionRow,
    DraftRow,
    KeptTurnRow,
    PostVersionRow,
    PublicationRow,
)
from server.staff.naming import Names, names_of
from server.staff.roles import Caller
from server.transcripts import timeline_repository as repository
from server.transcripts.timeline_repository import ALL, OF_CASES, OF_CONVERSATIONS, Asked, Source, Span

POST = "post"


class TranscriptNotFound(NotFound):
    """There is none of this id, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such transcript")


class EntryNotFound(NotFound):
    """The transcript has no entry of this id."""

    def __init__(self) -> None:
        super().__init__("this transcript has no such entry")


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a time line is of: a case with the sessions that name it, or a session that names none."""

    id: str
    brand: str
    case: CaseRow | None
    conversations: Sequence[ConversationRow]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a time line, of whatever table; `by` is whose doing it was, None the system's or the customer's."""

    id: str
    kind: str
    at: datetime
    row: Any

    @property
    def by(self) -> str | None:
        """The person, if it was one."""
        return next((value for name in _WHO[self.kind] if (value := getattr(self.row, name))), None)


_WHO: Mapping[str, Sequence[str]] = {
    POST: (),
    "draft": (),
    "decision": ("staff",),
    "action": ("approved_by", "proposed_by"),
    "publication": (),
    "promise": (),
    "note": ("staff",),
    "conversation": ("staff",),
    "turn": ("staff",),
    "suggestion": (),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What is told with entries: what was kept of turns, what posts said before, the moves of actions, names.

    `drafts` are those that publications were made of, `approved` who said yes to each publication.
    """

    kept: Mapping[str, KeptTurnRow]
    first_edits: Mapping[str, DecisionRow]
    requests: Mapping[str, Sequence[Asked]]
    versions: Mapping[str, Sequence[PostVersionRow]]
    attachments: Mapping[str, Sequence[AttachmentRow]]
    moves: Mapping[str, Sequence[ActionDecisionRow]]
    names: Names
    drafts: Mapping[str, DraftRow]
    approved: Mapping[str, Sequence[str]]


async def find(session: AsyncSession, caller: Caller, of: str) -> Transcript:
    """The transcript of this case or session.

    Raises:
        TranscriptNotFound: None of the caller's brands.
    """
    conversation = None
    case = await repository.find_case(session, of, caller.brands)
    if case is None:
        conversation = await repository.find_conversation(session, of, caller.brands)
        if conversation is None:
            raise TranscriptNotFound
        if conversation.case is not None:
            case = await repository.find_case(session, conversation.case, caller.brands)
    if case is not None:
        return Transcript(case.id, case.brand, case, await repository.conversations_of(session, [case.id]))
    assert conversation is not None
    return Transcript(conversation.id, conversation.brand, None, [conversation])


async def read_entries(
    session: AsyncSession,
    transcript: Transcript,
    *,
    span: Span = ALL,
    limit: int,
) -> list[Entry]:
    """Entries of this span in the order of time: those nearest to where it begins."""
    found: list[list[Entry]] = []
    if transcript.case is not None:
        posts = await repository.posts_of(session, [transcript.case.id], span=span, limit=limit)
        found.append([Entry(row.id, POST, row.sent_at, row) for _, row in posts])
    for sources, ids in _sources(transcript):
        for source in sources:
            rows = await repository.rows_of(session, source, ids, span=span, limit=limit)
            found.append([entry_of(source, row) for row in rows])
    nearest = heapq.merge(*found, key=lambda entry: (entry.at, entry.id), reverse=span.back)
    entries = list(islice(nearest, limit))
    return entries[::-1] if span.back else entries


async def find_entry(session: AsyncSession, transcript: Transcript, entry: str) -> Entry:
    """The entry of this id.

    Raises:
        EntryNotFound: The transcript has none.
    """
    if transcript.case is not None:
        row = await repository.post_of_case(session, transcript.case.id, entry)
        if row is not None:
            return Entry(row.id, POST, row.sent_at, row)
    for sources, ids in _sources(transcript):
        for source in sources:
            found = await repository.row_of(session, source, ids, entry)
            if found is not None:
                return entry_of(source, found)
    raise EntryNotFound


async def read_around(session: AsyncSession, entries: Sequence[Entry], *, fully: bool) -> Around:
    """What is told with these entries; `fully`: with what left for the model."""
    ids = _by_kind(entries)
    turns = [*ids.get("draft", ()), *ids.get("turn", ())]
    moves = await repository.moves_of(session, ids.get("action", ()))
    attachments = await attachments_of(session, ids[POST]) if POST in ids else ()
    publications = await _publications(session, entries)
    sent = {entry.row.draft for entry in entries if entry.kind == "publication"}
    approved = await _approved(session, publications)
    people = {entry.by for entry in entries} | {row.staff for each in moves.values() for row in each}
    people |= {one for each in approved.values() for one in each}
    return Around(
        kept=await repository.kept_of(session, {*turns, *sent}),
        first_edits=await repository.first_edits_of(session, {*ids.get("draft", ()), *sent}),
        requests=await repository.requests_of(session, turns) if fully else {},
        versions=await repository.versions_of(session, ids.get(POST, ())),
        attachments={post: [row for row in attachments if row.post == post] for post in ids.get(POST, ())},
        moves=moves,
        names=await names_of(session, people),
        drafts=await repository.drafts_of(session, sent),
        approved=approved,
    )


async def _publications(session: AsyncSession, entries: Sequence[Entry]) -> list[PublicationRow]:
    """Those among the entries, and those with which the promises among them were made."""
    here = {entry.id: entry.row for entry in entries if entry.kind == "publication"}
    promised = {entry.row.publication for entry in entries if entry.kind == "promise"} - here.keys() - {None}
    return [*here.values(), *await repository.publications_of(session, promised)]


async def _approved(session: AsyncSession, publications: Sequence[PublicationRow]) -> dict[str, list[str]]:
    """Who said yes to what became each publication, the first first: of each step the last yes to this very text."""
    approvals = await repository.approvals_of(session, {row.draft for row in publications})
    found: dict[str, list[str]] = {}
    for row in publications:
        yes = [one for one in approvals if one.digest == row.digest and one.at <= row.created_at]
        found[row.id] = list({one.step: one.staff for one in yes}.values())
    return found


def entry_of(source: Source, row: Any) -> Entry:  # noqa: ANN401 - a row of the source's table
    """The row as an entry."""
    return Entry(row.id, source.kind, getattr(row, source.at), row)


def _sources(transcript: Transcript) -> list[tuple[Sequence[Source], Sequence[str]]]:
    found: list[tuple[Sequence[Source], Sequence[str]]] = []
    if transcript.case is not None:
        found.append((OF_CASES, [transcript.case.id]))
    if transcript.conversations:
        found.append((OF_CONVERSATIONS, [row.id for row in transcript.conversations]))
    return found


def _by_kind(entries: Sequence[Entry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry.kind, []).append(entry.id)
    return found
