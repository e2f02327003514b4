"""`GET /events`: what happens, as it happens."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic_core import to_json

from server.events.feed import Feed, Reader, ReaderTooSlow
from server.events.views import Event
from server.models import EventRow
from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.callers import Credentials
from server.web.dependencies import ServiceDep, allowed
from server.web.still_allowed import ASK_AGAIN_S, ENDED, Ended, StillAllowed

BEGAN = "stream.began"
MISSED = "stream.missed"

_ASK_AGAIN_S = ASK_AGAIN_S
_LARGEST = 2**63 - 1

router = APIRouter(prefix="/events", tags=["events"])


def feed_of(request: Request) -> Feed:
    """The process's feed."""
    feed: Feed = request.app.state.feed
    return feed


def credentials_of(request: Request) -> Credentials:
    """What the caller shows, to be asked again while the stream lasts."""
    credentials: Credentials = request.state.credentials
    return credentials


Position = Annotated[int | None, Query(ge=0, le=_LARGEST, description="Only what came after this position.")]
LastEventId = Annotated[
    int | None, Header(ge=0, le=_LARGEST, description="The same, as browsers send it; it wins over `after`.")
]
Follow = Annotated[bool, Query(description="False: end when everything up to now is told.")]


async def reader_of(
    caller: Annotated[Caller, Depends(allowed(Permission.READ_CASES))], feed: Annotated[Feed, Depends(feed_of)]
) -> AsyncIterator[Reader]:
    """The caller's reader, until the stream has ended; made before the stream begins, so that it can be refused.

    Raises:
        TooManyStreams: There are too many.
    """
    async with feed.reader(caller) as reader:
        yield reader


@router.get("", response_class=EventSourceResponse)
async def read_events(
    reader: Annotated[Reader, Depends(reader_of)],
    credentials: Annotated[Credentials, Depends(credentials_of)],
    service: ServiceDep,
    feed: Annotated[Feed, Depends(feed_of)],
    after: Position = None,
    last_event_id: LastEventId = None,
    follow: Follow = True,
) -> AsyncIterator[ServerSentEvent]:
    """Stream what happens to records of the caller's brands, in order: `text/event-stream`, to be read with `fetch`.

    Who may not read a record hears nothing of it. Without a position the stream begins now. Each event's id is its
    position; come again with the last one and nothing is left out. Three events are about the stream itself:
    `stream.began` names the position it begins behind; `stream.missed` says that what lies between is not kept any more
    and what is shown has to be loaded anew; `stream.ended` says `why`, and in `detail` for people: `stopping` (the
    server), `too_slow` (the reader) or `not_known` (who reads, for the database is away): come again; `not_signed_in`
    or `not_allowed`, not any more. Those are found out within seconds, and watching keeps nobody signed in. One caller,
    and all together, have so many streams open at once (docs/settings.md); more are refused with 429.
    """
    asked = last_event_id if last_event_id is not None else after
    start, until, missed = await _span(feed, reader, asked)
    yield _about(MISSED if missed else BEGAN, start)
    rights = _rights(reader, credentials, service)
    try:
        async with aclosing(feed.past(start, until=until, reader=reader)) as past:
            async for row in past:
                await rights.check()
                if reader.is_for(row):
                    yield _told(row)
        if follow:
            async with aclosing(_follow(feed, reader, until, rights)) as coming:
                async for told in coming:
                    yield told
    except Ended as ended:
        yield ServerSentEvent(event=ENDED, raw_data=to_json({"why": ended.why, "detail": str(ended)}).decode())


async def _span(feed: Feed, reader: Reader, asked: int | None) -> tuple[int, int, bool]:
    """The position that the stream begins behind, the last that is past, and whether what lies before is lost."""
    if asked is None:
        return reader.since, reader.since, False
    oldest, newest = await feed.kept()
    if asked > newest:  # of another database, or of this one before it was restored
        return newest, newest, True
    missed = asked + 1 < oldest
    return (oldest - 1 if missed else asked), newest, missed


async def _follow(feed: Feed, reader: Reader, past: int, rights: StillAllowed) -> AsyncGenerator[ServerSentEvent, None]:
    while not feed.ended:
        try:
            row = await reader.next(_ASK_AGAIN_S)
        except ReaderTooSlow:
            raise Ended("too_slow", "more has happened than is kept for who reads slowly; come again") from None
        await rights.check()
        if row is None:
            yield ServerSentEvent(comment="still here")
        elif reader.is_for(row) and (row.position or 0) > past:
            # the database may be ahead of what this process has handed out
            yield _told(row)
    raise Ended("stopping", "the server stops; come again")


def _rights(reader: Reader, credentials: Credentials, service: Service) -> StillAllowed:
    def now_they_may(caller: Caller) -> None:
        reader.caller = caller

    return StillAllowed(credentials, service, Permission.READ_CASES, on_change=now_they_may, every_s=_ASK_AGAIN_S)


def _told(row: EventRow) -> ServerSentEvent:
    event = Event.of(row)
    return ServerSentEvent(event=event.kind, id=str(event.position), raw_data=event.model_dump_json())


def _about(name: str, position: int) -> ServerSentEvent:
    return ServerSentEvent(event=name, id=str(position), raw_data=f'{{"position":{position}}}')
