"""Queries of the versions of what brands have decided, and of what waits for it."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Table, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.states import ActionState
from server.models import ActionRow, BrandSettingRow

LIMITS = "limits"
_WAITING = (ActionState.PROPOSED, ActionState.AWAITING_SECOND)


async def newest(session: AsyncSession, brands: Collection[str] | None = None) -> Mapping[str, BrandSettingRow]:
    """The limits that people have decided last, by brand; of all brands, or of these."""
    last = select(BrandSettingRow.brand, func.max(BrandSettingRow.number).label("number"))
    last = last.where(BrandSettingRow.subject == LIMITS)
    if brands is not None:
        last = last.where(col(BrandSettingRow.brand).in_(brands))
    found = last.group_by(col(BrandSettingRow.brand)).subquery()
    query = select(BrandSettingRow).join(
        found,
        (col(BrandSettingRow.brand) == found.c.brand) & (col(BrandSettingRow.number) == found.c.number),
    )
    rows = await session.exec(query.where(BrandSettingRow.subject == LIMITS))
    return {row.brand: row for row in rows}


async def versions(session: AsyncSession, brand: str) -> Sequence[BrandSettingRow]:
    """Every version of a brand's limits, the newest first."""
    query = select(BrandSettingRow).where(BrandSettingRow.brand == brand, BrandSettingRow.subject == LIMITS)
    return (await session.exec(query.order_by(col(BrandSettingRow.number).desc()))).all()


async def add_version(session: AsyncSession, row: BrandSettingRow) -> bool:
    """Add a version; False if somebody else has added one of this number, at this moment too."""
    table: Table = BrandSettingRow.__table__  # type: ignore[attr-defined]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = insert(table).values(row.model_dump()).on_conflict_do_nothing()
    return (await session.exec(added.returning(table.c.number))).first() is not None


async def waiting_actions(session: AsyncSession, brand: str) -> Sequence[ActionRow]:
    """The brand's actions that come to something and that nobody has decided on yet."""
    query = select(ActionRow).where(
        ActionRow.brand == brand, col(ActionRow.state).in_(_WAITING), col(ActionRow.amount).is_not(None)
    )
    return (await session.exec(query.order_by(col(ActionRow.id)))).all()
