"""Comments on transcripts, scorecards, and what of a day is to be looked at."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.models import CommentRow, ScorecardRow
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.transcripts import comments, index_repository, sampling, scorecards, timeline
from server.transcripts import scorecard_repository as repository
from server.transcripts.bodies import CommentAnswer, Dispute, NewComment, NewScorecard, Scores, Settlement
from server.transcripts.forms import Form, load_forms
from server.transcripts.scorecard_repository import WantedCards
from server.transcripts.scorecard_views import (
    CommentView,
    DayView,
    FormsView,
    ScorecardView,
    WholeScorecard,
    people_on,
)
from server.transcripts.scorecards import CardState, NoSuchForm
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

comments_router = APIRouter(prefix="/transcripts", tags=["transcripts"])
coaching_router = APIRouter(prefix="/coaching", tags=["transcripts"])
router = APIRouter(prefix="/scorecards", tags=["scorecards"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Supervisor = Annotated[Caller, Depends(allowed(Permission.READ_TRANSCRIPTS))]
Scorer = Annotated[Caller, Depends(allowed(Permission.SCORE_TRANSCRIPTS))]
Name = Annotated[str | None, Query(max_length=100)]


@comments_router.get("/{of}/comments")
async def list_comments(
    of: str, caller: Reader, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[CommentView]:
    """What was said of a transcript's entries, the newest first.

    Coaching is among it if it is about your own work, or if you may read transcripts.
    """
    cursors = cursors_of(request, f"transcripts/{of}/comments")
    before = _moment(cursors.read(cursor))
    seen_by = None if caller.may(Permission.READ_TRANSCRIPTS) else caller.id
    async with reading(service.engine) as session:
        transcript = await timeline.find(session, caller, of)
        found = await repository.list_comments(
            session, caller.brands, transcript=transcript.id, seen_by=seen_by, before=before, limit=limit + 1
        )
        items, following = cursors.page(found, limit, _place)
        return Page(items=await _comments(session, items), next=following)


@comments_router.post("/{of}/entries/{entry}/comments", status_code=201)
async def add_comment(
    of: str, entry: str, body: NewComment, caller: Supervisor, service: ServiceDep, now: NowDep
) -> CommentView:
    """Say something of an entry: to everybody who reads the transcript, or as coaching to whoever made it."""
    async with writing(service.engine) as session:
        row = await comments.comment(session, caller, of, entry, text=body.text, coach=body.coach, now=now)
        [view] = await _comments(session, [row])
    return view


@coaching_router.get("")
async def list_coaching(
    caller: Reader, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[CommentView]:
    """What was said to you about your work, the newest first."""
    cursors = cursors_of(request, f"coaching/{caller.id}")
    before = _moment(cursors.read(cursor))
    async with reading(service.engine) as session:
        found = await repository.list_comments(session, caller.brands, to=caller.id, before=before, limit=limit + 1)
        items, following = cursors.page(found, limit, _place)
        return Page(items=await _comments(session, items), next=following)


@coaching_router.post("/{comment}/seen")
async def see_coaching(comment: str, caller: Reader, service: ServiceDep, now: NowDep) -> CommentView:
    """Say that you have read what was said to you."""
    async with writing(service.engine) as session:
        [view] = await _comments(session, [await comments.note_seen(session, caller, comment, now)])
    return view


@coaching_router.post("/{comment}/answer")
async def answer_coaching(
    comment: str, body: CommentAnswer, caller: Reader, service: ServiceDep, now: NowDep
) -> CommentView:
    """Answer what was said to you about your work, once."""
    async with writing(service.engine) as session:
        [view] = await _comments(session, [await comments.answer(session, caller, comment, text=body.text, now=now)])
    return view


@router.get("/forms")
async def list_forms(caller: Supervisor, service: ServiceDep) -> FormsView:
    """What is asked and counted: the forms for the caller's brands."""
    return FormsView(items=_forms(service, caller))


@router.get("/picked")
async def pick_day(
    caller: Supervisor,
    service: ServiceDep,
    day: Annotated[date, Query(description="A day in UTC.", examples=["2026-11-20"])],
    form: Annotated[str, Query(max_length=60, examples=["reply"])] = "reply",
) -> DayView:
    """What of a day is to be looked at, by person.

    A few cases of each person, picked by the form's seed; every answer that a customer came back to with a complaint;
    every block that was overridden. The same day picks the same cases whoever asks.
    """
    chosen = next((one for one in _forms(service, caller) if one.id == form), None)
    if chosen is None:
        raise NoSuchForm("there is no such form for your brands", form=form)
    async with reading(service.engine) as session:
        picked = await sampling.pick(session, chosen, caller.brands, day)
        where = {one.transcript for one in picked}
        cards = await repository.cards_of(session, where)
        authors = {row.id: row.author for row, _ in await index_repository.cases_of(session, where)}
        names = await names_of(session, {*(one.person for one in picked), *(row.assigned_to for row in cards)})
    begun = {(row.transcript, row.person): row for row in cards if row.form_id == chosen.id}
    return DayView.of(day, chosen, picked, begun, authors, names)


