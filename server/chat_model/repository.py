"""What drafts have cost."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import DraftFactsRow


async def cost_since(session: AsyncSession, brands: Collection[str], since: datetime) -> float:
    """What the drafts of these brands have cost that were written since then."""
    total = select(func.coalesce(func.sum(col(DraftFactsRow.cost)), 0.0))
    return float(
        (
            await session.exec(
                total.where(col(DraftFactsRow.brand).in_(brands), col(DraftFactsRow.written_at) >= since)
            )
        ).one()
    )
