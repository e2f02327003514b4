"""Drafts for many threads: several at once where a model is asked, handed out in the order they came in."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from assistant.case import Thread
from assistant.outcome import TurnRecord
from assistant.turn import Desk, run_turn
from server.drafts.reading import BadLine


async def draft_all(
    threads: Iterable[Thread | BadLine], desk: Desk, *, at_once: int, now: datetime | None = None
) -> AsyncIterator[TurnRecord | BadLine]:
    """One record for each thread, in order; bad lines pass through in their places.

    `at_once` bounds the turns under way, so that a large file neither floods the model endpoint nor fills the memory.
    """
    waiting: deque[asyncio.Task[TurnRecord] | BadLine] = deque()
    try:
        for thread in threads:
            if len(waiting) >= at_once:
                yield await _settle(waiting.popleft())
            waiting.append(
                thread if isinstance(thread, BadLine) else asyncio.create_task(run_turn(thread, desk, now=now))
            )
        while waiting:
            yield await _settle(waiting.popleft())
    finally:
        for item in waiting:
            if isinstance(item, asyncio.Task):
                item.cancel()


async def _settle(item: asyncio.Task[TurnRecord] | BadLine) -> TurnRecord | BadLine:
    return item if isinstance(item, BadLine) else await item
