"""Putting work off: the job is committed with the change it follows from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.jobs import queue_repository
from server.models import JobRow
from server.models.ids import new_id

ORDINARY = 5
URGENT = 1  # somebody waits for it
PRIORITIES = (URGENT, ORDINARY)
"""All there are: workers look for each of them."""


async def enqueue(
    session: AsyncSession,
    kind: str,
    *,
    lane: str,
    payload: Mapping[str, Any],
    now: datetime,
    brand: str | None = None,
    key: str | None = None,
    after: datetime | None = None,
    priority: int = ORDINARY,
) -> None:
    """Add a job to this transaction; if one of the same key waits already, that one is kept and moved to `after`.

    Args:
        session: The transaction of the change that the job follows from.
        kind: Which handler runs it.
        lane: Jobs of a lane share a limit: "draft", "send:<account>", …
        payload: Ids that the handler reads again; JSON.
        now: This moment.
        brand: Whose records it works on: only this brand's staff sees the job. None: all who look after jobs do.
        key: Names the work itself, so that it waits at most once. A job of this key that already runs keeps running,
            and a new one is added that runs after it: it has not seen this change.
        after: Not before this moment.
        priority: URGENT or ORDINARY.
    """
    row = job(kind, lane=lane, payload=payload, now=now, brand=brand, key=key, after=after, priority=priority)
    await enqueue_all(session, [row])


async def enqueue_all(session: AsyncSession, jobs: Sequence[JobRow]) -> None:
    """The same for many that `job` made, at the price of one."""
    await queue_repository.put_in(session, jobs)


def job(
    kind: str,
    *,
    lane: str,
    payload: Mapping[str, Any],
    now: datetime,
    brand: str | None = None,
    key: str | None = None,
    after: datetime | None = None,
    priority: int = ORDINARY,
) -> JobRow:
    """A job that is not in the table yet; its arguments are those of `enqueue`."""
    if priority not in PRIORITIES:
        raise ValueError(f"no worker looks for jobs of priority {priority}")
    return JobRow(
        id=new_id("job"),
        kind=kind,
        key=key,
        brand=brand,
        lane=lane,
        priority=priority,
        payload=dict(payload),
        run_after=after or now,
        created_at=now,
    )
