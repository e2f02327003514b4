"""A person confirms which of the listed cases belong to an incident; their drafts then leave the queue.

Who confirms names the listings that they have seen. A case whose customer has written since is listed under another id,
so nothing is confirmed that nobody has looked at.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import writing
from server.drafts import case_repository
from server.drafts.repository import find_draft
from server.drafts.states import DraftState
from server.events.log import record
from server.incidents import repository
from server.incidents.finding import lock_incident
from server.incidents.holding import hold_draft
from server.incidents.matching import LANE, tell_of_case
from server.incidents.states import InIncident
from server.jobs.claims import Claimed, finish
from server.jobs.queue import URGENT, enqueue
from server.models import CaseRow, DraftRow, IncidentCaseRow, IncidentRow
from server.service import Service
from server.staff.roles import Caller

_PAGE = 25


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How many cases were confirmed, how many of those named stand otherwise or are not there, how many wait unseen."""

    confirmed: int
    changed: int
    not_found: int
    unseen: int


async def confirm(service: Service, caller: Caller, incident: str, seen: Collection[str]) -> Confirmed:
    """Confirm these listings. The drafts are held by a job, a page at a time.

    Raises:
        Refused: As `lock_incident` says.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        row = await lock_incident(session, caller, incident)
        there = await repository.count_listings(session, incident, set(seen))
        done = await repository.confirm_listed(session, incident, set(seen), by=caller.id, now=now)
        left = (await repository.count_cases(session, incident)).get(InIncident.LISTED, 0)
        if done:
            record(session, "incident.confirmed", incident, brand=row.brand, at=now, cases=done, by=caller.id)
            await _ask_to_hold(session, row, now)
    service.wake()
    return Confirmed(done, there - done, len(set(seen)) - there, left)


async def hold_confirmed(service: Service, job: Claimed) -> None:
    """Take the drafts of one page of confirmed cases out of the queue, and put the next page in.

    Raises:
        LeaseLost: Another worker has the job.
    """
    incident = str(job.payload["incident"])
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        row = await repository.find_incident(session, incident)
        if row is None:
            return
        page = await repository.confirmed_in(session, incident, DraftState.PENDING, limit=_PAGE)
        for listing in page:
            await _hold(session, row, listing, now)
        if len(page) == _PAGE:
            await _ask_to_hold(session, row, now)
    service.wake()


async def _hold(session: AsyncSession, incident: IncidentRow, listing: IncidentCaseRow, now: datetime) -> None:
    """Hold one draft; keep it in the queue if somebody has begun with it since it was listed."""
    case = await case_repository.lock_case(session, listing.case)
    current = await repository.case_in(session, incident.id, listing.case)
    draft = await find_draft(session, listing.draft) if listing.draft else None
    if case is None or draft is None or current is None or current.id != listing.id:
        return
    begun = _begun(case, draft, current, now)
    if begun is not None:
        current.state, current.why = InIncident.KEPT, f"{current.why}; stays in the queue: {begun}"
        tell_of_case(session, current, now)
        return
    await hold_draft(session, incident, draft, current.why or "", now, by=current.confirmed_by)
    current.seen_version = draft.version


def _begun(case: CaseRow, draft: DraftRow, listing: IncidentCaseRow, now: datetime) -> str | None:
    if draft.version != listing.seen_version:
        return "its draft has changed since it was listed"
    if case.claimed_until is not None and case.claimed_until > now and case.claimed_by != listing.confirmed_by:
        return "a colleague has the case"
    return None


async def _ask_to_hold(session: AsyncSession, incident: IncidentRow, now: datetime) -> None:
    await enqueue(
        session,
        "incident_hold",
        lane=LANE,
        payload={"incident": incident.id},
        now=now,
        brand=incident.brand,
        key=f"incident_hold:{incident.id}",
        priority=URGENT,
    )
