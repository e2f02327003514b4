"""What is on its way out: looked at, taken back, settled, withdrawn, corrected, paused."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.models import PauseRow, PublicationRow
from server.publications import pausing, repository, settling, withdrawing
from server.publications.finding import get_publication, lock_for
from server.publications.pausing import Held
from server.publications.returning import refuse_unless_waiting, take_back
from server.publications.states import PublicationState
from server.publications.views import (
    CorrectionView,
    HeldView,
    Lifted,
    Lifting,
    NewPause,
    PausesMade,
    PauseView,
    PublicationView,
    Settlement,
    WithReason,
)
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

publications_router = APIRouter(prefix="/publications", tags=["publications"])
pauses_router = APIRouter(prefix="/pauses", tags=["pauses"])
routers = (publications_router, pauses_router)

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Stopper = Annotated[Caller, Depends(allowed(Permission.STOP_SENDING))]
Withdrawer = Annotated[Caller, Depends(allowed(Permission.WITHDRAW))]
Settler = Annotated[Caller, Depends(allowed(Permission.SETTLE_UNCERTAIN))]
Pauser = Annotated[Caller, Depends(allowed(Permission.PAUSE))]
OneId = Annotated[str | None, Query(max_length=100)]


@publications_router.get("")
async def list_publications(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    state: Annotated[list[PublicationState] | None, Query(description="Only these states.")] = None,
    draft: OneId = None,
    case: OneId = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PublicationView]:
    """What was handed over to be sent, the newest first."""
    states = sorted(set(state or ()))
    cursors = cursors_of(request, f"publications?{','.join(states)}&{draft}&{case}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await repository.list_publications(
            session,
            brands=caller.brands,
            states=states,
            draft=draft,
            case=case,
            before=place[0] if place else None,
            limit=limit + 1,
        )
        names = await names_of(session, {row.withdrawn_by for row in found})
    items, following = cursors.page(found, limit, lambda row: [row.id])
    return Page(items=[PublicationView.of(row, names) for row in items], next=following)


@publications_router.get("/{publication}")
async def read_publication(publication: str, caller: Reader, service: ServiceDep) -> PublicationView:
    """One of them."""
    async with reading(service.engine) as session:
        return await _told(session, await get_publication(session, publication, caller.brands))


@publications_router.post("/{publication}/take-back")
async def take_back_publication(
    publication: str, body: WithReason, caller: Stopper, service: ServiceDep, now: NowDep
) -> PublicationView:
    """Stop it, and the other part of its draft, before they are sent; the draft is pending again.

    Refused once this part is being sent: then there is withdrawing it.
    """
    async with writing(service.engine) as session:
        row = await lock_for(session, publication, caller.brands)
        refuse_unless_waiting(row)
        await take_back(session, row.draft, body.reason, now, by=caller.id)
        return await _told(session, row)


@publications_router.post("/{publication}/withdraw")
async def withdraw_publication(
    publication: str, body: WithReason, caller: Withdrawer, service: ServiceDep
) -> PublicationView:
    """Delete what was sent from its network, where the network allows it."""
    row = await withdrawing.withdraw(service, publication, brands=caller.brands, by=caller.id, reason=body.reason)
    async with reading(service.engine) as session:
        return await _told(session, row)


@publications_router.post("/{publication}/correct", status_code=201)
async def correct_publication(
    publication: str, body: WithReason, caller: Withdrawer, service: ServiceDep, now: NowDep
) -> CorrectionView:
    """Open a draft with this text, to be edited and approved as any other; once it is sent, this text is withdrawn."""
    async with writing(service.engine) as session:
        draft = await withdrawing.correct(
            session, publication, brands=caller.brands, by=caller.id, reason=body.reason, now=now
        )
    return CorrectionView(draft=draft.id, corrects=publication)


@publications_router.post("/{publication}/settle")
async def settle_publication(
    publication: str, body: Settlement, caller: Settler, service: ServiceDep, now: NowDep
) -> PublicationView:
    """Say what became of an uncertain text, after looking on the network oneself."""
    network_id = None
    if body.network_id:
        network_id = await settling.check_word(service, publication, body.network_id, brands=caller.brands)
    async with writing(service.engine) as session:
        if network_id is not None:
            row = await settling.settle_sent(
                session, publication, network_id, brands=caller.brands, by=caller.id, reason=body.reason, now=now
            )
        else:
            row = await settling.settle_not_sent(
                session,
                publication,
                send_again=body.then == "queue",
                brands=caller.brands,
                by=caller.id,
                reason=body.reason,
                now=now,
            )
        told = await _told(session, row)
    service.wake()
    return told


@pauses_router.get("")
async def list_pauses(
    caller: Reader, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[PauseView]:
    """The pauses that stand, of your brands and of everybody, the oldest first."""
    cursors = cursors_of(request, "pauses")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await pausing.list_pauses(
            session, brands=caller.brands, after=place[0] if place else None, limit=limit + 1
        )
        items, following = cursors.page(found, limit, lambda row: [row.id])
        return Page(items=await _pauses(session, items), next=following)


@pauses_router.post("", status_code=201)
async def pause_sending(body: NewPause, caller: Pauser, service: ServiceDep, now: NowDep) -> PausesMade:
    """Let nothing more be sent within the scope. Drafting, reviewing and approving go on.

    What is being sent at this moment is not called back; everything else waits.
    """
    brands = caller.brands if body.brand is None else caller.brands & {body.brand}
    async with writing(service.engine) as session:
        rows = await pausing.pause(session, body.scope, brands=brands, by=caller.id, reason=body.reason, now=now)
        return PausesMade(pauses=await _pauses(session, rows))


@pauses_router.get("/{pause}/held")
async def list_held(
    pause: str,
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[HeldView]:
    """What this pause keeps from being sent, the longest due first; some of it may be too old to be sent at all."""
    cursors = cursors_of(request, f"pauses/{pause}/held")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        row = await pausing.get_pause(session, pause, brands=caller.brands)
        held = await pausing.held_by(
            session,
            row,
            now,
            too_old=_too_old(service),
            brands=caller.brands,
            after=(datetime.fromisoformat(place[0]), place[1]) if place else None,
            limit=limit + 1,
        )
    items, following = cursors.page(held, limit, _place_of_held)
    return Page(items=[HeldView.of(item) for item in items], next=following)


@pauses_router.post("/{pause}/lift")
async def lift_pause(pause: str, body: Lifting, caller: Pauser, service: ServiceDep, now: NowDep) -> Lifted:
    """Send what the pause held, but for what is too old: that goes back to review.

    `seen` names what `held` has shown; if more is held by now, it is refused.
    """
    async with writing(service.engine) as session:
        held = await pausing.lift(
            session, pause, seen=body.seen, brands=caller.brands, by=caller.id, now=now, too_old=_too_old(service)
        )
    service.wake()
    return Lifted.of(held)


async def _told(session: AsyncSession, row: PublicationRow) -> PublicationView:
    return PublicationView.of(row, await names_of(session, [row.withdrawn_by]))


async def _pauses(session: AsyncSession, rows: Sequence[PauseRow]) -> list[PauseView]:
    names = await names_of(session, {id_ for row in rows for id_ in (row.paused_by, row.lifted_by)})
    return [PauseView.of(row, names) for row in rows]


def _place_of_held(held: Held) -> list[str]:
    return [held.publication.send_after.isoformat(), held.publication.id]


def _too_old(service: Service) -> timedelta:
    return timedelta(minutes=service.settings.too_old_minutes)
