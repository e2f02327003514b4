"""The panel's addresses: the opening, a session with its parts, and an answer's sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from assistant.case import BETWEEN_TWO
from server.channels.repository import list_accounts
from server.conversations import endpoints as sessions
from server.conversations.bodies import NewConversation
from server.conversations.showing import show_turn, show_turns
from server.conversations.views import ConversationView, OverviewView
from server.db import reading
from server.errors import NotFound
from server.events.endpoints import feed_of
from server.pages.inbox.replies import RepliesPart
from server.pages.panel.answers import AnswerPart, answer_of
from server.pages.panel.sources import read_source
from server.pages.rendering import show
from server.questions.asking import offered_in
from server.questions.states import NoQuestionOffered, SkipReason
from server.questions.views import OfferView
from server.saved_replies.endpoints import list_offered_in_session
from server.service import Service
from server.shop.folding import fold_channel
from server.staff.panel_links import panel_hosts
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed

router = APIRouter(prefix="/panel", include_in_schema=False)

User = Annotated[Caller, Depends(allowed(Permission.USE_PANEL))]

_OPEN_SESSIONS = 5


@dataclass(frozen=True, slots=True)
class BrandChoice:
    """A brand as which a rep can speak."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OpeningPart:
    """Where a session begins. `channels` are those that a customer can speak on; `brands` empty where there is one."""

    channels: Sequence[str]
    brands: Sequence[BrandChoice]
    open: Sequence[ConversationView]


@dataclass(frozen=True, slots=True)
class CustomerPart:
    """Who it is and how things stand for them."""

    conversation: ConversationView
    overview: OverviewView


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """The one question worth asking, if one was offered."""

    conversation: str
    offer: OfferView | None
    reasons: Sequence[SkipReason] = tuple(SkipReason)


@dataclass(frozen=True, slots=True)
class SessionPart:
    """A session with one customer. `heard` is the position of the last event that it tells of."""

    heard: int
    customer: CustomerPart
    question: QuestionPart
    answers: Sequence[AnswerPart]


@dataclass(frozen=True, slots=True)
class PanelPage:
    """The panel: a session, or where one begins; in a frame of `host`, which says who works here, neither yet."""

    opening: OpeningPart | None = None
    session: SessionPart | None = None
    host: str | None = None


class NoFrameThere(NotFound):
    """The site is not set up to show the panel."""

    def __init__(self) -> None:
        super().__init__("this site may not show the panel; whoever runs Deskside sets that up")


@router.get("")
async def panel(caller: User, service: ServiceDep, request: Request) -> HTMLResponse:
    """Where a session begins."""
    return show(request, "panel/page", PanelPage(opening=await _opening(request, caller, service)))


@router.get("/embedded")
async def embedded_panel(
    service: ServiceDep, request: Request, host: Annotated[str, Query(max_length=300)]
) -> Response:
    """The panel in another site's frame: empty for everybody, until the site hands it a link that counts.

    Browsers show it in a frame of this site alone, and a link that was made for another one does not count here.
    """
    if host not in panel_hosts(service.settings):
        raise NoFrameThere
    return show(request, "panel/page", PanelPage(host=host), framed_by=host)


@router.get("/opening")
async def opening_part(caller: User, service: ServiceDep, request: Request) -> HTMLResponse:
    """The same, for a panel that goes on to another customer."""
    return show(request, "panel/opening", await _opening(request, caller, service))


@router.post("/sessions", status_code=201)
async def open_session(
    body: NewConversation, caller: User, service: ServiceDep, request: Request, now: NowDep
) -> HTMLResponse:
    """Open a session as POST /conversations does; the answer is its part, so that its records are read once."""
    heard = feed_of(request).newest
    opened = await sessions.open_conversation(body, caller, service, now)
    customer, id_ = CustomerPart(opened.conversation, opened.overview), opened.conversation.id
    session = SessionPart(heard, customer, QuestionPart(id_, None), ())
    part = show(request, "panel/session", session, status=HTTPStatus.CREATED)
    part.headers["Location"] = f"/panel/sessions/{id_}"
    return part


