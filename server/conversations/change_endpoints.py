"""`GET /conversations/{conversation}/changes`: that something in a session changed, as it happens."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic_core import to_json

from server.conversations.changes import Concerned, concerned, is_told
from server.events.feed import Feed, Reader, ReaderTooSlow
from server.models import EventRow
from server.staff.roles import Caller, Permission
from server.web.dependencies import ServiceDep, allowed
from server.web.still_allowed import ASK_AGAIN_S, ENDED, Ended, StillAllowed

BEGAN, CHANGED = "stream.began", "session.changed"
_LARGEST = 2**63 - 1

router = APIRouter(prefix="/conversations/{conversation}/changes", tags=["conversations"])

User = Annotated[Caller, Depends(allowed(Permission.USE_PANEL))]
Position = Annotated[int | None, Query(ge=0, le=_LARGEST, description="Only what came after this position.")]
Follow = Annotated[bool, Query(description="False: end when everything up to now is told.")]


async def _about(conversation: str, caller: User, service: ServiceDep) -> Concerned:
    """Found before the stream begins, so that it can be refused."""
    return await concerned(service, caller, conversation)


async def _reader(request: Request, caller: User) -> AsyncIterator[Reader]:
    feed: Feed = request.app.state.feed
    async with feed.reader(caller, tells=is_told) as reader:
        yield reader


async def _rights(request: Request, service: ServiceDep, reader: Annotated[Reader, Depends(_reader)]) -> StillAllowed:
    def now_they_may(caller: Caller) -> None:
        reader.caller = caller

    return StillAllowed(request.state.credentials, service, Permission.USE_PANEL, on_change=now_they_may)


@router.get("", response_class=EventSourceResponse)
async def read_changes(
    request: Request,
    about: Annotated[Concerned, Depends(_about)],
    reader: Annotated[Reader, Depends(_reader)],
    rights: Annotated[StillAllowed, Depends(_rights)],
    after: Position = None,
    follow: Follow = True,
) -> AsyncIterator[ServerSentEvent]:
    """Stream that something changed in what a session shows: `text/event-stream`, to be read with `fetch`.

    Each `session.changed` says in `what` is to be read again: the `customer` (their records were imported anew, a
    promise or an action moved, a reply of theirs was sent, another session learned something) or the `session` (it was
    closed, confirmed, or its customer was erased). Nothing else is told: whoever may use the panel hears that something
    changed, not what. Its id is a position; come again with it in `after` and nothing is left out. A panel in another
    site's frame reads it with the token that it acts by. `stream.began` and `stream.ended` are as in `GET /events`.
    """
    feed: Feed = request.app.state.feed
    start = reader.since if after is None else after
    until = max(reader.since, (await feed.kept())[1]) if after is not None else start
    yield ServerSentEvent(event=BEGAN, id=str(start), raw_data=f'{{"position":{start}}}')
    try:
        async with aclosing(_happening(feed, reader, rights, start, until, follow=follow)) as happening:
            async for event in happening:
                if event is None:
                    yield ServerSentEvent(comment="still here")
                elif (what := await about.by(event)) is not None:
                    told = {"what": what.value, "position": event.position}
                    yield ServerSentEvent(event=CHANGED, id=str(event.position), raw_data=to_json(told).decode())
    except Ended as ended:
        yield ServerSentEvent(event=ENDED, raw_data=to_json({"why": ended.why, "detail": str(ended)}).decode())


async def _happening(
    feed: Feed, reader: Reader, rights: StillAllowed, start: int, until: int, *, follow: bool
) -> AsyncGenerator[EventRow | None, None]:
    """What happened behind a position and what happens from here on; None now and then."""
    async with aclosing(feed.past(start, until=until, reader=reader)) as past:
        async for row in past:
            await rights.check()
            yield row
    while follow and not feed.ended:
        try:
            event = await reader.next(ASK_AGAIN_S)
        except ReaderTooSlow:
            raise Ended("too_slow", "more has happened than is kept for who reads slowly; come again") from None
        await rights.check()
        if event is None:
            yield None
        elif reader.is_for(event) and (event.position or 0) > until:
            yield event
    if follow:
        raise Ended("stopping", "the server stops; come again")
