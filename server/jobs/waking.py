"""Bells: waking whoever waits for something, in this process and, on Postgres, in every process of the database.

A bell says that there may be something to see, never what. It can be missed (a connection that breaks, a process on
SQLite that another should have woken), so who waits looks for itself now and then.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

logger = logging.getLogger(__name__)

_PREFIX = "deskside_"
_RETRY_S = 1.0


class Bell:
    """Made by `open_bell`. `rings` counts; read it before looking, then wait for more than that: none is missed."""

    def __init__(self) -> None:
        self.rings = 0
        self._rung = asyncio.Event()
        self._told = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody; call it after the commit, from the event loop's own thread."""
        self.heard()
        self._told.set()

    def heard(self) -> None:
        """Wake those of this process."""
        self.rings += 1
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seen: int, seconds: float) -> None:
        """Until it has rung more than `seen` times, or so many seconds have passed."""
        if self.rings > seen:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)

    async def next_told(self) -> None:
        """Until it was rung here since the last call."""
        await self._told.wait()
        self._told.clear()


@asynccontextmanager
async def open_bell(engine: AsyncEngine, name: str) -> AsyncIterator[Bell]:
    """The bell of this name; on Postgres all processes of the database hear it."""
    bell = Bell()
    tasks: list[asyncio.Task[Any]] = []
    if engine.dialect.name == "postgresql":
        tasks = [
            asyncio.create_task(_hear(engine, bell, _PREFIX + name)),
            asyncio.create_task(_tell(engine, bell, _PREFIX + name)),
        ]
    try:
        yield bell
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _hear(engine: AsyncEngine, bell: Bell, channel: str) -> None:
    """Pass on what other processes tell, over one connection; a new one whenever it breaks."""
    while True:
        try:
            async with engine.connect() as connection:
                await _listen(connection, bell, channel)
        except Exception:
            logger.exception("cannot listen for %s", channel)
        await asyncio.sleep(_RETRY_S)


async def _listen(connection: AsyncConnection, bell: Bell, channel: str) -> None:
    """Until the connection breaks."""
    broken = asyncio.Event()
    driver: Any = (await connection.get_raw_connection()).driver_connection
    driver.add_termination_listener(lambda _: broken.set())
    await driver.add_listener(channel, lambda *_: bell.heard())
    bell.heard()  # what was told while nobody listened
    try:
        await broken.wait()
    finally:
        await connection.invalidate()


async def _tell(engine: AsyncEngine, bell: Bell, channel: str) -> None:
    """Tell other processes that the bell was rung; what is rung while that is under way is told once."""
    while True:
        await bell.next_told()
        try:
            async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                await connection.exec_driver_sql(f"NOTIFY {channel}")
        except Exception:
            logger.exception("cannot tell others of %s", channel)
            await asyncio.sleep(_RETRY_S)
