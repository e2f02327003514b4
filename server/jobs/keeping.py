"""Keeping leases while the work goes on: in a thread of its own, over a connection of its own.

Drafting works the processor hard, and what it holds up are the tasks of the event loop. A heartbeat among them would
miss its beats, and jobs be taken from a worker that is only busy. One whose loop has not answered for a while is taken
for dead all the same.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import connect
from server.jobs import claims
from server.jobs.claims import Claimed

logger = logging.getLogger(__name__)

_HEARTBEAT_S = claims.LEASE.total_seconds() / 3
_ANSWERS_WITHIN_S = 60.0


class LeaseKeeper:
    """Extends the leases of whatever is held, from `start` to `stop`, and tells the loop which ones are lost."""

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], datetime],
        held: Callable[[], Collection[Claimed]],
        on_lost: Callable[[Collection[Claimed]], None],
    ) -> None:
        """`held` is asked from the other thread, `on_lost` called in the loop that `start` was called in."""
        self._url = engine.url
        self._clock, self._held, self._on_lost = clock, held, on_lost
        self._answered = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def start(self) -> None:
        """Call it in the worker's event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """No lease is extended any more when this is done."""
        self._stopped.set()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            asyncio.run(self._keep_all())
        except Exception:
            logger.exception("the keeper of leases has ended; jobs under way will be taken over")

    async def _keep_all(self) -> None:
        engine = connect(self._url.render_as_string(hide_password=False))
        try:
            while not await asyncio.to_thread(self._stopped.wait, _HEARTBEAT_S):
                held = self._held()
                if held and self._is_answered():
                    await self._keep(engine, held)
        finally:
            await engine.dispose()

    async def _keep(self, engine: AsyncEngine, held: Collection[Claimed]) -> None:
        try:
            lost = await claims.keep(engine, held, self._clock())
        except Exception:
            logger.exception("cannot keep leases")
            return
        if lost:
            self._tell(self._on_lost, lost)

    def _is_answered(self) -> bool:
        """Whether the loop still runs anything."""
        self._tell(self._note_answer)
        return time.monotonic() - self._answered < _ANSWERS_WITHIN_S

    def _note_answer(self) -> None:
        self._answered = time.monotonic()

    def _tell(self, what: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(what, *arguments)
        except RuntimeError:  # the loop is closed: there is nobody to tell
            self._stopped.set()
