"""Reading the views of the queue that people keep."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import SavedViewRow


async def list_views(session: AsyncSession, staff: str, brands: Collection[str]) -> Sequence[SavedViewRow]:
    """The person's own, and those that are shared with one of these brands, by their names."""
    query = select(SavedViewRow).where(_seen_by(staff, brands))
    return (await session.exec(query.order_by(col(SavedViewRow.name), col(SavedViewRow.id)))).all()


async def find_view(session: AsyncSession, view: str, staff: str, brands: Collection[str]) -> SavedViewRow | None:
    """The view of this id, if they see it."""
    return (await session.exec(select(SavedViewRow).where(SavedViewRow.id == view, _seen_by(staff, brands)))).first()


async def lock_view(session: AsyncSession, view: str, staff: str, brands: Collection[str]) -> SavedViewRow | None:
    """The same, which nobody else changes until this transaction ends."""
    query = select(SavedViewRow).where(SavedViewRow.id == view, _seen_by(staff, brands))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def add_view(session: AsyncSession, row: SavedViewRow) -> None:
    """Keep one."""
    session.add(row)
    await session.flush()


async def drop_view(session: AsyncSession, row: SavedViewRow) -> None:
    """Keep it no longer."""
    await session.delete(row)


def _seen_by(staff: str, brands: Collection[str]) -> ColumnElement[bool]:
    own = and_(col(SavedViewRow.brand).is_(None), col(SavedViewRow.staff) == staff)
    return or_(own, col(SavedViewRow.brand).in_(brands))
