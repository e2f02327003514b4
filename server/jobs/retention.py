"""Jobs that are done are forgotten after a while, and dead ones that nobody wanted after a longer one."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.jobs import repository
from server.settings import Settings

_BATCH = 500
_DEAD_DAYS = 90


async def sweep(engine: AsyncEngine, settings: Settings, now: datetime) -> int:
    """Delete what is old enough, a short transaction for each batch; how many. Any number of processes may."""
    deleted = 0
    for state, days in (("done", settings.keep_jobs_days), ("dead", max(_DEAD_DAYS, settings.keep_jobs_days))):
        found = _BATCH
        while found == _BATCH:
            async with writing(engine) as session:
                found = await repository.delete_ended(session, state, now - timedelta(days=days), _BATCH)
            deleted += found
    return deleted
