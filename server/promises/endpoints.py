"""Promises: what was sent and is owed, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.models import PromiseRow
from server.promises import repository, settling
from server.promises.bodies import Kept, Moved, Withdrawn
from server.promises.repository import Wanted
from server.promises.states import PromiseNotFound, PromiseState
from server.promises.views import PromiseView
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/promises", tags=["promises"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_PROMISES))]
Settler = Annotated[Caller, Depends(allowed(Permission.SETTLE_PROMISES))]
OneId = Annotated[str | None, Query(max_length=100)]


@router.get("")
async def list_promises(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    state: Annotated[list[PromiseState] | None, Query(description="Only these states.")] = None,
    overdue: Annotated[bool, Query(description="Only what is open although it was due.")] = False,
    customer: OneId = None,
    case: OneId = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PromiseView]:
    """Promises in the order in which they are due: of the open ones, the overdue come first."""
    states = sorted(set(state or ()))
    cursors = cursors_of(request, f"promises?{','.join(states)}&{overdue}&{customer}&{case}")
    place = cursors.read(cursor)
    after = (datetime.fromisoformat(place[0]) if place[0] else None, place[1]) if place else None
    wanted = Wanted(caller.brands, states, now if overdue else None, customer, case)
    async with reading(service.engine) as session:
        found = await repository.list_promises(session, wanted, after=after, limit=limit + 1)
        items, following = cursors.page(found, limit, lambda row: [row.due.isoformat() if row.due else None, row.id])
        views = await _views(session, items, now)
    return Page(items=views, next=following)


@router.get("/{promise}")
async def get_promise(promise: str, caller: Reader, service: ServiceDep, now: NowDep) -> PromiseView:
    """A promise, when it is due, and how far what carries it out has come."""
    async with reading(service.engine) as session:
        row = await repository.find_promise(session, promise, caller.brands)
        if row is None:
            raise PromiseNotFound
        [view] = await _views(session, [row], now)
    return view


@router.post("/{promise}/keep")
async def keep_promise(promise: str, body: Kept, caller: Settler, service: ServiceDep, now: NowDep) -> PromiseView:
    """Say that it was kept: by an answer that was sent since, or in your own words."""
    async with writing(service.engine) as session:
        row = await settling.keep(session, caller, promise, reason=body.reason, publication=body.publication, now=now)
        await session.flush()
        [view] = await _views(session, [row], now)
    return view


@router.post("/{promise}/withdraw")
async def withdraw_promise(
    promise: str, body: Withdrawn, caller: Settler, service: ServiceDep, now: NowDep
) -> PromiseView:
    """Say that it will not be kept, and why. Tell the customer with an answer of its own."""
    async with writing(service.engine) as session:
        row = await settling.withdraw(session, caller, promise, reason=body.reason, now=now)
        await session.flush()
        [view] = await _views(session, [row], now)
    return view


@router.post("/{promise}/move")
async def move_promise(promise: str, body: Moved, caller: Settler, service: ServiceDep, now: NowDep) -> PromiseView:
    """Give it another time, and say why. When it was due at first stays on record."""
    async with writing(service.engine) as session:
        row = await settling.move(session, caller, promise, due=body.due, reason=body.reason, now=now)
        await session.flush()
        [view] = await _views(session, [row], now)
    service.wake()
    return view


async def _views(session: AsyncSession, rows: Sequence[PromiseRow], now: datetime) -> list[PromiseView]:
    actions = await repository.actions_by_id(session, {row.action for row in rows if row.action})
    names = await names_of(session, [row.settled_by for row in rows])
    return [PromiseView.of(row, actions, names, now) for row in rows]
