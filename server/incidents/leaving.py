"""What leaves an incident goes back to the queue: a person has said so, or the incident is over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import REASON
from server.db import writing
from server.drafts import case_repository
from server.drafts.moving import advance
from server.drafts.repository import find_draft
from server.drafts.requesting import ask_again
from server.drafts.states import DraftState, Move
from server.drafts.voiding import supersede
from server.events.log import record
from server.incidents import repository
from server.incidents.finding import lock_incident
from server.incidents.matching import LANE, tell_of_case
from server.incidents.states import InIncident
from server.jobs.claims import Claimed, finish
from server.jobs.queue import URGENT, enqueue
from server.models import DraftRow, IncidentCaseRow, IncidentRow
from server.service import Service
from server.staff.roles import Caller

_PAGE = 10
_NOT_THERE = "there is no such listing in this incident, or not any more: read the list again"
_WAS_RELEASED = "it was released before"


@dataclass(frozen=True, slots=True)
class Released:
    """How many were released, and of each of the others why it was not."""

    released: int
    others: Mapping[str, str]


async def release(service: Service, caller: Caller, incident: str, seen: Collection[str], reason: str) -> Released:
    """Say that these cases do not belong to it: they are answered by themselves. What has not left is stopped.

    Raises:
        Refused: As `lock_incident` says.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        row = await lock_incident(session, caller, incident)
        others = {name: _NOT_THERE for name in seen}
        for listing, state in await repository.where_they_stand(session, incident, seen):
            others[listing] = _why_not(state)
        done = await repository.release_listed(session, incident, set(seen), why=reason)
        done += await repository.release_unsent(session, incident, set(seen), why=reason)
        for listing, state in await repository.where_they_stand(session, incident, seen):
            if state == InIncident.RELEASED and others[listing] != _WAS_RELEASED:
                del others[listing]
        if done:
            record(session, "incident.released", incident, brand=row.brand, at=now, cases=done, by=caller.id)
            await ask_to_let_go(session, row, now, by=caller.id)
    service.wake()
    return Released(done, others)


def _why_not(state: str) -> str:
    """Why a listing that stands like this cannot be released, if it cannot."""
    return {
        InIncident.KEPT: "it is in the queue: it was kept out of the incident",
        InIncident.RELEASED: _WAS_RELEASED,
        InIncident.ANSWERED: "its answer has left, or is being sent",
    }.get(InIncident(state), "it stands otherwise by now; read it again")


async def ask_to_let_go(session: AsyncSession, incident: IncidentRow, now: datetime, *, by: str | None) -> None:
    """Have the drafts of what was released put back into the queue."""
    await enqueue(
        session,
        "incident_release",
        lane=LANE,
        payload={"incident": incident.id, "by": by},
        now=now,
        brand=incident.brand,
        key=f"incident_release:{incident.id}",
        priority=URGENT,
    )


async def let_go_released(service: Service, job: Claimed) -> None:
    """Put one page of released drafts back into the queue, and the next page in.

    Raises:
        LeaseLost: Another worker has the job.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        row = await repository.find_incident(session, str(job.payload["incident"]))
        if row is None:
            return
        page = await repository.released_to_let_go(session, row.id, limit=_PAGE)
        for listing in page:
            await _let_go(session, row, listing, now, by=job.payload.get("by"))
        if len(page) == _PAGE:
            await ask_to_let_go(session, row, now, by=job.payload.get("by"))
    service.wake()


async def _let_go(
    session: AsyncSession, incident: IncidentRow, listing: IncidentCaseRow, now: datetime, *, by: str | None
) -> None:
    """Back to review as it was, if it has words of its own; else it is drafted now."""
    case = await case_repository.lock_case(session, listing.case)
    current = await repository.case_in(session, incident.id, listing.case)
    draft = await find_draft(session, listing.draft) if listing.draft else None
    if case is None or draft is None or current is None or current.state != InIncident.RELEASED:
        return
    why = f"does not belong to “{incident.title}”: {current.why}"
    if draft.state == DraftState.HELD and (draft.public_text or draft.private_text):
        await advance(session, draft, Move.RELEASE, now, by=by, reason=why, due_at=case.due_at or now)
    elif await supersede(session, draft, why, now, by=by):
        await ask_again(session, draft, now)
    else:
        # it left at this very moment
        current.state = InIncident.ANSWERED
    tell_of_case(session, current, now)


async def taken_up(session: AsyncSession, draft: DraftRow, now: datetime) -> None:
    """A person has taken a held draft out of its incident by themselves."""
    incident = (draft.record or {}).get("incident")
    if draft.reason_code != REASON or incident is None:
        return
    listing = await repository.case_in(session, incident, draft.case)
    if listing is not None and listing.draft == draft.id and listing.state != InIncident.ANSWERED:
        listing.state, listing.why = InIncident.RELEASED, f"{listing.why}; a person has taken it up"
        tell_of_case(session, listing, now)
