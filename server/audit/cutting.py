"""Cutting the chain's old end: what has been kept long enough goes, and a sealed mark says up to where."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from server.audit import repository
from server.audit.seals import Seals
from server.db import writing
from server.events.log import record

_BATCH = 1_000
_logger = logging.getLogger(__name__)


async def cut(engine: AsyncEngine, seals: Seals, *, now: datetime, keep: timedelta) -> int:
    """Cut what is older, in short transactions; how many rows. The last row of all stays.

    Rows that are not as they were written are not cut: they are what shows it.
    """
    total, found = 0, _BATCH
    while found == _BATCH:
        async with writing(engine) as session:
            rows = await repository.oldest(session, now - keep, _BATCH)
            if broken := next((row.number for row in rows if not seals.is_ours(row)), None):
                _logger.error("row %d of the audit is not as it was written; nothing is cut", broken)
                return total
            if rows:
                last = rows[-1]
                await repository.cut(session, seals.cut(last, now))
                record(session, "audit.cut", f"row_{last.number}", brand="", at=now, rows=len(rows), seal=last.seal)
        found = len(rows)
        total += found
    return total
