"""Which posts an incident takes: those that wait when it is opened, and those that come in afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import Belonging, OpenIncident, find_incident
from server.db import reading
from server.drafts.threads import ReadCase
from server.events.log import record
from server.incidents import repository
from server.incidents.states import IncidentState, InIncident
from server.jobs.queue import URGENT, enqueue
from server.models import DraftRow, IncidentCaseRow, IncidentRow, PostRow
from server.models.ids import new_id
from server.service import Service

LANE = "incident"
_ANSWERED = "we have answered them in this thread before"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a case was found to belong to, and the incidents that were looked at for it."""

    belonging: Belonging | None = None
    known: frozenset[str] = frozenset()

    @property
    def held(self) -> Belonging | None:
        """The incident whose text answers the case; None if there is none, or the case holds anything else."""
        return self.belonging if self.belonging is not None and self.belonging.other is None else None


async def look_for_incident(
    service: Service, found: ReadCase, *, dismissed: frozenset[str] = frozenset(), only: str | None = None
) -> Looked:
    """Look whether a case belongs to an open incident of its brand. No transaction may be open, and no model is asked.

    Args:
        service: The service.
        found: The case as it was read.
        dismissed: Codes of dangers of which a person has said that they are none here.
        only: Look at this incident alone.
    """
    async with reading(service.engine) as session:
        rows = [row for row in await repository.open_incidents(session, found.case.brand) if only in (None, row.id)]
        known = frozenset(row.id for row in rows)
        left = await repository.left_by(session, found.case.id, known) if rows else set()
        meant = [row for row in rows if _takes(row, found) and row.id not in left]
        answered = bool(meant) and await repository.answered_by_us(session, found.spoken)
    belonging = await find_incident(found.thread, [as_open(row) for row in meant], service.desk, dismissed=dismissed)
    if belonging is not None and belonging.other is None and answered:
        belonging = replace(belonging, other=_ANSWERED)
    return Looked(belonging, known)


async def list_case(
    session: AsyncSession, belonging: Belonging, draft: DraftRow, post: PostRow, now: datetime
) -> IncidentCaseRow | None:
    """List the case of a draft, which is locked, under its incident; as kept if it holds anything else.

    What was listed before under an older post is listed anew. None if it was answered or released, or waits for another
    incident's text: it stays out.
    """
    if await repository.left_by(session, draft.case, [belonging.incident]):
        return None
    if await repository.is_in_another(session, belonging.incident, draft.case):
        return None
    old = await repository.case_in(session, belonging.incident, draft.case)
    if old is not None and _was_seen(old, draft):
        return old
    if old is not None:
        await repository.forget_listing(session, old)
    row = IncidentCaseRow(
        id=new_id("listing"),
        brand=draft.brand,
        incident=belonging.incident,
        case=draft.case,
        draft=draft.id,
        seen_version=draft.version,
        post=post.id,
        state=InIncident.KEPT if belonging.other else InIncident.LISTED,
        why=f"{belonging.why}; stays in the queue: it {belonging.other}" if belonging.other else belonging.why,
        likeness=belonging.likeness,
        listed_at=now,
    )
    session.add(row)
    tell_of_case(session, row, now)
    return row


def _was_seen(old: IncidentCaseRow, draft: DraftRow) -> bool:
    """Whether this very draft is listed already: who has seen that can confirm it."""
    same = (old.draft, old.seen_version) == (draft.id, draft.version)
    return same and old.state in (InIncident.LISTED, InIncident.CONFIRMED)


async def takes_still(session: AsyncSession, looked: Looked, case: str) -> bool:
    """Whether the incident that a case was to be held for is open, and the case not done with it.

    It may have been closed while the case was looked at; from here on whoever closes it waits for this transaction. The
    case is locked already: always before the incident.
    """
    incident = looked.held.incident if looked.held is not None else ""
    row = await repository.find_incident(session, incident, lock=True)
    if row is None or row.state != IncidentState.OPEN:
        return False
    return not (
        await repository.left_by(session, case, [incident]) or await repository.is_in_another(session, incident, case)
    )


def tell_of_case(session: AsyncSession, row: IncidentCaseRow, now: datetime) -> None:
    """Record where a case stands in its incident now."""
    data = {"case": row.case, "draft": row.draft, "state": row.state, "listing": row.id}
    record(session, f"incident.case_{row.state}", row.incident, brand=row.brand, at=now, **data)


async def list_missed(session: AsyncSession, draft: DraftRow, known: frozenset[str], now: datetime) -> None:
    """Have a draft that is ready only now looked at for incidents that were opened while it was written."""
    for row in await repository.open_incidents(session, draft.brand):
        if row.id not in known:
            await ask_for_listing(session, row, now, draft=draft.id)


async def ask_for_listing(
    session: AsyncSession, incident: IncidentRow, now: datetime, *, draft: str = "", after: str = "", round_: int = 0
) -> None:
    """Have what waits looked through for an incident: one draft, or all of them from the one `after`.

    Where signs were added meanwhile all are looked through once more, in a round of its own.
    """
    everything = {"incident": incident.id, "after": after, "round": round_}
    payload = {"incident": incident.id, "draft": draft} if draft else everything
    await enqueue(
        session,
        "incident_list",
        lane=LANE,
        payload=payload,
        now=now,
        brand=incident.brand,
        key=f"incident_list:{incident.id}:{draft or round_ or ''}",
        priority=URGENT,
    )


def as_open(row: IncidentRow) -> OpenIncident:
    """An incident as the assistant looks for it."""
    match = row.match
    return OpenIncident(
        id=row.id,
        title=row.title,
        intents=frozenset(match.get("intents", ())),
        words=tuple(match.get("words", ())),
        likes=_vectors(match.get("vectors", ())),
        likeness=match.get("likeness", 1.0),
    )


def _vectors(rows: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _takes(row: IncidentRow, found: ReadCase) -> bool:
    """Whether posts of this account and moment are meant at all."""
    accounts, since = row.match.get("accounts"), row.match.get("since")
    if accounts and found.account.id not in accounts:
        return False
    return since is None or found.target.sent_at >= datetime.fromisoformat(since)
