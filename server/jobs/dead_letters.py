"""Jobs that were given up: seen by whoever looks after jobs, and put in again."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotFound
from server.events.log import record
from server.jobs import repository
from server.models import JobRow
from server.staff.roles import Caller

RETRIED_AT_ONCE = 500


class NoSuchJob(NotFound):
    """There is none of this id, or none of the caller's brands."""


class JobNotDead(Conflict):
    """It waits, runs or is done; there is nothing to retry."""


async def list_dead(
    session: AsyncSession, caller: Caller, *, kind: str | None, before: tuple[datetime, str] | None, limit: int
) -> Sequence[JobRow]:
    """Dead jobs, the last that died first."""
    return await repository.dead_jobs(session, caller.brands, kind=kind, before=before, limit=limit)


async def get_job(session: AsyncSession, caller: Caller, job: str) -> JobRow:
    """The job.

    Raises:
        NoSuchJob: the caller has none of this id.
    """
    row = await repository.find_job(session, job, caller.brands)
    if row is None:
        raise NoSuchJob(f"there is no job {job}")
    return row


async def retry(session: AsyncSession, caller: Caller, job: str, now: datetime) -> JobRow:
    """Put a dead job in again, with all its tries. If the same work waits already, this job is done with that.

    Raises:
        NoSuchJob: the caller has none of this id.
        JobNotDead: it is not dead.
    """
    row = await get_job(session, caller, job)
    if not await _revive(session, row, now):
        await session.refresh(row)
        raise JobNotDead(f"this job is {row.state}; only dead jobs are retried", state=row.state)
    await session.refresh(row)
    return row


async def retry_all(session: AsyncSession, caller: Caller, kind: str | None, now: datetime) -> int:
    """Put dead jobs in again, the oldest last and at most RETRIED_AT_ONCE; how many."""
    rows = await list_dead(session, caller, kind=kind, before=None, limit=RETRIED_AT_ONCE)
    return sum([await _revive(session, row, now) for row in rows])


async def _revive(session: AsyncSession, row: JobRow, now: datetime) -> bool:
    if not await repository.revive(session, row.id, now):
        return False
    if row.brand is not None:
        record(session, "job.retried", row.id, brand=row.brand, at=now, job_kind=row.kind)
    return True
