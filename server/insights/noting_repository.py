"""Queries of what is noted for figures."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import ApprovalRow, DecisionRow, DraftFactsRow


async def find_facts(session: AsyncSession, draft: str) -> DraftFactsRow | None:
    """What is noted of a draft."""
    return await session.get(DraftFactsRow, draft)


async def mark_shown(session: AsyncSession, draft: str, *, by: str, at: datetime) -> None:
    """Note who opened it first, unless somebody was first meanwhile."""
    mine = (col(DraftFactsRow.draft) == draft, col(DraftFactsRow.shown_at).is_(None))
    await session.exec(update(DraftFactsRow).where(*mine).values(shown_at=at, shown_to=by))


async def decisions_of(session: AsyncSession, draft: str) -> Sequence[DecisionRow]:
    """What was done to a draft, the first first."""
    query = select(DecisionRow).where(DecisionRow.draft == draft)
    return (await session.exec(query.order_by(col(DecisionRow.at), col(DecisionRow.id)))).all()


async def approvals_of(session: AsyncSession, draft: str) -> Sequence[ApprovalRow]:
    """Every approval of a draft, whether it stands or not."""
    return (await session.exec(select(ApprovalRow).where(ApprovalRow.draft == draft))).all()
