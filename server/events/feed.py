"""Telling everybody who watches what happened, in one order, without leaving anything out.

An event is written in the transaction of its change and given its position afterwards, by one process at a time; a
reader that has seen a position has therefore been shown everything before it, and goes on from there after any pause.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from server.audit.ledger import Ledger
from server.db import reading, writing
from server.errors import TooMany
from server.events import repository
from server.events.log import told_of_commits
from server.events.rights import is_told
from server.jobs.waking import Bell
from server.models import EventRow
from server.staff.roles import Caller

_logger = logging.getLogger(__name__)

OF_NO_BRAND = ""
"""The brand of what happens to all of them at once."""

_BATCH = 500
_BUFFER = 1_000
# Other processes' events are looked for this often where nothing tells of them (SQLite), or what tells is cut off.
_LOOK_EVERY_S = 0.5
# What is committed this soon after the last look waits for company: under load each look takes the write lock.
_BETWEEN_LOOKS_S = 0.03
_COME_AGAIN_S = 30
# A look that failed, or waits for a connection, is no reason yet to think that nothing is handed out.
_WORKS_WITHIN_S = 20.0


class ReaderTooSlow(Exception):
    """More has happened than is kept for a reader; it has to come again and say how far it was."""


class TooManyStreams(TooMany):
    """More would watch than this process has room for, or one caller in more places than they may."""


Tells = Callable[[Caller, EventRow], bool]
"""Whether somebody with these rights is told of an event."""


def by_rights(caller: Caller, row: EventRow) -> bool:
    """Who may read the record is told what happened to it."""
    return is_told(caller, row.kind, row.brand)


class Reader:
    """What one watcher has not been told yet. Made by `Feed.reader`; `since` is where it begins.

    `caller` is the watcher, with the rights they have at this moment; who finds out that those are others sets it.
    `tells` says by them whether an event is for the watcher.
    """

    def __init__(self, since: int, caller: Caller, tells: Tells) -> None:
        self.since = since
        self.caller = caller
        self._tells = tells
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

    def is_for(self, row: EventRow) -> bool:
        """Whether the watcher is told of this event, by the rights they have now."""
        return self._tells(self.caller, row)

    def offer(self, row: EventRow) -> bool:
        """Keep an event for the watcher, if it is for them; False if they are too far behind."""
        if not self.is_for(row):
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

    Args:
        engine: The database.
        bell: Rung and heard by every process on it.
        most: How many may watch at once.
        most_each: How many places one caller may watch from at once.
        ledger: Each event becomes a row of the audit with its position.
        on_drop: Called for each watcher who was too slow.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        bell: Bell,
        *,
        most: int = 500,
        most_each: int = 10,
        ledger: Ledger | None = None,
        on_drop: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._bell = bell
        self._most, self._most_each = most, most_each
        self._ledger = ledger
        self._on_drop = on_drop
        self._readers: set[Reader] = set()
        # those who were dropped count until they have gone
        self._open: Counter[str] = Counter()
        self._worked_at: float | None = None
        self.newest = 0
        self._headed = -1
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
                    self._worked_at = time.monotonic()
                except Exception:
                    self.running = False
                    _logger.exception("events could not be handed out")
                await asyncio.sleep(_BETWEEN_LOOKS_S)
                await self._bell.wait(seen, _LOOK_EVERY_S)

    @asynccontextmanager
    async def reader(self, caller: Caller, *, tells: Tells = by_rights) -> AsyncIterator[Reader]:
        """A watcher's reader, who is told what happens from now on, as far as it `tells`.

        Raises:
            TooManyStreams: Others watch already, or the caller elsewhere.
        """
        if self._open[caller.id] >= self._most_each:
            words = f"you watch the events in {self._most_each} places already, as many as one caller may; close one"
            raise TooManyStreams(words, retry_after=_COME_AGAIN_S)
        if self._open.total() >= self._most:
            words = f"as many watch the events as this process has room for; come again in {_COME_AGAIN_S} s"
            raise TooManyStreams(words, retry_after=_COME_AGAIN_S)
        reader = Reader(self.newest, caller, tells)
        self._open[caller.id] += 1
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)
            self._open[caller.id] -= 1
            self._open += Counter()  # leaves out who watches no more

    @property
    def works(self) -> bool:
        """Whether events are handed out, or were moments ago."""
        return self._worked_at is not None and time.monotonic() - self._worked_at < _WORKS_WITHIN_S

    @property
    def watched_by(self) -> int:
        """How many watch."""
        return len(self._readers)

    def end(self) -> None:
        """Let every watcher go: the process stops."""
        self.ended = True
        for reader in self._readers:
            reader.wake()

    async def past(self, after: int, *, until: int, reader: Reader) -> AsyncGenerator[EventRow, None]:
        """What happened behind `after`, up to and with `until`, and is for this reader when it is given out."""
        while after < until:
            async with reading(self._engine) as session:
                brands = reader.caller.brands | {OF_NO_BRAND}
                rows = await repository.after(session, after, until=until, brands=brands, limit=_BATCH)
            for row in rows:
                if reader.is_for(row):
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
            await self._keep_head()
        while await self._unplaced():
            async with writing(self._engine) as session:
                placed = await repository.place(session, limit=_BATCH)
                if placed and self._ledger is not None:
                    await self._ledger.append(session, placed)
            if placed:
                self._bell.ring()
        await self._read_on()
        await self._keep_head()

    async def _keep_head(self) -> None:
        """Whoever has placed them: each process writes down how far the audit has come."""
        if self._ledger is not None and self._headed != self.newest:
            await self._ledger.keep_head(self._engine)
            self._headed = self.newest

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
