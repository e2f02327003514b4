"""Writing the chain: each event becomes a row when it is given its place, in the same transaction."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit import repository
from server.audit.head import HeadFile, HeadNotOurs
from server.audit.seals import START, Head, Seals
from server.db import reading, writing
from server.events import repository as events_repository
from server.events.log import record
from server.models import EventRow
from server.settings import Settings

_BATCH = 500
# So often the head stands in the log, which is kept elsewhere than the file.
_LOGGED_EVERY_S = 3600.0
_logger = logging.getLogger(__name__)


class _HeadNotReached(Exception):
    """Rows that a head was written of are not there any more, or others in their places."""

    def __init__(self) -> None:
        super().__init__("the audit's rows do not lead to the head that was written down; something was cut off")


class Ledger:
    """The audit's chain, and its head outside the database."""

    def __init__(self, seals: Seals, head: HeadFile, clock: Callable[[], datetime]) -> None:
        self._seals, self._head, self._clock = seals, head, clock
        self._refused = False
        self._logged_at: float | None = None

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], datetime]) -> Self:
        """The installation's."""
        seals = Seals.of_settings(settings)
        return cls(seals, HeadFile(settings.audit_head_file, seals), clock)

    async def append(self, session: AsyncSession, events: Sequence[EventRow]) -> None:
        """Put these events behind the chain, in the transaction that gives them their places, one at a time."""
        number, seal = await repository.last(session) or (0, START)
        rows = []
        for event in events:
            rows.append(row := self._seals.next_row(event, number + 1, seal))
            number, seal = row["number"], row["seal"]
        await repository.add(session, rows)

    async def place_all(self, engine: AsyncEngine) -> None:
        """Give every event its place and its row now: for commands, beside which perhaps nothing serves."""
        await self.keep_head(engine)
        placed = True
        while placed:
            async with writing(engine) as session:
                found = await events_repository.place(session, limit=_BATCH)
                if placed := bool(found):
                    await self.append(session, found)
        await self.keep_head(engine)

    async def keep_head(self, engine: AsyncEngine) -> None:
        """Write down outside the database how long the chain is now.

        A head that the chain does not lead to any more is left as it is: `deskside audit verify` tells of it, and
        `deskside restored` sets it aside where the database was put back from a backup.
        """
        try:
            await self._keep_head(engine)
            self._refused = False
        except (HeadNotOurs, _HeadNotReached, OSError) as refused:
            if not self._refused:
                _logger.error("%s: deskside audit verify", refused)
            self._refused = True

    async def _keep_head(self, engine: AsyncEngine) -> None:
        kept = await asyncio.to_thread(self._head.read)  # before the chain is: others may write a newer one meanwhile
        async with reading(engine) as session:
            last = await repository.last(session)
            if kept is not None and not await _leads_to(session, kept):
                raise _HeadNotReached
        head = Head(*(last or (0, START)), self._clock().isoformat())
        if kept is None and last is not None:
            await self._tell_of_new_file(engine)
        if kept is None or kept.number < head.number:
            await asyncio.to_thread(self._head.write, head)
        self._log(head)

    async def set_head_aside(self, session: AsyncSession) -> None:
        """Begin another head: the database was put back, and what the old one told of is not in it."""
        lost = None
        try:
            lost = self._head.read()
        except HeadNotOurs:
            _logger.warning("the head of the audit that is set aside is not ours")
        aside = self._head.set_aside(self._clock())
        if aside is not None:
            told = {"number": lost.number, "seal": lost.seal} if lost else {}
            record(session, "audit.head_set_aside", aside.name, brand="", at=self._clock(), **told)

    async def _tell_of_new_file(self, engine: AsyncEngine) -> None:
        """There were rows and no head: a new home, or somebody took the file away. The chain remembers it."""
        async with writing(engine) as session:
            record(session, "audit.head_begun", self._head.path.name, brand="", at=self._clock())

    def _log(self, head: Head) -> None:
        now = time.monotonic()
        if self._logged_at is None or now - self._logged_at >= _LOGGED_EVERY_S:
            self._logged_at = now
            _logger.info("audit head %d:%s", head.number, head.seal)


async def _leads_to(session: AsyncSession, head: Head) -> bool:
    """Whether the chain holds what the head tells of, or has been cut behind it."""
    seal = await repository.seal_of(session, head.number)
    if seal is not None:
        return seal == head.seal
    cut = await repository.newest_cut(session)
    return head.number == 0 or (cut is not None and cut.number >= head.number)