@router.get("")
async def list_scorecards(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    transcript: Name = None,
    person: Name = None,
    assigned_to: Name = None,
    state: CardState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ScorecardView]:
    """Scorecards, the newest first: those about your own work, once they are scored; with transcripts:read any."""
    cursors = cursors_of(request, f"scorecards?{transcript}&{person}&{assigned_to}&{state}")
    before = _moment(cursors.read(cursor))
    seen_by = None if caller.may(Permission.READ_TRANSCRIPTS) else caller.id
    wanted = WantedCards(caller.brands, transcript, person, assigned_to, state, seen_by)
    async with reading(service.engine) as session:
        found = await repository.list_cards(session, wanted, before=before, limit=limit + 1)
        items, following = cursors.page(found, limit, _place)
        return Page(items=[await _card(session, row) for row in items], next=following)


@router.post("", status_code=201)
async def assign_scorecard(body: NewScorecard, caller: Scorer, service: ServiceDep, now: NowDep) -> WholeScorecard:
    """Have somebody's work in a transcript looked at, by a colleague or by whoever takes it."""
    async with writing(service.engine) as session:
        row = await scorecards.assign(session, _forms(service, caller), caller, body.assignment(), now)
        return await _whole(session, row)


@router.get("/{scorecard}")
async def get_scorecard(scorecard: str, caller: Reader, service: ServiceDep) -> WholeScorecard:
    """A scorecard with its questions: about your own work, once it is scored; with transcripts:read any."""
    async with reading(service.engine) as session:
        return await _whole(session, await scorecards.find(session, caller, scorecard))


@router.post("/{scorecard}/score")
async def fill_in_scorecard(
    scorecard: str, body: Scores, caller: Scorer, service: ServiceDep, now: NowDep
) -> WholeScorecard:
    """Answer its questions. What can be counted is counted at this moment, and stands beside it."""
    async with writing(service.engine) as session:
        row = await scorecards.score(
            session, caller, scorecard, version=body.version, answers=body.points, comment=body.comment, now=now
        )
        return await _whole(session, row)


@router.post("/{scorecard}/dispute")
async def dispute_scorecard(
    scorecard: str, body: Dispute, caller: Reader, service: ServiceDep, now: NowDep
) -> WholeScorecard:
    """Say why a scorecard about your own work is wrong."""
    async with writing(service.engine) as session:
        return await _whole(session, await scorecards.dispute(session, caller, scorecard, words=body.words, now=now))


@router.post("/{scorecard}/settle")
async def settle_dispute(
    scorecard: str, body: Settlement, caller: Scorer, service: ServiceDep, now: NowDep
) -> WholeScorecard:
    """Answer a dispute; where it was right, with other answers. Those before stay on record."""
    async with writing(service.engine) as session:
        row = await scorecards.settle(
            session, caller, scorecard, version=body.version, words=body.words, answers=body.points, now=now
        )
        return await _whole(session, row)


def _forms(service: Service, caller: Caller) -> list[Form]:
    return [form for form in load_forms(service.settings.knowledge) if any(form.is_for(one) for one in caller.brands)]


def _moment(place: Sequence[str] | None) -> tuple[datetime, str] | None:
    return (datetime.fromisoformat(place[0]), place[1]) if place else None


def _place(row: CommentRow | ScorecardRow) -> list[str]:
    return [row.at.isoformat(), row.id]


async def _comments(session: AsyncSession, rows: Sequence[CommentRow]) -> list[CommentView]:
    names = await names_of(session, {id_ for row in rows for id_ in (row.staff, row.to)})
    return [CommentView.of(row, names) for row in rows]


async def _card(session: AsyncSession, row: ScorecardRow) -> ScorecardView:
    return ScorecardView.of(row, await names_of(session, people_on(row)))


async def _whole(session: AsyncSession, row: ScorecardRow) -> WholeScorecard:
    shown = await _card(session, row)
    return WholeScorecard(**dict(shown), questions=Form.model_validate(row.form))