@router.get("/sessions/{conversation}")
async def session_page(
    conversation: str, caller: User, service: ServiceDep, request: Request, now: NowDep
) -> HTMLResponse:
    """A session as it stands."""
    return show(request, "panel/page", PanelPage(session=await _session(request, service, caller, conversation, now)))


@router.get("/sessions/{conversation}/session")
async def session_part(
    conversation: str, caller: User, service: ServiceDep, request: Request, now: NowDep
) -> HTMLResponse:
    """The session alone, for a panel that opens it."""
    return show(request, "panel/session", await _session(request, service, caller, conversation, now))


@router.get("/sessions/{conversation}/customer")
async def customer_part(
    conversation: str, caller: User, service: ServiceDep, request: Request, now: NowDep
) -> HTMLResponse:
    """How things stand for the customer by now."""
    opened = await sessions.get_conversation(conversation, caller, service, now)
    return show(request, "panel/customer", CustomerPart(opened.conversation, opened.overview))


@router.get("/sessions/{conversation}/question")
async def question_part(conversation: str, caller: User, service: ServiceDep, request: Request) -> HTMLResponse:
    """The question worth asking, and what became of it."""
    return show(request, "panel/question", await _question(service, caller, conversation))


@router.get("/sessions/{conversation}/saved-replies")
async def replies_part(
    conversation: str, caller: User, service: ServiceDep, request: Request, now: NowDep
) -> HTMLResponse:
    """What can be said to this customer of what the teams keep ready."""
    items = await list_offered_in_session(conversation, caller, service, now)
    return show(request, "inbox/saved_replies", RepliesPart(items, "session"))


@router.get("/sessions/{conversation}/turns/{turn}")
async def answer_part(
    conversation: str, turn: str, caller: User, service: ServiceDep, request: Request
) -> HTMLResponse:
    """An answer, with the cards to take it from."""
    async with reading(service.engine) as session:
        shown = await show_turn(session, conversation, turn, caller.brands)
    return show(request, "panel/answer", answer_of(shown))


@router.get("/sessions/{conversation}/turns/{turn}/sources/{source}")
async def source_part(
    conversation: str, turn: str, source: str, caller: User, service: ServiceDep, request: Request
) -> HTMLResponse:
    """What a source says, as it was read; of a policy the document around it."""
    async with reading(service.engine) as session:
        shown = await show_turn(session, conversation, turn, caller.brands)
    return show(request, "panel/source", await read_source(request, service, caller, shown, source))


async def _opening(request: Request, caller: Caller, service: Service) -> OpeningPart:
    async with reading(service.engine) as session:
        accounts = await list_accounts(session, brands=caller.brands)
    networks = sorted({fold_channel(account.channel) for account in accounts})
    mine = await sessions.list_conversations(caller, service, request, limit=_OPEN_SESSIONS)
    names = {brand.id: brand.name for brand in service.desk.guidance.brands}
    brands = [BrandChoice(id_, names.get(id_, id_)) for id_ in sorted(caller.brands)]
    return OpeningPart(
        [*BETWEEN_TWO, *networks],
        brands if len(brands) > 1 else (),
        [one for one in mine.items if one.closed_at is None],
    )


async def _session(request: Request, service: Service, caller: Caller, conversation: str, now: datetime) -> SessionPart:
    heard = feed_of(request).newest  # before anything is read: what happens from here on is heard
    opened = await sessions.get_conversation(conversation, caller, service, now)
    async with reading(service.engine) as session:
        turns = await show_turns(session, conversation, caller.brands)
    return SessionPart(
        heard,
        CustomerPart(opened.conversation, opened.overview),
        await _question(service, caller, conversation),
        [answer_of(turn) for turn in turns],
    )


async def _question(service: Service, caller: Caller, conversation: str) -> QuestionPart:
    try:
        offer, question = await offered_in(service, caller, conversation)
    except NoQuestionOffered:
        return QuestionPart(conversation, None)
    return QuestionPart(conversation, OfferView.of(offer, question, {}))
