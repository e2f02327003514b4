"""Which generation of the shared index counts."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import IndexRow


async def counting(session: AsyncSession) -> IndexRow | None:
    """The generation that counts; None before the first."""
    return await session.get(IndexRow, 1)


async def count_from_now(
    session: AsyncSession, before: IndexRow | None, *, name: str, digest: str, now: datetime
) -> IndexRow | None:
    """Let this be the next generation, which is given; None if another took the place of `before` meanwhile."""
    generation = before.generation + 1 if before else 1
    row = IndexRow(generation=generation, name=name, digest=digest, made_at=now)
    if before is None:
        try:
            async with session.begin_nested():
                session.add(row)
        except IntegrityError:
            return None
        return row
    changed = await session.exec(
        update(IndexRow)
        .where(col(IndexRow.id) == 1, col(IndexRow.generation) == before.generation)
        .values(generation=generation, name=name, digest=digest, made_at=now)
        .execution_options(synchronize_session=False)
    )
    return row if changed.rowcount == 1 else None
