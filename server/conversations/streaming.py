"""Turns while they are written: kept part by part, then told to whoever listens, whether or not anybody does.

A part is told only once it is in the database, under its number: a reader who lost the connection reads on behind the
last number they saw, here or in another process, and nothing is left out or told twice. One task keeps the parts of all
turns, so that however many are written at once there is one transaction at a time.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import Context
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.conversations import repository
from server.conversations.ending import End, Told, end_turn
from server.conversations.live import ENDS, LiveTurn, Part
from server.conversations.states import TurnMove, TurnState
from server.db import reading, writing
from server.log_context import request_id
from server.models import TurnPartRow, TurnRow
from server.service import Service

_logger = logging.getLogger(__name__)

TakeOver = Callable[[Service, TurnRow], Awaitable[None]]
"""Gives a turn that has lost its process the text that stands without one."""

LEASE = timedelta(seconds=15)
"""A turn whose process has not been heard of for so long has lost it."""

# Meanwhile somebody may have cancelled the turn elsewhere.
_LOOK_EVERY_S = 2.0
# How often a turn that another process writes is looked at by who reads it here.
_POLL_S = 0.15
_TRY_AGAIN_S = 0.5
_LOST_EVERY_S = 5.0
_LOST_AT_ONCE = 20
_PATIENCE_S = 10.0


class Panel:
    """The turns that one process writes."""

    def __init__(self) -> None:
        self._live: dict[str, LiveTurn] = {}
        self._news = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._looked_at = 0.0
        self._service: Service | None = None
        self._stopped = False

    @property
    def writing(self) -> int:
        """How many turns are written."""
        return len(self._live)

    def begin(self, service: Service, turn: TurnRow, first: Part, write: Callable[[LiveTurn], Awaitable[End]]) -> None:
        """Have a turn written by a task of its own, which goes on when nobody listens any more.

        Args:
            service: The process's.
            turn: As it was added; its first part is kept already.
            first: That part.
            write: Writes it and says how it ended.
        """
        if self._keeping is None or self._keeping.done():
            self._news = asyncio.Event()
        live = LiveTurn(turn.id, [first], dirty=self._news.set)
        self._live[turn.id], self._service = live, service
        loop = asyncio.get_running_loop()
        # a context of its own: the request's transactions are none of the turn's business
        request, context = request_id.get(), Context()
        context.run(request_id.set, request)
        live.task = loop.create_task(_write(live, write), context=context)
        if self._keeping is None or self._keeping.done():
            self._keeping = loop.create_task(self._keep(service), context=Context())

    def drop(self, turn: str) -> None:
        """Stop writing a turn that has ended otherwise; whoever listens is told the rest from the database."""
        live = self._live.pop(turn, None)
        if live is not None:
            if live.task is not None:
                live.task.cancel()
            live.tell([], ended=True)

    async def read(
        self, service: Service, turn: str, behind: int, *, take_over: TakeOver
    ) -> AsyncGenerator[Part, None]:
        """What is told of a turn behind a number, to its end, whichever process writes it."""
        live = self._live.get(turn)
        if live is not None:
            async for part in live.behind(behind):
                yield part
                behind = part.number
                if part.kind in ENDS:
                    return
        while True:
            async with reading(service.engine) as session:
                rows = await repository.parts_after(session, turn, behind)
                row = await repository.turn_of(session, turn)
            for each in rows:
                yield Part.of(each)
                behind = each.number
            if row is None or row.state != TurnState.RUNNING or self._stopped:
                return
            if row.runs_until is not None and row.runs_until <= service.clock():
                await take_over(service, row)
            else:
                await asyncio.sleep(_POLL_S)

    async def stop(self) -> None:
        """Let the turns under way come to their end for a while; what does not is left to other processes at once."""
        live = [one for one in self._live.values() if one.task is not None]
        if live:
            await asyncio.wait([one.done() for one in live], timeout=_PATIENCE_S)
        tasks = [one.task for one in live if one.task is not None] + ([self._keeping] if self._keeping else [])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._stopped = True
        left = tuple(self._live)
        if left and self._service is not None:
            async with writing(self._service.engine) as session:
                for row in await repository.lock_turns(session, left):
                    row.runs_until = self._service.clock() if row.state == TurnState.RUNNING else row.runs_until
                    session.add(row)
        for turn in left:
            self.drop(turn)

    async def _keep(self, service: Service) -> None:
        """Keep what is put into the turns, until there are none."""
        while self._live:
            await self._until_due()
            due, renew = self._due()
            try:
                await self._keep_together(service, due, renew=renew)
            except Exception:
                _logger.exception("parts of turns could not be kept; it is tried again")
                await asyncio.sleep(_TRY_AGAIN_S)
                for live in due:
                    await self._keep_alone(service, live)

    async def _until_due(self) -> None:
        while True:
            self._news.clear()
            now = time.monotonic()
            waits = [wait for live in self._live.values() if (wait := live.due_in(now)) is not None]
            patience = min([*waits, max(0.0, self._looked_at + _LOOK_EVERY_S - now)])
            if patience == 0.0:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._news.wait()

    def _due(self) -> tuple[list[LiveTurn], bool]:
        """The turns of which something is to be kept; now and then all of them, and that their leases are renewed."""
        now = time.monotonic()
        look = now >= self._looked_at + _LOOK_EVERY_S
        self._looked_at = now if look else self._looked_at
        return [live for live in self._live.values() if look or live.due_in(now) == 0.0], look

    async def _keep_alone(self, service: Service, live: LiveTurn) -> None:
        """What of one turn cannot be kept holds up no other; in the end another process takes the turn over."""
        try:
            await self._keep_together(service, [live], renew=True)
            live.fails_since = None
        except Exception:
            live.fails_since = live.fails_since or time.monotonic()
            if time.monotonic() - live.fails_since > LEASE.total_seconds():
                _logger.exception("a turn is given up: its parts cannot be kept")
                self.drop(live.id)

    async def _keep_together(self, service: Service, due: Sequence[LiveTurn], *, renew: bool) -> None:
        now = time.monotonic()
        taken = {live.id: (live, *live.take(now)) for live in due if live.id in self._live}
        try:
            async with writing(service.engine) as session:
                kept = await _keep_all(session, taken, service.clock(), renew=renew)
        except BaseException:
            for live, waiting, _ in taken.values():
                live.put_back(waiting)
            raise
        for live, _, end in taken.values():
            if live.id not in kept:
                self.drop(live.id)
                continue
            if end is not None:
                self._live.pop(live.id, None)
            live.tell(kept[live.id], ended=end is not None)


async def _keep_all(
    session: AsyncSession,
    turns: Mapping[str, tuple[LiveTurn, Sequence[Told], End | None]],
    now: datetime,
    *,
    renew: bool,
) -> dict[str, list[Part]]:
    """Keep what is to be told of these turns; those that somebody has ended meanwhile are left out."""
    kept: dict[str, list[Part]] = {}
    for turn in await repository.lock_running(session, turns):
        live, waiting, end = turns[turn]
        told = [*waiting, *(end.parts if end else ())]
        kept[turn] = [Part(number, kind, data) for number, (kind, data) in enumerate(told, start=len(live.told) + 1)]
    rows = [
        TurnPartRow(turn=turn, number=part.number, kind=part.kind, data=dict(part.data))
        for turn, parts in kept.items()
        for part in parts
    ]
    if rows:
        await repository.keep_parts(session, rows)
    if renew and kept:
        await repository.renew(session, kept, now + LEASE)
    ended = {turn: end for turn, (_, _, end) in turns.items() if end is not None and turn in kept}
    for row in await repository.lock_turns(session, ended) if ended else ():
        end_turn(session, row, ended[row.id], now)
    return kept


async def _write(live: LiveTurn, write: Callable[[LiveTurn], Awaitable[End]]) -> None:
    try:
        live.end(await write(live))
    except Exception:
        _logger.exception("a turn ended without an end")
        words = "this could not be answered because of a fault in Deskside; the log says more"
        live.end(End(TurnMove.FAIL, {"turn": live.id, "detail": words}))


async def watch_for_lost(service: Service, take_over: TakeOver) -> None:
    """See to turns that have lost their process, whether or not anybody reads them, until cancelled."""
    while True:
        try:
            async with reading(service.engine) as session:
                lost = await repository.lost_turns(session, service.clock(), limit=_LOST_AT_ONCE)
            for row in lost:
                await take_over(service, row)
        except Exception:
            _logger.exception("turns that lost their process could not be seen to")
        await asyncio.sleep(_LOST_EVERY_S)
