"""Cutting the chain's old end: what has been kept long enough goes, and a sealed mark says up to where."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from server.audit import repository
from server.audit.seals import START, Seals
from server.db import writing
from server.events.log import record
from server.models import AuditCutRow, AuditRow

_BATCH = 1_000
_logger = logging.getLogger(__name__)


async def cut(engine: AsyncEngine, seals: Seals, *, now: datetime, keep: timedelta) -> int:
    """Cut what is older, in short transactions; how many rows. The last row of all stays.

    A stretch is not cut in which a row is not as it was written, or does not stand behind the one it was written
    behind: it is what shows that something was changed or taken out.
    """
    total, found = 0, _BATCH
    while found == _BATCH:
        async with writing(engine) as session:
            rows = await repository.oldest(session, now - keep, _BATCH)
            if broken := _broken(rows, await repository.newest_cut(session), seals):
                _logger.error("%s: deskside audit verify; nothing is cut", broken)
                return total
            if rows:
                last = rows[-1]
                await repository.cut(session, seals.cut(last, now))
                record(session, "audit.cut", f"row_{last.number}", brand="", at=now, rows=len(rows), seal=last.seal)
        found = len(rows)
        total += found
    return total


def _broken(rows: Sequence[AuditRow], mark: AuditCutRow | None, seals: Seals) -> str | None:
    """What of these rows, which are the first behind the mark, is not as it was written."""
    number, seal = (0, START) if mark is None else (mark.number, mark.last_seal)
    if mark is not None and not seals.is_our_cut(mark):
        return f"the cut behind row {number} of the audit is not as it was written"
    if mark is not None and rows and seals.is_cut_from_before(mark) and not seals.is_from_before(rows[0]):
        return f"the cut behind row {number} of the audit was made with an old secret, after it was changed"
    for row in rows:
        if not seals.is_ours(row):
            return f"row {row.number} of the audit is not as it was written"
        if (row.number, row.before) != (number + 1, seal):
            return f"row {row.number} of the audit does not stand behind the one it was written behind"
        number, seal = row.number, row.seal
    return None
