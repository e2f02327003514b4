"""What is said to everybody: written or taken from approved words, checked as drafts are, approved by a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.counting import count, limit
from assistant.guidance import Brand
from assistant.outcome import Finding, Part, Severity
from assistant.rechecking import Rechecked, Vouched, check_for_many
from server.db import reading, writing
from server.drafts.review import CannotCheck
from server.drafts.writing import claim_as_json, evidence_as_json, finding_as_json
from server.errors import Unprocessable
from server.events.log import record
from server.incidents import text_repository
from server.incidents.digests import digest_of
from server.incidents.finding import get_incident, lock_incident
from server.incidents.opening import BrandNotFound
from server.incidents.promising import refuse_unlike
from server.incidents.statements import find_statement
from server.incidents.states import IncidentClosed, IncidentState, Kind, Purpose
from server.incidents.stopping import ask_to_stop
from server.models import IncidentRow, IncidentTextRow
from server.models.ids import new_id
from server.publications.publishing import FURTHEST
from server.service import Service
from server.staff.roles import Caller
from tools.ports import PortUnavailable

_UPDATE = {
    "en": ("We will update everybody who asked by {due:%H:%M} UTC on {day}", "We will keep you posted"),
    "de": (
        "Wir melden uns bis {due:%H:%M} Uhr UTC am {due:%d.%m.%Y} wieder",
        "Wir informieren euch bis {due:%H:%M} Uhr",
        "Wir halten euch auf dem Laufenden",
    ),
    "es": (
        "Os informaremos antes de las {due:%H:%M} UTC del {due:%d/%m/%Y}",
        "Volveremos a escribiros antes de las {due:%H:%M}",
        "Os mantendremos al tanto",
    ),
    "fr": (
        "Nous reviendrons vers vous avant {due:%H:%M} UTC le {due:%d/%m/%Y}",
        "Nous vous informerons avant {due:%H:%M}",
        "Nous vous tiendrons informés",
    ),
}
"""How the promised update may be put: a promise is held against one in much the same words."""


class NotApprovedWords(Unprocessable):
    """The text is not, word for word, what was approved under that name; or it has to be approved words, and is not."""


class NoMoment(Unprocessable):
    """An update is promised, and not by when; or by a moment that has passed."""


@dataclass(frozen=True, slots=True)
class NewText:
    """What is to be said, in one language.

    `statement` names the approved words that it is: "holding:<category>" or a document's id. `promises_update`: whoever
    gets it is promised an update, by `update_due`.
    """

    language: str
    text: str
    purpose: Purpose = Purpose.ANSWER
    statement: str | None = None
    promises_update: bool = False
    update_due: datetime | None = None


async def write_text(service: Service, caller: Caller, incident: str, new: NewText) -> IncidentTextRow:
    """Write a text for an incident. The one of its purpose and language before it is replaced, and its approval void.

    Raises:
        NotApprovedWords: It is said to be approved and is not, or has to be.
        NoMoment: It promises an update by no moment that is to come.
        PromiseUnlike: It says otherwise than what is put on record, or by another moment.
        CannotCheck: What it could rest on cannot be read now.
        Refused: As `lock_incident` says.
    """
    now = service.clock()
    async with reading(service.engine) as session:
        row = await get_incident(session, caller, incident)
        accounts = await text_repository.accounts_of(session, row.brand, row.match.get("accounts", ()))
    channels = sorted({account.channel for account in accounts})
    due = _due(row, new, now)
    _refuse_closed(row, new)
    refuse_unlike(new.text, new.language, due, [account.hours for account in accounts], now)
    try:
        checked = await _check(service, row, new, due, channels, now)
    except PortUnavailable as error:
        raise CannotCheck(f"{error}: the text cannot be checked now") from error
    async with writing(service.engine) as session:
        current = await lock_incident(session, caller, incident, closed_too=new.purpose is Purpose.CLOSING)
        if due is not None:
            current.update_due = due
        current.version += 1
        for old in await text_repository.texts_of(session, incident):
            if (old.purpose, old.language) == (new.purpose, new.language):
                old.replaced_at = now
                await ask_to_stop(session, old, now)
        text = _row(current, new, checked, due, caller, now)
        session.add(text)
        told = {"text": text.id, "language": text.language, "purpose": text.purpose, "by": caller.id}
        record(session, "incident.text_written", incident, brand=current.brand, at=now, **told)
    service.wake()
    return text


def _due(row: IncidentRow, new: NewText, now: datetime) -> datetime | None:
    """By when an update is promised with this text; None if none is."""
    if not new.promises_update:
        return None
    due = new.update_due or row.update_due
    if due is None or due <= now or due - now > FURTHEST:
        raise NoMoment(f"say by when everybody is told more: a moment to come, in {FURTHEST.days} days at most")
    return due


def _refuse_closed(row: IncidentRow, new: NewText) -> None:
    if row.kind == Kind.STATEMENT and new.purpose is Purpose.ANSWER and new.statement is None:
        raise NotApprovedWords("a theme of the company's conduct is answered with an approved statement; name it")
    if row.state == IncidentState.CLOSED and new.purpose is not Purpose.CLOSING:
        raise IncidentClosed("this incident is closed", closed_by=row.closed_by, version=row.version)


async def _check(
    service: Service, row: IncidentRow, new: NewText, due: datetime | None, channels: Sequence[str], now: datetime
) -> Rechecked:
    brand = service.desk.guidance.brand(row.brand)
    if brand is None:
        raise BrandNotFound
    if new.statement is not None:
        return await _statement(service, new, brand, channels, now)
    vouched = _vouched(row, due, new.language)
    desk = await service.desk_now()
    return await check_for_many(
        new.text, vouched, desk, brand=brand, channels=channels or ("x",), language=new.language, now=now
    )


async def _statement(service: Service, new: NewText, brand: Brand, channels: Sequence[str], now: datetime) -> Rechecked:
    """Approved words are not judged again, but for what the networks take."""
    assert new.statement is not None
    found = await find_statement(service, new.statement, new.text, brand=brand, language=new.language, now=now)
    if found is None:
        words = f"this is not, word for word, what was approved as “{new.statement}” in “{new.language}”"
        raise NotApprovedWords(words)
    too_long = tuple(
        Finding("length", Severity.BLOCK, Part.PUBLIC, new.text, f"too long for {channel}: {_most(channel)} fit")
        for channel in channels
        if count(new.text, channel, Part.PUBLIC) > _most(channel)
    )
    return replace(found, reply=replace(found.reply, findings=too_long))


def _most(channel: str) -> int:
    return limit(channel, Part.PUBLIC)


def _vouched(row: IncidentRow, due: datetime | None, language: str) -> list[Vouched]:
    """What whoever opened it says of it, and the moment by which everybody is told more."""
    told = [row.title, row.known or ""]
    if due is not None:
        said = _UPDATE.get(language, _UPDATE["en"])
        told += [words.format(due=due, day=f"{due.day} {due:%B %Y}") for words in said]
    return [Vouched(f"Incident: {row.title}", f"incident:{row.id}", ". ".join(one.rstrip(".") for one in told if one))]


def _row(
    row: IncidentRow, new: NewText, checked: Rechecked, due: datetime | None, caller: Caller, now: datetime
) -> IncidentTextRow:
    text = IncidentTextRow(
        id=new_id("text"),
        brand=row.brand,
        incident=row.id,
        language=new.language,
        purpose=new.purpose,
        text=new.text,
        statement=new.statement,
        promises_update=new.promises_update,
        digest="",
        checked=_as_json(checked) | {"update_due": due.isoformat() if due else None},
        written_by=caller.id,
        written_at=now,
    )
    text.digest = digest_of(row, text)
    return text


def _as_json(checked: Rechecked) -> dict[str, Any]:
    cited = {number for claim in checked.reply.claims for number in claim.evidence}
    return {
        "claims": [claim_as_json(item) for item in checked.reply.claims],
        "evidence": [evidence_as_json(item) for item in checked.evidence if item.id in cited],
        "findings": [finding_as_json(item) for item in checked.reply.findings],
        "checked_at": checked.now.isoformat(),
    }
