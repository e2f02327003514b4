"""Queries of the places that customers may be sent to."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_row
from server.models import DestinationRow, DestinationStateRow


async def revision(session: AsyncSession) -> int:
    """How often the places have changed."""
    return (await session.exec(select(DestinationStateRow.revision))).one()


async def lock(session: AsyncSession) -> DestinationStateRow:
    """The same, for a change of places: until this transaction ends nobody else makes one."""
    query = select(DestinationStateRow).with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one()


async def all_destinations(session: AsyncSession) -> Mapping[str, DestinationRow]:
    """Every place there is or was, by its id."""
    rows = (await session.exec(select(DestinationRow).order_by(col(DestinationRow.id)))).all()
    return {row.id: row for row in rows}


async def standing(session: AsyncSession) -> Sequence[DestinationRow]:
    """The places that drafts may name, by id."""
    query = select(DestinationRow).where(col(DestinationRow.retired_at).is_(None)).order_by(col(DestinationRow.id))
    return (await session.exec(query)).all()


async def list_destinations(
    session: AsyncSession,
    brands: Collection[str],
    *,
    brand: str | None = None,
    kind: str | None = None,
    retired: bool = False,
    after: str | None = None,
    limit: int,
) -> Sequence[DestinationRow]:
    """A page of these brands' places and those of every brand, by id, from the one `after`; `brand` narrows it down."""
    named = set(brands) & {brand} if brand is not None else set(brands)
    query = select(DestinationRow).where(_of(named)).order_by(col(DestinationRow.id))
    if kind is not None:
        query = query.where(DestinationRow.kind == kind)
    if not retired:
        query = query.where(col(DestinationRow.retired_at).is_(None))
    if after is not None:
        query = query.where(DestinationRow.id > after)
    return (await session.exec(query.limit(limit))).all()


async def find(session: AsyncSession, destination: str, brands: Collection[str]) -> DestinationRow | None:
    """The place of this id, if it is one of these brands or of every brand."""
    query = select(DestinationRow).where(DestinationRow.id == destination, _of(brands))
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def insert(session: AsyncSession, row: DestinationRow) -> bool:
    """Add a place; False if its id is taken, by another process at this moment too."""
    return await insert_row(session, row)


def _of(brands: Collection[str]) -> ColumnElement[bool]:
    return or_(col(DestinationRow.brand).is_(None), col(DestinationRow.brand).in_(brands))
