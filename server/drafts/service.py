"""Drafts for many threads: several at once where a model is asked, handed out in the order they came in."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from assistant.outcome import TurnRecord
from assistant.turn import Desk, run_turn
from server.drafts.reading import GoodLine
from server.json_lines import BadLine

_logger = logging.getLogger(__name__)


async def draft_all(
    lines: Iterable[GoodLine | BadLine], desk: Desk, *, at_once: int, now: datetime | None = None
) -> AsyncIterator[TurnRecord | BadLine]:
    """One record for each thread, in order; bad lines pass through in their places.

    `at_once` bounds the turns under way, so that a large file neither floods the model endpoint nor fills the memory.
    """
    waiting: deque[asyncio.Task[TurnRecord | BadLine]] = deque()
    try:
        for line in lines:
            if len(waiting) >= at_once:
                yield await waiting.popleft()
            waiting.append(asyncio.create_task(_draft(line, desk, now)))
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()


async def _draft(line: GoodLine | BadLine, desk: Desk, now: datetime | None) -> TurnRecord | BadLine:
    if isinstance(line, BadLine):
        return line
    try:
        return await run_turn(line.thread, desk, now=now)
    except Exception:
        # a fault of ours in one thread must not cost the people behind it in the file their drafts
        _logger.exception("thread %s could not be drafted", line.thread.id)
        return BadLine(line.line, line.thread.id, "could not be drafted because of a fault in Deskside; see the log")
