"""Turns: asked by POST, answered as a stream that can be dropped, resumed, read by others, and cancelled."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic_core import to_json

from server.conversations import asking, repository
from server.conversations.asking import TurnNotFound, take_over
from server.conversations.bodies import NewTurn
from server.conversations.streaming import Panel
from server.conversations.views import TurnView
from server.db import reading
from server.models import TurnRow
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.addresses import PREFIX
from server.web.dependencies import ServiceDep, allowed
from server.web.still_allowed import ASK_AGAIN_S, ENDED, Ended, StillAllowed

router = APIRouter(prefix="/conversations/{conversation}/turns", tags=["conversations"])

User = Annotated[Caller, Depends(allowed(Permission.USE_PANEL))]
_LARGEST = 2**31 - 1
_ASK_AGAIN_S = ASK_AGAIN_S


async def _panel(request: Request) -> Panel:
    panel: Panel = request.app.state.panel
    return panel


async def _rights(request: Request, service: ServiceDep) -> StillAllowed:
    return StillAllowed(request.state.credentials, service, Permission.USE_PANEL, every_s=_ASK_AGAIN_S)


RightsDep = Annotated[StillAllowed, Depends(_rights)]
PanelDep = Annotated[Panel, Depends(_panel)]
After = Annotated[int | None, Query(ge=0, le=_LARGEST, description="Only what came after the event of this number.")]
LastEventId = Annotated[
    int | None, Header(ge=0, le=_LARGEST, description="The same, as browsers send it; it wins over `after`.")
]


async def _asked(
    conversation: str, body: NewTurn, caller: User, service: ServiceDep, panel: PanelDep, response: Response
) -> TurnRow:
    """The turn, begun; before the stream begins, so that it can be refused."""
    turn = await asking.ask(service, panel, caller, conversation, body.question)
    response.headers["location"] = f"{PREFIX}/conversations/{conversation}/turns/{turn.id}/stream"
    return turn


async def _found(conversation: str, turn: str, caller: User, service: ServiceDep) -> TurnRow:
    """The turn.

    Raises:
        TurnNotFound: None of this session's.
    """
    async with reading(service.engine) as session:
        row = await repository.find_turn(session, conversation, turn, caller.brands)
    if row is None:
        raise TurnNotFound
    return row


@router.post("", response_class=EventSourceResponse)
async def ask(
    turn: Annotated[TurnRow, Depends(_asked)], service: ServiceDep, panel: PanelDep, rights: RightsDep
) -> AsyncIterator[ServerSentEvent]:
    """Ask for something; the answer is a stream (`text/event-stream`, to be read with `fetch`) of what comes of it.

    `began` names the turn; `evidence` holds what was read, before anybody writes; `text` adds to the provisional text,
    `replaced` puts another one in its place; `checks` says what the checks found; each `suggestion` can be taken.
    `checked` ends it and holds what stands: until then no text has been checked. `interrupted` ends it likewise where
    the process that wrote it was lost, with what stands without a model; `cancelled` and `failed` end it without a
    text. `stream.ended` says `why` you are told no more: you are not signed in or not allowed any more. The turn is
    written whether or not you listen: read on under the address in `Location`, behind the last id you saw. An
    idempotency key has the whole answer held back until it is there, so leave it out.
    """
    async with aclosing(_told(service, panel, turn, 0, rights)) as told:
        async for event in told:
            yield event


@router.get("/{turn}/stream", response_class=EventSourceResponse)
async def read_on(
    found: Annotated[TurnRow, Depends(_found)],
    service: ServiceDep,
    panel: PanelDep,
    rights: RightsDep,
    after: After = None,
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Read a turn's stream on behind the last event you saw, or from its beginning; also after it has ended."""
    behind = last_event_id if last_event_id is not None else after or 0
    async with aclosing(_told(service, panel, found, behind, rights)) as told:
        async for event in told:
            yield event


@router.post("/{turn}/cancel")
async def cancel(conversation: str, turn: str, caller: User, service: ServiceDep, panel: PanelDep) -> TurnView:
    """Stop a turn, whichever process writes it; what was streamed of it does not stand."""
    row = await asking.cancel(service, panel, caller, conversation, turn)
    async with reading(service.engine) as session:
        return TurnView.of(row, await names_of(session, [row.staff]))


async def _told(
    service: Service, panel: Panel, turn: TurnRow, behind: int, rights: StillAllowed
) -> AsyncGenerator[ServerSentEvent, None]:
    try:
        async with aclosing(panel.read(service, turn.id, behind, take_over=take_over)) as parts:
            async for part in parts:
                await rights.check()
                yield ServerSentEvent(event=part.kind, id=str(part.number), raw_data=to_json(part.data).decode())
    except Ended as ended:
        yield ServerSentEvent(event=ENDED, raw_data=to_json({"why": ended.why, "detail": str(ended)}).decode())
