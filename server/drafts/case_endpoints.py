"""Cases: read whole, claimed, assigned, noted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.rules import load_action_rules
from server.db import reading, writing
from server.drafts import case_files, case_repository, repository, working
from server.drafts.bodies import Assignment, Claim, NewNote
from server.drafts.case_views import CaseFileView, CaseView, DecisionView, EarlierView, NoteView
from server.drafts.post_views import PostView, post_views
from server.drafts.showing import read_beside
from server.drafts.views import QueuedDraft
from server.models import CaseRow, DecisionRow, DraftRow, NoteRow, PostRow
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Cursors, Limit, Page, cursors_of

router = APIRouter(prefix="/cases", tags=["cases"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Worker = Annotated[Caller, Depends(allowed(Permission.WORK_ON_DRAFTS))]


@router.get("/{case}")
async def get_case(case: str, caller: Reader, service: ServiceDep, request: Request, now: NowDep) -> CaseFileView:
    """A case with the newest of its posts, drafts, notes and of what was decided."""
    async with reading(service.engine) as session:
        file = await case_files.read_file(session, caller, case)
    ends = {
        "posts": [_place_of_post(row) for row in file.posts[-1:]],
        "drafts": [_place_of_draft(row) for row in file.drafts[-1:]],
        "notes": [_place_of_note(row) for row in file.notes[-1:]],
        "history": [_place_of_decision(row) for row in file.decisions[-1:]],
    }
    earlier = {
        name: _cursors(request, case, name).write(end[0]) if name in file.longer else None for name, end in ends.items()
    }
    rules = load_action_rules(service.settings.knowledge)
    return CaseFileView.of(file, EarlierView(**earlier), caller, now, rules)


@router.get("/{case}/posts")
async def list_posts(
    case: str, caller: Reader, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[PostView]:
    """The thread as the case's author sees it, the newest post first."""
    cursors = _cursors(request, case, "posts")
    before = _moment(cursors.read(cursor))
    async with reading(service.engine) as session:
        row = await case_files.find(session, caller, case)
        found = await case_repository.posts_seen(session, row, before=before, limit=limit + 1)
        items, following = cursors.page(found, limit, _place_of_post)
        attachments = await case_repository.attachments_of(session, [post.id for post in items])
    return Page(items=post_views(items, attachments), next=following)


@router.get("/{case}/drafts")
async def list_drafts_of_case(
    case: str,
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[QueuedDraft]:
    """Every draft of the case, whatever became of it, the newest first."""
    cursors = _cursors(request, case, "drafts")
    before = _moment(cursors.read(cursor))
    async with reading(service.engine) as session:
        row = await case_files.find(session, caller, case)
        found = await repository.drafts_of(session, row.id, before=before, limit=limit + 1)
        items, following = cursors.page(found, limit, _place_of_draft)
        beside = await read_beside(session, items)
    return Page(items=[QueuedDraft.of(draft, beside, caller, now) for draft in items], next=following)


@router.get("/{case}/notes")
async def list_notes(
    case: str, caller: Reader, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[NoteView]:
    """What colleagues wrote about the case, the newest first."""
    cursors = _cursors(request, case, "notes")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        row = await case_files.find(session, caller, case)
        found = await case_repository.notes_of(session, row.id, before=place[0] if place else None, limit=limit + 1)
        names = await names_of(session, {note.staff for note in found})
    items, following = cursors.page(found, limit, _place_of_note)
    return Page(items=[NoteView.of(note, names) for note in items], next=following)


@router.get("/{case}/history")
async def list_decisions(
    case: str, caller: Reader, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[DecisionView]:
    """What was decided in the case, by people and by the system, the newest first."""
    cursors = _cursors(request, case, "history")
    before = _moment(cursors.read(cursor))
    async with reading(service.engine) as session:
        row = await case_files.find(session, caller, case)
        found = await repository.decisions_about(session, row.id, before=before, limit=limit + 1)
        names = await names_of(session, {decision.staff for decision in found})
    items, following = cursors.page(found, limit, _place_of_decision)
    return Page(items=[DecisionView.of(decision, names) for decision in items], next=following)


@router.post("/{case}/claim")
async def claim_case(case: str, body: Claim, caller: Worker, service: ServiceDep, now: NowDep) -> CaseView:
    """Take a case for ten minutes: others see it, and decide meanwhile only if they take it over with a reason."""
    async with writing(service.engine) as session:
        return await _told(session, await working.claim(session, caller, case, now, body.reason), now)


@router.post("/{case}/let-go")
async def let_case_go(case: str, caller: Worker, service: ServiceDep, now: NowDep) -> CaseView:
    """Give a case back before the time is over."""
    async with writing(service.engine) as session:
        return await _told(session, await working.let_go(session, caller, case, now), now)


@router.post("/{case}/assign")
async def assign_case(case: str, body: Assignment, caller: Worker, service: ServiceDep, now: NowDep) -> CaseView:
    """Make it somebody's, or nobody's; /colleagues tells whose it can be."""
    async with writing(service.engine) as session:
        return await _told(session, await working.assign(session, caller, case, body.staff, now), now)


@router.post("/{case}/notes", status_code=201)
async def add_note(case: str, body: NewNote, caller: Worker, service: ServiceDep, now: NowDep) -> NoteView:
    """Tell colleagues something; it is never sent."""
    async with writing(service.engine) as session:
        note = await working.add_note(session, caller, case, body.text, now)
        return NoteView.of(note, await names_of(session, [note.staff]))


async def _told(session: AsyncSession, case: CaseRow, now: datetime) -> CaseView:
    return CaseView.of(case, await names_of(session, [case.claimed_by, case.assigned_to]), now)


def _cursors(request: Request, case: str, name: str) -> Cursors:
    return cursors_of(request, f"cases/{case}/{name}")


def _moment(place: Sequence[str] | None) -> tuple[datetime, str] | None:
    return (datetime.fromisoformat(place[0]), place[1]) if place else None


def _place_of_post(row: PostRow) -> list[str]:
    return [row.sent_at.isoformat(), row.id]


def _place_of_draft(row: DraftRow) -> list[str]:
    return [row.created_at.isoformat(), row.id]


def _place_of_note(row: NoteRow) -> list[str]:
    return [row.id]


def _place_of_decision(row: DecisionRow) -> list[str]:
    return [row.at.isoformat(), row.id]
