"""The queue as a whole: counted, kept under names, and cleared of what needs no answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.drafts import case_repository
from server.drafts.customers_repository import customers_of
from server.drafts.deciding import read_draft
from server.drafts.filters import WAITING
from server.models import DraftRow, SavedViewRow
from server.queue import keeping
from server.queue.counting_repository import count_each, count_heaps
from server.queue.leaving import MOST, Noise, Unanswered, count_noise, leave_unanswered, read_noise
from server.queue.views import (
    ChangedView,
    Counts,
    LeavingView,
    LeftUnanswered,
    NewView,
    SavedView,
    UnansweredView,
)
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Page

router = APIRouter(prefix="/queue", tags=["queue"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Worker = Annotated[Caller, Depends(allowed(Permission.WORK_ON_DRAFTS))]


@router.get("/counts")
async def count_queue(caller: Reader, service: ServiceDep, now: NowDep) -> Counts:
    """How many drafts wait: in all, dangerous, with an overdue promise, yours, nobody's, by team and by account."""
    async with reading(service.engine) as session:
        return await counts_of(session, caller, now)


@router.get("/views")
async def list_views(caller: Reader, service: ServiceDep, now: NowDep) -> Page[SavedView]:
    """Filters that are kept under names: yours, and those that are shared with a brand of yours. They are one page."""
    async with reading(service.engine) as session:
        return Page(items=await views_of(session, caller, now))


@router.post("/views", status_code=201)
async def keep_view(body: NewView, caller: Worker, service: ServiceDep, now: NowDep) -> SavedView:
    """Keep filters under a name, for yourself; with a `brand`, which needs `views:share`, for all who serve it."""
    async with writing(service.engine) as session:
        row = await keeping.keep(
            session, caller, name=body.name, filters=body.filters.filters, brand=body.brand, now=now
        )
        [view] = await _told(session, [row], caller, now)
    return view


@router.get("/views/{view}")
async def get_view(view: str, caller: Reader, service: ServiceDep, now: NowDep) -> SavedView:
    """One of them."""
    async with reading(service.engine) as session:
        [shown] = await _told(session, [await keeping.get_view(session, caller, view)], caller, now)
    return shown


@router.patch("/views/{view}")
async def change_view(view: str, body: ChangedView, caller: Worker, service: ServiceDep, now: NowDep) -> SavedView:
    """Give it another name or other filters, share it or share it no longer. What is shared needs `views:share`."""
    async with writing(service.engine) as session:
        row = await keeping.change(session, caller, view, body.changes, now)
        await session.flush()
        [shown] = await _told(session, [row], caller, now)
    return shown


@router.delete("/views/{view}", status_code=204)
async def drop_view(view: str, caller: Worker, service: ServiceDep, now: NowDep) -> Response:
    """Keep it no longer. What is shared needs `views:share`."""
    async with writing(service.engine) as session:
        await keeping.drop(session, caller, view, now)
    return Response(status_code=204)


@router.get("/no-replies")
async def list_unanswered(
    caller: Reader,
    service: ServiceDep,
    now: NowDep,
    reason: Noise,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = MOST,
) -> Page[UnansweredView]:
    """What Deskside has taken for spam, or for mere thanks, these two weeks, and nobody has looked at. One page.

    Nothing is among it that is dangerous, asks something, names or rests on an order, or to whose writer something was
    promised: that is decided on by itself.
    """
    found = await read_noise(service, caller, reason, now, limit=limit)
    async with reading(service.engine) as session:
        return Page(items=await _unanswered(session, caller, found))


@router.post("/no-replies")
async def leave_all_unanswered(body: LeftUnanswered, caller: Worker, service: ServiceDep) -> LeavingView:
    """Say of each of these that nothing is said. Each is decided by itself; what has changed since stays as it stands.

    The answer is 200 whatever became of them: `done` and `left` tell of each.
    """
    return LeavingView.of(await leave_unanswered(service, caller, body.seen, body.reason))


async def counts_of(session: AsyncSession, caller: Caller, now: datetime) -> Counts:
    """How many drafts wait for the caller."""
    heaps = await count_heaps(session, caller.brands, WAITING)
    return Counts.of(heaps, await count_noise(session, caller.brands, now), caller)


async def views_of(session: AsyncSession, caller: Caller, now: datetime) -> list[SavedView]:
    """The views that the caller sees."""
    return await _told(session, await keeping.visible_views(session, caller), caller, now)


async def _told(session: AsyncSession, rows: Sequence[SavedViewRow], caller: Caller, now: datetime) -> list[SavedView]:
    waiting = await count_each(session, [keeping.filters_of(row).wanted(caller, now) for row in rows])
    names = await names_of(session, [row.staff for row in rows])
    return [SavedView.of(row, number, caller, names) for row, number in zip(rows, waiting, strict=True)]


async def _unanswered(session: AsyncSession, caller: Caller, found: Sequence[Unanswered]) -> list[UnansweredView]:
    posts = [post.id for one in found for post in one.posts]
    attachments = await case_repository.attachments_of(session, posts)
    customers = await customers_of(session, [one.draft.id for one in found])
    return [
        UnansweredView.of(one, await _digests(session, caller, one.draft), attachments, customers.get(one.draft.id))
        for one in found
    ]


async def _digests(session: AsyncSession, caller: Caller, draft: DraftRow) -> Mapping[str, str]:
    """Hardly one that says nothing has a text all the same: of those alone what stands around them is read."""
    if not (draft.public_text or draft.private_text):
        return {}
    return (await read_draft(session, caller, draft.id)).digests
