"""What happens to a draft when a time has come: it expires, or a promise to its customer is overdue."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.of_drafts import expire_offers
from server.db import reading, writing
from server.drafts import case_repository, repository
from server.drafts.moving import advance
from server.drafts.ranks import OVERDUE
from server.drafts.states import MOVES, DraftState, Move
from server.drafts.voiding import void_approvals
from server.events.log import record
from server.jobs.claims import Claimed, finish
from server.jobs.queue import enqueue
from server.log_context import case_id
from server.models import DraftRow
from server.promises.repository import open_in_case
from server.service import Service
from server.settings import Settings
from tools.ports import PortUnavailable

LANE = "deadlines"


async def watch(
    session: AsyncSession, draft: DraftRow, now: datetime, settings: Settings, *, promised_for: datetime | None
) -> None:
    """Have the draft looked at when it is too old, and when the promise to its customer is due."""
    expires = now + timedelta(days=settings.draft_expiry_days)
    await _put_off(session, draft, "expire", now, expires)
    if promised_for is not None and now < promised_for < expires:
        await _put_off(session, draft, "overdue", now, promised_for)


async def look_again(service: Service, job: Claimed) -> None:
    """The time has come: expire the draft if nobody has touched it since, or move it up if a promise is overdue.

    Raises:
        LeaseLost: Another worker has the job.
    """
    draft_id, why = job.payload["draft"], job.payload["why"]
    overdue = why == "overdue" and await _is_overdue(service, draft_id)
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        found = await repository.find_draft(session, draft_id)
        if found is None:
            return
        case_id.set(found.case)
        case = await case_repository.lock_case(session, found.case)
        draft = await repository.find_draft(session, draft_id)
        if case is None or draft is None:
            return
        if why == "overdue":
            if overdue and draft.rank > OVERDUE and await repository.change_draft(session, draft, now, rank=OVERDUE):
                record(session, "draft.moved_up", draft.id, brand=draft.brand, at=now, case=draft.case)
            return
        await _expire(session, draft, now, service.settings)


async def _expire(session: AsyncSession, draft: DraftRow, now: datetime, settings: Settings) -> None:
    expires = draft.updated_at + timedelta(days=settings.draft_expiry_days)
    if (DraftState(draft.state), Move.EXPIRE) not in MOVES:
        return
    if expires > now:
        await _put_off(session, draft, "expire", now, expires)
        return
    reason = f"nobody decided in {settings.draft_expiry_days:g} days"
    await void_approvals(session, draft, reason, now)
    await expire_offers(session, draft, reason, now)
    await advance(session, draft, Move.EXPIRE, now, reason=reason, one_click=False)


async def _is_overdue(service: Service, draft_id: str) -> bool:
    async with reading(service.engine) as session:
        draft = await repository.find_draft(session, draft_id)
        in_case = await open_in_case(session, draft.case) if draft is not None else ()
    customer = (draft.record or {}).get("customer", {}).get("id") if draft else None
    try:
        theirs = await service.desk.ports.promises.open_for(customer) if customer is not None else ()
    except PortUnavailable:
        theirs = ()
    now = service.clock()
    dues = [*(promise.due for promise in theirs), *(promise.due for promise in in_case)]
    return any(due is not None and due <= now for due in dues)


async def _put_off(session: AsyncSession, draft: DraftRow, why: str, now: datetime, until: datetime) -> None:
    await enqueue(
        session,
        "draft_due",
        lane=LANE,
        payload={"draft": draft.id, "why": why},
        now=now,
        brand=draft.brand,
        key=f"{why}:{draft.id}",
        after=until,
    )
