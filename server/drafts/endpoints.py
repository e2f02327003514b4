"""The queue of drafts, and what people decide about them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant import counting
from server.actions.rules import load_action_rules
from server.db import reading
from server.drafts import review
from server.drafts.bodies import Approval, Edit, HandOver, Redraft, TextToCount, Translation, WithReason
from server.drafts.case_endpoints import router as cases_router
from server.drafts.deciding import OpenDraft, read_draft
from server.drafts.filters import WAITING as WAITING
from server.drafts.filters import FiltersDep
from server.drafts.possible import what_is_possible
from server.drafts.queue_repository import place_of, queue_page
from server.drafts.showing import read_around, read_beside, read_beside_one
from server.drafts.states import Move
from server.drafts.translating import translate_draft
from server.drafts.views import DraftView, LengthView, QueuedDraft
from server.insights.noting import is_unseen, note_shown
from server.models import DraftRow
from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/drafts", tags=["drafts"])
routers = (router, cases_router)

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Worker = Annotated[Caller, Depends(allowed(Permission.WORK_ON_DRAFTS))]
Approver = Annotated[Caller, Depends(allowed(Permission.APPROVE))]
Dismisser = Annotated[Caller, Depends(allowed(Permission.DISMISS_DANGER))]
Stopper = Annotated[Caller, Depends(allowed(Permission.STOP_SENDING))]
HandsOver = Annotated[Caller, Depends(allowed(Permission.HAND_OVER))]


@router.get("")
async def list_drafts(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    filters: FiltersDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[QueuedDraft]:
    """The queue: danger first, then overdue promises, then by the time an answer is due."""
    cursors = cursors_of(request, f"drafts?{sorted(caller.brands)}&{filters.name()}")
    place = cursors.read(cursor)
    after = (place[0], datetime.fromisoformat(place[1]), place[2]) if place else None
    async with reading(service.engine) as session:
        found = await queue_page(session, filters.wanted(caller, now), after=after, limit=limit + 1)
        items, following = cursors.page(found, limit, _place)
        beside = await read_beside(session, items)
    return Page(items=[QueuedDraft.of(draft, beside, caller, now) for draft in items], next=following)


@router.get("/{draft}")
async def get_draft(draft: str, caller: Reader, service: ServiceDep, now: NowDep) -> DraftView:
    """A draft with the posts it answers, its statements, evidence and findings, and what a decision names of it."""
    async with reading(service.engine) as session:
        opened = await read_draft(session, caller, draft)
        view = await view_draft(session, service, caller, opened, now)
        unseen = await is_unseen(session, caller, opened.draft)
    if unseen:
        await note_shown(service, caller, draft, now)
    return view


@router.post("/count")
async def count_text(body: TextToCount, caller: Reader, service: ServiceDep) -> LengthView:
    """How long a text is as its network counts, and how long it may be. Nothing is kept of it."""
    signature = ""
    if body.draft is not None:
        async with reading(service.engine) as session:
            signature = (await read_draft(session, caller, body.draft)).end_of(body.part, body.text)
    return LengthView(
        length=counting.count(body.text + signature, body.channel, body.part),
        limit=counting.limit(body.channel, body.part),
        signature=signature,
    )


@router.post("/{draft}/approve")
async def approve_draft(draft: str, body: Approval, caller: Approver, service: ServiceDep, now: NowDep) -> DraftView:
    """Approve it as it was seen, or with other texts in its place; or give the second approval where one is needed.

    What of it is not out yet is sent when the undo time is over. With `actions` these are approved by the same click
    and done first; if one is not done, the draft comes back to review and nothing is sent. Refused with 409 if somebody
    was first or what it rests on has changed.
    """
    return await _told(
        service,
        caller,
        await review.approve(service, caller, draft, body.seen, body.terms, body.changes, body.actions, body.inserted),
        now,
    )


@router.post("/{draft}/edit")
async def edit_draft(draft: str, body: Edit, caller: Worker, service: ServiceDep, now: NowDep) -> DraftView:
    """Put other texts in its place; a part that is left out stays as it is. The checks run again.

    Approvals of the old texts are void, and what waits to be sent is stopped, which needs `publications:stop`.
    """
    done = await review.edit(service, caller, draft, body.seen, body.changes, body.inserted)
    return await _told(service, caller, done, now)


@router.post("/{draft}/reject")
async def reject_draft(draft: str, body: WithReason, caller: Worker, service: ServiceDep, now: NowDep) -> DraftView:
    """It is not to be sent, and nothing in its place."""
    done = await review.put_aside(service, caller, draft, body.seen, Move.REJECT, body.reason)
    return await _told(service, caller, done, now)


@router.post("/{draft}/hand-over")
async def hand_over_draft(draft: str, body: HandOver, caller: HandsOver, service: ServiceDep, now: NowDep) -> DraftView:
    """Pass the case to a team."""
    done = await review.put_aside(service, caller, draft, body.seen, Move.HAND_OVER, body.reason, team=body.team)
    return await _told(service, caller, done, now)


@router.post("/{draft}/no-reply")
async def leave_unanswered(draft: str, body: WithReason, caller: Worker, service: ServiceDep, now: NowDep) -> DraftView:
    """Choose that nothing is said."""
    done = await review.put_aside(service, caller, draft, body.seen, Move.NO_REPLY, body.reason)
    return await _told(service, caller, done, now)


@router.post("/{draft}/hold")
async def hold_draft(draft: str, body: WithReason, caller: Worker, service: ServiceDep, now: NowDep) -> DraftView:
    """Keep it back, as part of something larger."""
    done = await review.put_aside(service, caller, draft, body.seen, Move.HOLD, body.reason)
    return await _told(service, caller, done, now)


@router.post("/{draft}/release")
async def release_draft(draft: str, body: WithReason, caller: Worker, service: ServiceDep, now: NowDep) -> DraftView:
    """Take up again what was handed over, held, or not to be answered."""
    return await _told(service, caller, await review.release(service, caller, draft, body.seen, body.reason), now)


@router.post("/{draft}/redraft", status_code=202)
async def redraft(draft: str, body: Redraft, caller: Worker, service: ServiceDep, now: NowDep) -> DraftView:
    """Have it written anew, the way you say; the answer is the new draft, which is being written.

    Of an approved draft, what waits to be sent is stopped, which needs `publications:stop`.
    """
    return await _told(service, caller, await review.redraft(service, caller, draft, body.seen, body.words), now)


@router.post("/{draft}/dismiss-danger", status_code=202)
async def dismiss_danger(
    draft: str, body: WithReason, caller: Dismisser, service: ServiceDep, now: NowDep
) -> DraftView:
    """Say that what was flagged is no danger; the answer is the new draft, which is being written."""
    done = await review.dismiss_danger(service, caller, draft, body.seen, body.reason)
    return await _told(service, caller, done, now)


@router.post("/{draft}/translate")
async def translate(draft: str, body: Translation, caller: Worker, service: ServiceDep, now: NowDep) -> DraftView:
    """Put a machine's translation beside it, for who cannot read it. It is labelled as one and never sent."""
    return await _told(service, caller, await translate_draft(service, caller, draft, body.to), now)


