"""Queries over jobs and lanes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, tuple_, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import Update
from sqlmodel import col, desc, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_into
from server.jobs.queue import PRIORITIES
from server.models import JobRow, LaneRow

_CLAIMING = 4_217_003  # Postgres's lock of that number: claims come one after the other

_EXPIRED_AT_ONCE = 100


async def one_at_a_time(session: AsyncSession) -> None:
    """Wait until nobody else is claiming: how many jobs of a lane run is counted and then acted on."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock(_CLAIMING)))


async def lanes_with_work(session: AsyncSession, now: datetime) -> list[str]:
    """The lanes in which jobs are due; a few steps for each lane in which any wait, however many jobs."""
    ready = col(JobRow.state) == "ready"
    found = select(func.min(JobRow.lane).label("lane")).where(ready).cte("found", recursive=True)
    following = select(func.min(JobRow.lane)).where(ready, col(JobRow.lane) > found.c.lane).scalar_subquery()
    found = found.union_all(select(following).where(found.c.lane.is_not(None)))
    due = [
        exists().where(
            ready, col(JobRow.lane) == found.c.lane, col(JobRow.priority) == priority, col(JobRow.run_after) <= now
        )
        for priority in PRIORITIES
    ]
    return list(await session.exec(select(found.c.lane).where(found.c.lane.is_not(None), or_(*due))))


async def lane_rows(session: AsyncSession, lanes: Collection[str]) -> dict[str, LaneRow]:
    """What is kept of these lanes."""
    rows = await session.exec(select(LaneRow).where(col(LaneRow.lane).in_(lanes)))
    return {row.lane: row for row in rows}


async def keep_lane(session: AsyncSession, lane: str, **values: datetime) -> None:
    """Set columns of what is kept of a lane."""
    insert = insert_into(session, LaneRow).values(lane=lane, **values)
    await session.exec(insert.on_conflict_do_update(index_elements=["lane"], set_=values))


async def running_by_lane(session: AsyncSession) -> Counter[str]:
    """How many jobs run in each lane, in all processes."""
    query = select(JobRow.lane, func.count()).where(JobRow.state == "running").group_by(col(JobRow.lane))
    return Counter({lane: count for lane, count in await session.exec(query)})


async def due_jobs(session: AsyncSession, rooms: Mapping[str, int], most: int, now: datetime) -> Sequence[JobRow]:
    """The jobs to run next, up to `rooms[lane]` of each lane, locked. None whose key runs already."""
    if not rooms:
        return ()
    other = aliased(JobRow)
    same_runs = exists().where(col(other.state) == "running", col(other.key) == JobRow.key)
    of_each = [
        select(
            select(JobRow.id, JobRow.priority, JobRow.run_after)
            .where(
                JobRow.state == "ready",
                JobRow.lane == lane,
                JobRow.priority == priority,
                JobRow.run_after <= now,
                or_(col(JobRow.key).is_(None), ~same_runs),
            )
            .order_by(col(JobRow.run_after))
            .limit(room)
            .subquery()
        )
        for lane, room in rooms.items()
        for priority in PRIORITIES
    ]
    found = union_all(*of_each).subquery()
    first = select(found.c.id).order_by(found.c.priority, found.c.run_after, found.c.id).limit(most * len(PRIORITIES))
    ids = list(await session.exec(first))
    locked = select(JobRow).where(col(JobRow.id).in_(ids), JobRow.state == "ready").with_for_update(skip_locked=True)
    locked = locked.execution_options(populate_existing=True)  # some may just have been taken back
    rows = sorted(await session.exec(locked), key=lambda row: (row.priority, row.run_after, row.id))
    return _within(rows, rooms)[:most]


def _within(rows: Sequence[JobRow], rooms: Mapping[str, int]) -> list[JobRow]:
    """The rows in order, without those for which their lane has no room: each priority was asked for by itself."""
    taken: Counter[str] = Counter()
    chosen = []
    for row in rows:
        if taken[row.lane] < rooms[row.lane]:
            taken[row.lane] += 1
            chosen.append(row)
    return chosen


async def expired(session: AsyncSession, now: datetime) -> Sequence[JobRow]:
    """Jobs whose holder has not been heard of for a lease, locked."""
    query = select(JobRow).where(JobRow.state == "running", col(JobRow.leased_until) <= now).limit(_EXPIRED_AT_ONCE)
    return (await session.exec(query.with_for_update(skip_locked=True))).all()


