"""Queries for events."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, text
from sqlalchemy.orm import Session
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import EventRow, metadata

_PLACING_LOCK = 4_217_002  # any number that nobody else locks


def write(session: Session, events: Sequence[Mapping[str, Any]]) -> None:
    """Put in several events at once, within a commit: where SQLAlchemy waits for nothing asynchronous."""
    session.execute(insert(metadata.tables["events"]), events)


async def place(session: AsyncSession, *, limit: int) -> Sequence[EventRow]:
    """Give the next positions to events that are committed and have none; those events, in order.

    One at a time does this, in a transaction of its own: whoever sees a position sees all before it.
    """
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PLACING_LOCK})
    unplaced = select(EventRow).where(col(EventRow.position).is_(None)).order_by(col(EventRow.id)).limit(limit)
    found = (await session.exec(unplaced)).all()
    if found:
        start = await newest(session) + 1
        for number, event in enumerate(found):
            event.position = start + number
        await session.flush()
    return found


async def has_unplaced(session: AsyncSession) -> bool:
    """Whether an event has no position yet."""
    found = select(col(EventRow.id)).where(col(EventRow.position).is_(None)).limit(1)
    return (await session.exec(found)).first() is not None


async def forget(session: AsyncSession, *, before: datetime, most: int) -> int:
    """Forget up to so many events that are older; how many. The last stays: positions go on from it."""
    last = select(func.max(EventRow.position)).scalar_subquery()
    old = select(col(EventRow.id)).where(col(EventRow.at) < before, col(EventRow.position) < last)
    chosen = list(await session.exec(old.order_by(col(EventRow.position)).limit(most)))
    await session.exec(delete(EventRow).where(col(EventRow.id).in_(chosen)))
    return len(chosen)


async def newest(session: AsyncSession) -> int:
    """The last position given; 0 if none was."""
    return (await session.exec(select(func.max(EventRow.position)))).one() or 0


async def oldest(session: AsyncSession) -> int:
    """The first position that is still kept; 0 if none is."""
    return (await session.exec(select(func.min(EventRow.position)))).one() or 0


async def after(
    session: AsyncSession, position: int, *, until: int, brands: Collection[str] | None, limit: int
) -> list[EventRow]:
    """The events of these brands (None: of all) behind a position, in order."""
    found = select(EventRow).where(col(EventRow.position) > position, col(EventRow.position) <= until)
    if brands is not None:
        found = found.where(col(EventRow.brand).in_(brands))
    return list(await session.exec(found.order_by(col(EventRow.position)).limit(limit)))