@router.post("/{draft}/take-back")
async def take_back_draft(draft: str, body: WithReason, caller: Stopper, service: ServiceDep, now: NowDep) -> DraftView:
    """Undo an approval, or the first of two, as long as a part of it can be stopped; what is out stays out."""
    return await _told(service, caller, await review.take_back(service, caller, draft, body.seen, body.reason), now)


async def _told(service: Service, caller: Caller, draft: DraftRow, now: datetime) -> DraftView:
    return await show_draft(service, caller, draft.id, now)


async def show_draft(service: Service, caller: Caller, draft_id: str, now: datetime) -> DraftView:
    """A draft as somebody sees it, without it counting as shown.

    Raises:
        DraftNotFound: There is none, or none of the caller's brands.
    """
    async with reading(service.engine) as session:
        return await view_draft(session, service, caller, await read_draft(session, caller, draft_id), now)


async def view_draft(
    session: AsyncSession, service: Service, caller: Caller, opened: OpenDraft, now: datetime
) -> DraftView:
    """The same of one that was opened to be looked at."""
    around = await read_around(session, opened)
    beside = await read_beside_one(session, opened, around)
    possible = await what_is_possible(session, service, caller, opened, now)
    rules = load_action_rules(service.settings.knowledge)
    return DraftView.whole(opened, around, beside, possible, caller, now, rules)


def _place(draft: DraftRow) -> list[object]:
    rank, due, last = place_of(draft)
    return [rank, due.isoformat(), last]