async def held(session: AsyncSession, job: str, fence: int) -> JobRow | None:
    """The job, locked, if the claim with this fence still stands."""
    query = select(JobRow).where(*_stands(job, fence)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).one_or_none()


async def is_held(session: AsyncSession, job: str, fence: int) -> bool:
    """Whether the claim with this fence stands."""
    return (await session.exec(select(JobRow.id).where(*_stands(job, fence)))).first() is not None


async def to_end(
    session: AsyncSession, job: str, fence: int, *, state: str, now: datetime, words: str | None = None
) -> bool:
    """Let the claim with this fence end as done or dead; False if it stands no more."""
    values = {"state": state, "finished_at": now, "error": words}
    return await _let_go(session, job, fence, values)


async def to_waiting(
    session: AsyncSession, job: str, fence: int, *, after: datetime, attempts: int, words: str | None
) -> bool:
    """Let the claim with this fence end and the job wait again; False if another of its key waits already."""
    values = {"state": "ready", "run_after": after, "attempts": attempts, "error": words}
    try:
        async with session.begin_nested():
            return await _let_go(session, job, fence, values)
    except IntegrityError:
        return False


async def _let_go(session: AsyncSession, job: str, fence: int, values: Mapping[str, Any]) -> bool:
    let_go = await session.exec(
        update(JobRow)
        .where(*_stands(job, fence))
        .values(worker=None, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    return let_go.rowcount == 1


def _stands(job: str, fence: int) -> tuple[ColumnElement[bool], ...]:
    return col(JobRow.id) == job, col(JobRow.fence) == fence, col(JobRow.state) == "running"


async def extend(session: AsyncSession, fences: Mapping[str, int], until: datetime) -> set[str]:
    """Extend the leases of these claims; gives the ids of those that stand."""
    claims = [and_(col(JobRow.id) == job, col(JobRow.fence) == fence) for job, fence in fences.items()]
    kept = await session.exec(
        update(JobRow)
        .where(or_(*claims), col(JobRow.state) == "running")
        .values(leased_until=until)
        .returning(col(JobRow.id))
        .execution_options(synchronize_session=False)
    )
    return set(kept.scalars())


async def dead_jobs(
    session: AsyncSession, brands: frozenset[str], *, kind: str | None, before: tuple[datetime, str] | None, limit: int
) -> Sequence[JobRow]:
    """Dead jobs of these brands and of none, the last that died first."""
    query = select(JobRow).where(JobRow.state == "dead", _seen_by(brands))
    if kind is not None:
        query = query.where(JobRow.kind == kind)
    if before is not None:
        query = query.where(tuple_(col(JobRow.finished_at), col(JobRow.id)) < before)
    return (await session.exec(query.order_by(desc(JobRow.finished_at), desc(JobRow.id)).limit(limit))).all()


async def find_job(session: AsyncSession, job: str, brands: frozenset[str]) -> JobRow | None:
    """The job, if it is one of these brands' or of none."""
    query = select(JobRow).where(JobRow.id == job, _seen_by(brands))
    return (await session.exec(query)).one_or_none()


async def revive(session: AsyncSession, job: str, now: datetime) -> bool:
    """Let a dead job wait again, as if it was new; if another of its key waits already, it is done. False: not dead."""
    revived = _change_dead(job, state="ready", run_after=now, attempts=0, finished_at=None)
    try:
        async with session.begin_nested():
            return (await session.exec(revived)).rowcount == 1
    except IntegrityError:
        return (await session.exec(_change_dead(job, state="done", finished_at=now))).rowcount == 1


def _change_dead(job: str, **values: Any) -> Update:  # noqa: ANN401 - columns of several types
    change = update(JobRow).where(col(JobRow.id) == job, col(JobRow.state) == "dead").values(**values)
    return change.execution_options(synchronize_session=False)


def _seen_by(brands: frozenset[str]) -> ColumnElement[bool]:
    return or_(col(JobRow.brand).is_(None), col(JobRow.brand).in_(brands))


async def delete_ended(session: AsyncSession, state: str, before: datetime, most: int) -> int:
    """Delete so many of the jobs that ended like this before then, the oldest first; how many."""
    old = select(JobRow.id).where(JobRow.state == state, col(JobRow.finished_at) < before)
    old = old.order_by(col(JobRow.finished_at)).limit(most)
    deleted = await session.exec(delete(JobRow).where(col(JobRow.id).in_(old)))
    return deleted.rowcount
