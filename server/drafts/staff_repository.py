"""What drafts ask about the people."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import SessionRow, StaffBrandRow, StaffRow, TokenRow


async def people_at_work(session: AsyncSession, brand: str, *, since: datetime) -> Sequence[Sequence[str]]:
    """The languages of each person of this brand who has used a session or a token of their own since then."""
    browsers = select(SessionRow.staff).where(SessionRow.used_at >= since)
    tokens = select(TokenRow.staff).where(TokenRow.kind == "personal", col(TokenRow.used_at) >= since)
    query = (
        select(StaffRow.languages)
        .join(StaffBrandRow, col(StaffBrandRow.staff) == StaffRow.id)
        .where(
            StaffBrandRow.brand == brand,
            col(StaffRow.disabled_at).is_(None),
            or_(col(StaffRow.id).in_(browsers), col(StaffRow.id).in_(tokens)),
        )
    )
    return (await session.exec(query)).all()


async def serves(session: AsyncSession, staff: str, brand: str) -> StaffRow | None:
    """The person, if they work for this brand."""
    query = (
        select(StaffRow)
        .join(StaffBrandRow, col(StaffBrandRow.staff) == StaffRow.id)
        .where(StaffRow.id == staff, StaffBrandRow.brand == brand, col(StaffRow.disabled_at).is_(None))
    )
    return (await session.exec(query)).first()
