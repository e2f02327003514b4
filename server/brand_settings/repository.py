"""Queries of the versions of what brands have decided."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_row
from server.models import BrandSettingRow


async def newest(
    session: AsyncSession, subject: str, brands: Collection[str] | None = None
) -> Mapping[str, BrandSettingRow]:
    """The last version about a subject, by brand; of all brands, or of these."""
    last = select(BrandSettingRow.brand, func.max(BrandSettingRow.number).label("number"))
    last = last.where(BrandSettingRow.subject == subject)
    if brands is not None:
        last = last.where(col(BrandSettingRow.brand).in_(brands))
    found = last.group_by(col(BrandSettingRow.brand)).subquery()
    query = select(BrandSettingRow).join(
        found,
        (col(BrandSettingRow.brand) == found.c.brand) & (col(BrandSettingRow.number) == found.c.number),
    )
    rows = await session.exec(query.where(BrandSettingRow.subject == subject))
    return {row.brand: row for row in rows}


async def revision(session: AsyncSession, subject: str) -> int:
    """How often something about a subject was decided, at any brand: versions are added, and never changed."""
    count = select(func.count()).select_from(BrandSettingRow).where(BrandSettingRow.subject == subject)
    return (await session.exec(count)).one()


async def versions(session: AsyncSession, subject: str, brand: str) -> Sequence[BrandSettingRow]:
    """Every version of a brand's, the newest first."""
    query = select(BrandSettingRow).where(BrandSettingRow.brand == brand, BrandSettingRow.subject == subject)
    return (await session.exec(query.order_by(col(BrandSettingRow.number).desc()))).all()


async def add_version(session: AsyncSession, row: BrandSettingRow) -> bool:
    """Add a version; False if somebody else has added one of this number, at this moment too."""
    return await insert_row(session, row)
