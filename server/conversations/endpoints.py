"""A rep's sessions: opened with an overview, asked in by turns whose answers are streamed."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.conversations import opening, repository, suggestions
from server.conversations.bodies import Confirmation, Decided, NewConversation
from server.conversations.change_endpoints import router as changes_router
from server.conversations.customer_endpoints import router as customers_router
from server.conversations.finding import find_customer, refuse_others_case
from server.conversations.opening import ConversationNotFound
from server.conversations.overview import About, read_overview
from server.conversations.turn_endpoints import router as turns_router
from server.conversations.views import ConversationView, OpenedView, OverviewView, SuggestionView, TurnView
from server.db import reading, writing
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/conversations", tags=["conversations"])
routers = (router, turns_router, changes_router, customers_router)

User = Annotated[Caller, Depends(allowed(Permission.USE_PANEL))]
OneId = Annotated[str | None, Query(max_length=100)]

_TURNS = 20
_SUGGESTIONS = 50


@router.post("", status_code=201)
async def open_conversation(body: NewConversation, caller: User, service: ServiceDep, now: NowDep) -> OpenedView:
    """Open a session for a customer; the answer says at once, before any model, who it is and how things stand.

    That you looked is written down. Whoever was found by an id, an address or a number is possibly the customer: you
    see their records, and no text for them tells anything private before you have said how you made sure.
    """
    found = await find_customer(service, caller, body.sought)
    if body.case is not None and found.case is None:
        await refuse_others_case(service, found, body.case)
    about = About(found.customer.id, found.brand, case=body.case or found.case)
    # before it is written: what follows from that does not stand between, and nothing is told before it is
    overview = await read_overview(service, about, now, customer=found.customer)
    async with writing(service.engine) as session:
        row = await opening.open_conversation(
            session, caller, found, body.sought.by, channel=body.channel, case=body.case, now=now
        )
    names = {caller.id: caller.name}
    return OpenedView(
        conversation=ConversationView.of(row, names), overview=OverviewView.of(overview), turns=[], suggestions=[]
    )


@router.get("")
async def list_conversations(
    caller: User,
    service: ServiceDep,
    request: Request,
    mine: Annotated[bool, Query(description="Only your own.")] = True,
    customer: OneId = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ConversationView]:
    """Sessions, the newest first."""
    cursors = cursors_of(request, f"conversations?{mine}&{customer}")
    place = cursors.read(cursor)
    before = (datetime.fromisoformat(place[0]), place[1]) if place else None
    async with reading(service.engine) as session:
        found = await repository.list_conversations(
            session,
            caller.brands,
            staff=caller.id if mine else None,
            customer=customer,
            before=before,
            limit=limit + 1,
        )
        items, following = cursors.page(found, limit, lambda row: [row.opened_at.isoformat(), row.id])
        names = await names_of(session, {row.staff for row in items})
    return Page(items=[ConversationView.of(row, names) for row in items], next=following)


@router.get("/{conversation}")
async def get_conversation(conversation: str, caller: User, service: ServiceDep, now: NowDep) -> OpenedView:
    """A session as it stands, with how things stand for the customer now."""
    return await _show(service, conversation, caller.brands, now)


@router.post("/{conversation}/confirm")
async def confirm_caller(
    conversation: str, body: Confirmation, caller: User, service: ServiceDep, now: NowDep
) -> ConversationView:
    """Say how you made sure that the customer is who speaks; from then on texts may tell them what is theirs."""
    async with writing(service.engine) as session:
        row = await opening.confirm_caller(session, caller, conversation, body.how, now)
        return ConversationView.of(row, await names_of(session, [row.staff]))


@router.post("/{conversation}/close")
async def close_conversation(conversation: str, caller: User, service: ServiceDep, now: NowDep) -> ConversationView:
    """End a session."""
    async with writing(service.engine) as session:
        row = await opening.close_conversation(session, caller, conversation, now)
        return ConversationView.of(row, await names_of(session, [row.staff]))


@router.post("/{conversation}/suggestions/{suggestion}")
async def decide_on_suggestion(
    conversation: str, suggestion: str, body: Decided, caller: User, service: ServiceDep, now: NowDep
) -> SuggestionView:
    """Say what you did with what was suggested: copied, inserted, edited it, or dismissed it and why.

    A suggested question is not decided on here: `POST …/question/asked` and `…/skipped` say what became of it.
    """
    async with writing(service.engine) as session:
        row = await suggestions.decide(session, caller, conversation, suggestion, body.decision, now)
        return SuggestionView.of(row)


async def _show(service: Service, conversation: str, brands: Collection[str], now: datetime) -> OpenedView:
    async with reading(service.engine) as session:
        row = await repository.find_conversation(session, conversation, brands)
        if row is None:
            raise ConversationNotFound
        turns = await repository.turns_of(session, row.id, limit=_TURNS)
        suggestions = await repository.suggestions_of(session, row.id, limit=_SUGGESTIONS)
        names = await names_of(session, {row.staff, *(turn.staff for turn in turns)})
    overview = await read_overview(service, About(row.customer, row.brand, row.id, row.case), now)
    return OpenedView(
        conversation=ConversationView.of(row, names),
        overview=OverviewView.of(overview),
        turns=[TurnView.of(turn, names) for turn in turns],
        suggestions=[SuggestionView.of(one) for one in suggestions],
    )
