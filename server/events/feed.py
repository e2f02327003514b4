"""Telling everybody who watches what happened, in one order, without leaving anything out.

An event is written in the transaction of its change and given its position afterwards, by one process at a time; a
reader that has seen a position has therefore been shown everything before it, and goes on from there after any pause.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading, writing
from server.events import repository
from server.events.log import told_of_commits
from server.jobs.waking import Bell
from server.models import EventRow

_logger = logging.getLogger(__name__)

_BATCH = 500
_BUFFER = 1_000
# Other processes' events are looked for this often where nothing tells of them (SQLite), or what tells is cut off.
_LOOK_EVERY_S = 0.5
# What is committed this soon after the last look waits for company: under load each look takes the write lock.
_BETWEEN_LOOKS_S = 0.03


class ReaderTooSlow(Exception):
    """More has happened than is kept for a reader; it has to come again and say how far it was."""


class Reader:
    """What one watcher has not been told yet. Made by `Feed.reader`; `since` is where it begins."""

    def __init__(self, since: int, brands: Collection[str]) -> None:
        self.since = since
        self.brands = brands
        self._waiting: asyncio.Queue[EventRow | None] = asyncio.Queue(_BUFFER)
        self._dropped = False

    async def next(self, within: float) -> EventRow | None:
        """The next event; None if there was none within so many seconds, or no more will come.

        Raises:
            ReaderTooSlow: Some had to be left out.
        """
        if self._dropped:
            raise ReaderTooSlow
        try:
            async with asyncio.timeout(within):
                return await self._waiting.get()
        except TimeoutError:
            return None

    def offer(self, row: EventRow) -> bool:
        """Keep an event for the watcher, if it is for them; False if they are too far behind."""
        if row.brand not in self.brands:
            return True
        try:
            self._waiting.put_nowait(row)
        except asyncio.QueueFull:
            self._dropped = True
        return not self._dropped

    def wake(self) -> None:
        """Let the watcher look up, because there is no more to come."""
        if not self._waiting.full():
            self._waiting.put_nowait(None)


class Feed:
    """The events of one database, for the watchers of one process.

    `run` gives positions and hands out what is new, until it is cancelled; every process that writes events runs one.
    The bell is rung when positions were given, so that on Postgres every process reads on.
    """

    def __init__(self, engine: AsyncEngine, bell: Bell, *, on_drop: Callable[[], None] = lambda: None) -> None:
        self._engine = engine
        self._bell = bell
        self._on_drop = on_drop
        self._readers: set[Reader] = set()
        self.newest = 0
        self.running = False
        self.ended = False

    async def run(self) -> None:
        """Work until cancelled. A database that does not answer for a while is waited for."""
        loop = asyncio.get_running_loop()
        with told_of_commits(lambda: loop.call_soon_threadsafe(self._bell.heard)):
            while True:
                seen = self._bell.rings
                try:
                    await self._hand_out()
                    self.running = True
                except Exception:
                    self.running = False
                    _logger.exception("events could not be handed out")
                await asyncio.sleep(_BETWEEN_LOOKS_S)
                await self._bell.wait(seen, _LOOK_EVERY_S)

    @asynccontextmanager
    async def reader(self, brands: Collection[str]) -> AsyncIterator[Reader]:
        """A watcher's reader, who is told what happens from now on."""
        reader = Reader(self.newest, brands)
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    @property
    def watched_by(self) -> int:
        """How many watch."""
        return len(self._readers)

    def end(self) -> None:
        """Let every watcher go: the process stops."""
        self.ended = True
        for reader in self._readers:
            reader.wake()

    async def past(self, after: int, *, until: int, brands: Collection[str]) -> AsyncGenerator[EventRow, None]:
        """What happened behind `after`, up to and with `until`."""
        while after < until:
            async with reading(self._engine) as session:
                rows = await repository.after(session, after, until=until, brands=brands, limit=_BATCH)
            for row in rows:
                yield row
            if len(rows) < _BATCH:
                return
            after = rows[-1].position or until

    async def kept(self) -> tuple[int, int]:
        """The first position that is still kept, and the last."""
        async with reading(self._engine) as session:
            return await repository.oldest(session), await repository.newest(session)

    async def _hand_out(self) -> None:
        if not self.running:
            async with reading(self._engine) as session:
                # after a fault the readers go on where they were
                self.newest = self.newest or await repository.newest(session)
        while await self._unplaced():
            async with writing(self._engine) as session:
                placed = await repository.place(session, limit=_BATCH)
            if placed:
                self._bell.ring()
        await self._read_on()

    async def _unplaced(self) -> bool:
        """Whether there is something to place; asked first, because looking takes no lock."""
        async with reading(self._engine) as session:
            return await repository.has_unplaced(session)

    async def _read_on(self) -> None:
        while True:
            async with reading(self._engine) as session:
                until = await repository.newest(session)
                if not self._readers:
                    self.newest = until
                    return
                rows = await repository.after(session, self.newest, until=until, brands=None, limit=_BATCH)
            for row in rows:
                self._offer(row)
                self.newest = row.position or self.newest
            if len(rows) < _BATCH:
                return

    def _offer(self, row: EventRow) -> None:
        for reader in [reader for reader in self._readers if not reader.offer(row)]:
            self._readers.discard(reader)
            self._on_drop()
