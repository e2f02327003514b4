"""Queries for the figures of the work."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import DraftRow, EventRow, JobRow, PublicationRow

Figures = Mapping[str, Mapping[tuple[str, ...], float]]
"""By name of the figure, by its labels, the value."""


async def count(session: AsyncSession, *, now: datetime) -> Figures:
    """How much there is of what, now."""
    due = select(func.min(col(JobRow.run_after))).where(col(JobRow.state) == "ready", col(JobRow.run_after) <= now)
    oldest = (await session.execute(due)).scalar()
    unplaced = select(func.count()).select_from(EventRow).where(col(EventRow.position).is_(None))
    return {
        "jobs": await _by(session, col(JobRow.kind), col(JobRow.state)),
        "drafts": await _by(session, col(DraftRow.brand), col(DraftRow.state)),
        "publications": await _by(session, col(PublicationRow.brand), col(PublicationRow.state)),
        "oldest_ready_job_seconds": {(): (now - oldest).total_seconds() if oldest else 0.0},
        "events_unplaced": {(): float((await session.execute(unplaced)).scalar_one())},
    }


async def _by(session: AsyncSession, *columns: Any) -> dict[tuple[str, ...], float]:  # noqa: ANN401 - columns
    found = await session.execute(select(*columns, func.count()).group_by(*columns))
    return {tuple(row[:-1]): float(row[-1]) for row in found}


async def database_time(session: AsyncSession) -> datetime:
    """What time it is on the database's machine."""
    if session.get_bind().dialect.name == "postgresql":
        return (await session.execute(select(func.now()))).scalar_one()
    return datetime.fromisoformat((await session.execute(select(func.datetime("now")))).scalar_one()).replace(
        tzinfo=UTC
    )
