"""A promise comes due: its case goes to the top of the queue, and to whoever is there where nothing waits in it."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.drafts import case_repository
from server.drafts.ranks import OVERDUE
from server.drafts.repository import change_draft, lock_drafts_of
from server.drafts.requesting import ask_for_draft
from server.drafts.states import DraftState
from server.events.log import record
from server.jobs.claims import Claimed, finish
from server.jobs.queue import URGENT, enqueue
from server.log_context import case_id
from server.models import CaseRow, PromiseRow
from server.promises import repository
from server.promises.states import PromiseState
from server.service import Service

LANE = "deadlines"
_LOOK_AGAIN = timedelta(days=1)
_SEE_ANSWER_OUT = timedelta(minutes=15)
_SHOWN = frozenset({DraftState.PENDING, DraftState.AWAITING_SECOND, DraftState.HANDED_OVER, DraftState.HELD})


async def watch(session: AsyncSession, promise: PromiseRow, now: datetime, *, until: datetime | None = None) -> None:
    """Have somebody look at an open promise when it is due, or `until` then."""
    after = until or promise.due
    if after is None:
        return
    await enqueue(
        session,
        "promise_due",
        lane=LANE,
        payload={"promise": promise.id, "again": until is not None},
        now=now,
        brand=promise.brand,
        key=f"promise:{promise.id}",
        after=max(after, now),
        priority=URGENT,
    )


async def look_at_due(service: Service, job: Claimed) -> None:
    """The job "promise_due": bring up the case of a promise that nobody has kept in time, day by day until it is.

    Raises:
        LeaseLost: Another worker has the job.
    """
    promise_id = str(job.payload["promise"])
    async with reading(service.engine) as session:
        told = await repository.find_promise(session, promise_id)
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        case = await case_repository.lock_case(session, told.case) if told is not None and told.case else None
        promise = await repository.lock_promise(session, promise_id)
        if promise is None or promise.state != PromiseState.OPEN or promise.due is None:
            return
        if promise.due > now:
            await watch(session, promise, now)
            return
        if not job.payload.get("again"):
            facts = {"case": promise.case, "due": promise.due.isoformat()}
            record(session, "promise.overdue", promise.id, brand=promise.brand or "", at=now, **facts)
        if case is not None:
            case_id.set(case.id)
            wait = await _bring_up(session, case, now)
            await watch(session, promise, now, until=now + wait)
    service.wake()


async def _bring_up(session: AsyncSession, case: CaseRow, now: datetime) -> timedelta:
    """Put what waits in the case on top of the queue, or have it drafted anew; when to look again."""
    waiting = await lock_drafts_of(session, case.id, _SHOWN)
    for draft in waiting:
        if draft.rank > OVERDUE and await change_draft(session, draft, now, rank=OVERDUE):
            record(session, "draft.moved_up", draft.id, brand=draft.brand, at=now, case=draft.case)
    if waiting or await lock_drafts_of(session, case.id, {DraftState.DRAFTING}):
        return _LOOK_AGAIN  # what is being written is ranked when it is done
    if await repository.is_on_its_way(session, case.id):
        return _SEE_ANSWER_OUT
    newest = await case_repository.newest_post_of(session, case)
    if newest is None:
        return _LOOK_AGAIN
    if not case.open:
        case.open = True
        record(session, "case.opened", case.id, brand=case.brand, at=now, account=case.account)
    await ask_for_draft(session, case, newest, now, after=now)
    session.add(case)
    return _LOOK_AGAIN
