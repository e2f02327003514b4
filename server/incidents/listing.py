"""The job that looks through what waits for an incident, a page of drafts at a time, and lists what belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import Belonging
from server.db import reading, writing
from server.drafts import case_repository
from server.drafts.drafting import DISMISSED
from server.drafts.repository import find_draft
from server.drafts.states import DraftState
from server.drafts.threads import ReadCase, read_case
from server.events.log import record
from server.incidents import repository
from server.incidents.matching import ask_for_listing, list_case, look_for_incident
from server.incidents.states import IncidentState
from server.jobs.claims import Claimed, finish
from server.log_context import case_id
from server.models import DraftRow, IncidentRow
from server.service import Service

_PAGE = 25
_LOOKED_THROUGH = frozenset({DraftState.PENDING, DraftState.AWAITING_SECOND, DraftState.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class _Found:
    draft: DraftRow
    case: ReadCase
    belonging: Belonging


async def list_waiting(service: Service, job: Claimed) -> None:
    """List one page of what belongs to the incident, and put the next page in; or look at the one draft that is named.

    Raises:
        LeaseLost: Another worker has the job.
    """
    incident, one = str(job.payload["incident"]), job.payload.get("draft")
    async with reading(service.engine) as session:
        row = await repository.find_incident(session, incident)
        drafts = await _page(session, row, one, str(job.payload.get("after", ""))) if row is not None else []
    found = [item for draft in drafts if (item := await _look_at(service, incident, draft)) is not None]
    case_id.set(None)
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        # cases in one order, as wherever several are locked, and before the incident
        found.sort(key=lambda item: item.draft.case)
        for item in found:
            await case_repository.lock_case(session, item.draft.case)
        current = await repository.find_incident(session, incident, lock=True)
        if current is None or current.state != IncidentState.OPEN:
            return
        for item in found:
            draft = await find_draft(session, item.draft.id)
            if draft is not None and draft.version == item.draft.version:
                await list_case(session, item.belonging, draft, item.case.target, now)
        if one is not None:
            return
        if len(drafts) == _PAGE:
            round_ = int(job.payload.get("round", 0))
            await ask_for_listing(session, current, now, after=drafts[-1].id, round_=round_)
        elif current.listed_at is None:
            current.listed_at = now
            record(session, "incident.listed", incident, brand=current.brand, at=now)
    service.wake()


async def _page(session: AsyncSession, row: IncidentRow, one: str | None, after: str) -> Sequence[DraftRow]:
    if one is None:
        return await repository.waiting_drafts(session, row.brand, _LOOKED_THROUGH, after=after, limit=_PAGE)
    draft = await find_draft(session, one)
    return [draft] if draft is not None and draft.state in _LOOKED_THROUGH else []


async def _look_at(service: Service, incident: str, draft: DraftRow) -> _Found | None:
    case_id.set(draft.case)
    async with reading(service.engine) as session:
        case = await case_repository.find_case(session, draft.case)
        found = await read_case(session, case) if case is not None else None
    if found is None or found.target.id != draft.target_post:
        return None  # another draft is on its way, which is looked at when it is there
    dismissed = frozenset((draft.record or {}).get(DISMISSED, ()))
    looked = await look_for_incident(service, found, dismissed=dismissed, only=incident)
    if looked.belonging is None:
        return None
    other = looked.belonging.other or _seen_to(draft)
    return _Found(draft, found, replace(looked.belonging, other=other))


def _seen_to(draft: DraftRow) -> str | None:
    """Why a draft is left to the people who have begun with it."""
    if draft.state == DraftState.HANDED_OVER:
        return f"was handed over: {draft.reason_words or draft.team or 'a person has to see it'}"
    if draft.state == DraftState.AWAITING_SECOND:
        return "has an answer that a colleague has approved"
    if draft.edited_by is not None:
        return "has an answer that a colleague has written"
    return "has an action proposed for it" if (draft.record or {}).get("actions") else None
