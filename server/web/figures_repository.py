"""Queries for the figures of the work."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import DraftRow, EventRow, JobRow, PublicationRow

Figures = Mapping[str, Mapping[tuple[str, ...], float]]
"""By name of the figure, by its labels, the value."""


async def count(session: AsyncSession, *, brands: frozenset[str] | None, now: datetime) -> Figures:
    """How much there is of what, now; of drafts and publications those of these brands, or of all (None)."""
    due = select(func.min(col(JobRow.run_after))).where(col(JobRow.state) == "ready", col(JobRow.run_after) <= now)
    oldest = (await session.exec(due)).one()
    unplaced = select(func.count()).select_from(EventRow).where(col(EventRow.position).is_(None))
    return {
        "jobs": await _by(session, col(JobRow.kind), col(JobRow.state)),
        "drafts": await _by_brand(session, col(DraftRow.brand), col(DraftRow.state), brands),
        "publications": await _by_brand(session, col(PublicationRow.brand), col(PublicationRow.state), brands),
        "oldest_ready_job_seconds": {(): (now - oldest).total_seconds() if oldest else 0.0},
        "events_unplaced": {(): float((await session.exec(unplaced)).one())},
    }


async def _by(session: AsyncSession, first: Mapped[str], second: Mapped[str]) -> dict[tuple[str, ...], float]:
    found = await session.exec(select(first, second, func.count()).group_by(first, second))
    return {(one, other): float(number) for one, other, number in found}


async def _by_brand(
    session: AsyncSession, brand: Mapped[str], state: Mapped[str], brands: frozenset[str] | None
) -> dict[tuple[str, ...], float]:
    counts = await _by(session, brand, state)
    return {labels: number for labels, number in counts.items() if brands is None or labels[0] in brands}


async def database_time(session: AsyncSession) -> datetime:
    """What time it is on the database's machine."""
    if session.get_bind().dialect.name == "postgresql":
        told: datetime = (await session.exec(select(func.now()))).one()
        return told
    words: str = (await session.exec(select(func.datetime("now")))).one()
    return datetime.fromisoformat(words).replace(tzinfo=UTC)
