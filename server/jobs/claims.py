"""Holding a job: claimed for a lease, kept by heartbeats, ended in the transaction of its effect or handed back.

Whoever stops without a word loses the job when the lease ends, and what they do after that does not count: every claim
raises the job's fence, and only the newest holder can end it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.events.log import record
from server.jobs import repository
from server.jobs.lanes import Limit, paced, room
from server.models import JobRow, LaneRow

LEASE = timedelta(seconds=6)
"""Others take over this long after a worker's last heartbeat."""

TRIES = 8
"""After so many a job is dead: a person looks at it."""

_DIED_WORKING = "its worker ended in the middle of it"


class LeaseLost(Exception):
    """Somebody else holds the job now, or nobody; what was done on this claim must not count."""

    def __init__(self, job: str) -> None:
        super().__init__(f"the lease of {job} is lost")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this process holds. `attempts` counts this one."""

    id: str
    kind: str
    key: str | None
    brand: str | None
    lane: str
    payload: Mapping[str, Any]
    attempts: int
    fence: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Who claims: a worker's name, what it has under way in each lane, and the lanes' bounds."""

    worker: str
    here: Counter[str]
    limit: Callable[[str], Limit]


async def claim(engine: AsyncEngine, holder: Holder, most: int, now: datetime) -> list[Claimed]:
    """Up to `most` jobs that are due, urgent ones first, within the bounds of their lanes."""
    async with writing(engine) as session:
        await repository.one_at_a_time(session)
        await _take_back_expired(session, now)
        waiting = await repository.lanes_with_work(session, now)
        if not waiting:
            return []
        rows, running = await repository.lane_rows(session, waiting), await repository.running_by_lane(session)
        rooms: dict[str, int] = {}
        for lane in waiting:
            free = room(
                holder.limit(lane),
                rows.get(lane),
                running=running[lane],
                running_here=holder.here[lane],
                now=now,
            )
            rooms[lane] = most if free is None else min(free, most)
        due = await repository.due_jobs(session, {lane: free for lane, free in rooms.items() if free}, most, now)
        for job in due:
            job.state, job.worker, job.leased_until = "running", holder.worker, now + LEASE
            job.fence += 1
            job.attempts += 1
        await _keep_pace(session, holder.limit, rows, Counter(job.lane for job in due), now)
        return [_claimed(job) for job in due]


async def finish(session: AsyncSession, job: Claimed, now: datetime) -> None:
    """End the job in the transaction of its effect. Best called first: who has lost the lease does nothing then.

    Raises:
        LeaseLost: the transaction must be undone.
    """
    if not await repository.to_end(session, job.id, job.fence, state="done", now=now):
        raise LeaseLost(job.id)


async def hold(session: AsyncSession, job: Claimed) -> None:
    """Make sure that the claim stands, and goes on standing until this transaction ends.

    Raises:
        LeaseLost: the transaction must be undone.
    """
    if await repository.held(session, job.id, job.fence) is None:
        raise LeaseLost(job.id)


async def again(session: AsyncSession, job: Claimed, now: datetime, *, after: datetime, words: str) -> None:
    """End this try in the transaction of its effect, and have the job run again later; the try does not count.

    Raises:
        LeaseLost: the transaction must be undone.
    """
    row = await repository.held(session, job.id, job.fence)
    if row is None:
        raise LeaseLost(job.id)
    await _back(session, row, now, after=after, words=words, attempts=row.attempts - 1)


async def give_back(engine: AsyncEngine, jobs: Collection[Claimed], now: datetime) -> None:
    """Hand jobs back that were not done, as if they had not been claimed. Those lost already are left alone."""
    async with writing(engine) as session:
        for job in jobs:
            row = await repository.held(session, job.id, job.fence)
            if row is not None:
                await _back(session, row, now, after=row.run_after, words=row.error, attempts=row.attempts - 1)


async def put_off(
    engine: AsyncEngine,
    job: Claimed,
    now: datetime,
    *,
    after: datetime,
    words: str,
    counts: bool = True,
    tries: int = TRIES,
) -> None:
    """The try has failed: the job runs again later, or is dead if that was the last of `tries`. Nothing if it is lost.

    A try that does not count is none of them.
    """
    async with writing(engine) as session:
        row = await repository.held(session, job.id, job.fence)
        if row is not None and counts and row.attempts >= tries:
            await _bury(session, row, now, words)
        elif row is not None:
            await _back(session, row, now, after=after, words=words, attempts=row.attempts - (0 if counts else 1))


async def keep(engine: AsyncEngine, jobs: Collection[Claimed], now: datetime) -> list[Claimed]:
    """A heartbeat: the leases of these jobs begin anew. Gives those that are lost."""
    async with writing(engine) as session:
        kept = await repository.extend(session, {job.id: job.fence for job in jobs}, now + LEASE)
    return [job for job in jobs if job.id not in kept]


async def end(engine: AsyncEngine, job: Claimed, now: datetime) -> None:
    """End a job that had no effect to end with; nothing if it is ended already."""
    if await _is_held(engine, job):
        async with writing(engine) as session:
            await repository.to_end(session, job.id, job.fence, state="done", now=now)


async def block(session: AsyncSession, lane: str, until: datetime) -> None:
    """Have no job of this lane begin before then: its network said so."""
    await repository.keep_lane(session, lane, blocked_until=until)


async def _is_held(engine: AsyncEngine, job: Claimed) -> bool:
    async with reading(engine) as session:
        return await repository.is_held(session, job.id, job.fence)


async def _take_back_expired(session: AsyncSession, now: datetime) -> None:
    for row in await repository.expired(session, now):
        if row.attempts >= TRIES:
            await _bury(session, row, now, _DIED_WORKING)
        else:
            await _back(session, row, now, after=row.run_after, words=_DIED_WORKING, attempts=row.attempts)


async def _back(
    session: AsyncSession, row: JobRow, now: datetime, *, after: datetime, words: str | None, attempts: int
) -> None:
    """To those that wait. If another of its key waits already, that one does the work and this one ends."""
    if not await repository.to_waiting(session, row.id, row.fence, after=after, attempts=attempts, words=words):
        await repository.to_end(session, row.id, row.fence, state="done", now=now, words=words)


async def _bury(session: AsyncSession, row: JobRow, now: datetime, words: str) -> None:
    await repository.to_end(session, row.id, row.fence, state="dead", now=now, words=words)
    if row.brand is not None:
        record(session, "job.died", row.id, brand=row.brand, at=now, job_kind=row.kind)


async def _keep_pace(
    session: AsyncSession,
    limit: Callable[[str], Limit],
    rows: Mapping[str, LaneRow],
    begun: Counter[str],
    now: datetime,
) -> None:
    for lane, count in begun.items():
        if limit(lane).per_minute:
            until = paced(limit(lane), rows.get(lane), count, now=now)
            await repository.keep_lane(session, lane, paced_until=until)


def _claimed(job: JobRow) -> Claimed:
    return Claimed(job.id, job.kind, job.key, job.brand, job.lane, job.payload, job.attempts, job.fence)
