"""What rests on a document: drafts, texts on their way, answers, and what reps were told in their sessions."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from server.db import reading
from server.policies import repository
from server.policies.considering import PolicyNotFound
from server.policies.dependencies import DocumentPath, PoliciesDep, Reader
from server.policies.resting import resting_on, turns_resting_on
from server.policies.resting_views import RestingTurnView, RestingView
from server.service import Service
from server.staff.roles import Caller
from server.web.dependencies import ServiceDep
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/policies/{document}/resting", tags=["policies"])

OnlyChanged = Annotated[
    bool, Query(description="Only what rests on words that are not there any more; a page may hold fewer then.")
]


@router.get("")
async def list_resting(
    document: DocumentPath,
    caller: Reader,
    service: ServiceDep,
    policies: PoliciesDep,
    request: Request,
    changed: OnlyChanged = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RestingView]:
    """Drafts that rest on a document, texts on their way, and answers of the last 7 days, the newest first."""
    await _must_be_theirs(service, caller, document)
    cursors = cursors_of(request, f"resting?{document}&{changed}")
    place = cursors.read(cursor)
    before = place[0] if place else None
    found = await resting_on(service, policies.calendar, caller, document, before=before, limit=limit + 1)
    items, following = cursors.page(found, limit, lambda item: [item.draft.id])
    return Page(items=[RestingView.of(item) for item in items if item.changed or not changed], next=following)


@router.get("/turns")
async def list_resting_turns(
    document: DocumentPath,
    caller: Reader,
    service: ServiceDep,
    policies: PoliciesDep,
    request: Request,
    changed: OnlyChanged = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RestingTurnView]:
    """What reps were told in their sessions of the last 7 days and rests on a document, the newest first."""
    await _must_be_theirs(service, caller, document)
    cursors = cursors_of(request, f"resting turns?{document}&{changed}")
    place = cursors.read(cursor)
    before = place[0] if place else None
    found = await turns_resting_on(service, policies.calendar, caller, document, before=before, limit=limit + 1)
    items, following = cursors.page(found, limit, lambda item: [item.turn.id])
    told = [item for item in items if item.changed or (item.sentences and not changed)]
    return Page(items=[RestingTurnView.of(item) for item in told], next=following)


async def _must_be_theirs(service: Service, caller: Caller, document: str) -> None:
    async with reading(service.engine) as session:
        if await repository.find(session, document, caller.brands) is None:
            raise PolicyNotFound(document)
