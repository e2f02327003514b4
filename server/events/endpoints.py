"""`GET /events`: what happens, as it happens."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from server.errors import NotSignedIn
from server.events.feed import Feed, Reader, ReaderTooSlow
from server.events.views import Event
from server.models import EventRow
from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.callers import Credentials
from server.web.dependencies import ServiceDep, allowed

BEGAN = "stream.began"
MISSED = "stream.missed"
ENDED = "stream.ended"

_PING_S = 15.0
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


@router.get("", response_class=EventSourceResponse)
async def read_events(
    caller: Annotated[Caller, Depends(allowed(Permission.READ_CASES))],
    credentials: Annotated[Credentials, Depends(credentials_of)],
    service: ServiceDep,
    feed: Annotated[Feed, Depends(feed_of)],
    after: Position = None,
    last_event_id: LastEventId = None,
    follow: Follow = True,
) -> AsyncIterator[ServerSentEvent]:
    """Stream what happens to records of the caller's brands, in order: `text/event-stream`, to be read with `fetch`.

    Without a position the stream begins now. Each event's id is its position; come again with the last one and nothing
    is left out. Three events are about the stream itself: `stream.began` names the position it begins behind;
    `stream.missed` says that what lies between is not kept any more and what is shown has to be loaded anew;
    `stream.ended` says that the server stops, the reader was too slow or is not signed in any more: come again.
    """
    async with feed.reader(caller.brands) as reader:
        asked = last_event_id if last_event_id is not None else after
        start, until, missed = await _span(feed, reader, asked)
        yield _about(MISSED if missed else BEGAN, start)
        async with aclosing(feed.past(start, until=until, brands=caller.brands)) as past:
            async for row in past:
                yield _told(row)
        if follow:
            async with aclosing(_follow(feed, reader, until, credentials, service)) as coming:
                async for told in coming:
                    yield told


async def _span(feed: Feed, reader: Reader, asked: int | None) -> tuple[int, int, bool]:
    """The position that the stream begins behind, the last that is past, and whether what lies before is lost."""
    if asked is None:
        return reader.since, reader.since, False
    oldest, newest = await feed.kept()
    if asked > newest:  # of another database, or of this one before it was restored
        return newest, newest, True
    missed = asked + 1 < oldest
    return (oldest - 1 if missed else asked), newest, missed


async def _follow(
    feed: Feed, reader: Reader, past: int, credentials: Credentials, service: Service
) -> AsyncGenerator[ServerSentEvent, None]:
    asked = monotonic()
    while not feed.ended:
        try:
            row = await reader.next(_PING_S)
        except ReaderTooSlow:
            break
        # also where something happens all the time: who is not signed in any more is told nothing more
        if row is None or monotonic() - asked >= _PING_S:
            try:
                reader.brands = (await credentials.identify(service)).brands
            except NotSignedIn:
                break
            asked = monotonic()
        if row is None:
            yield ServerSentEvent(comment="still here")
        elif row.brand in reader.brands and (row.position or 0) > past:
            # the database may be ahead of what this process has handed out
            yield _told(row)
    yield ServerSentEvent(event=ENDED, raw_data="{}")


def _told(row: EventRow) -> ServerSentEvent:
    event = Event.of(row)
    return ServerSentEvent(event=event.kind, id=str(event.position), raw_data=event.model_dump_json())


def _about(name: str, position: int) -> ServerSentEvent:
    return ServerSentEvent(event=name, id=str(position), raw_data=f'{{"position":{position}}}')
