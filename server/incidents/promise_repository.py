"""Queries of what was promised with an incident's texts."""

from collections.abc import Collection, Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import CaseRow, DraftRow, PromiseRow
from server.promises.states import PromiseState


async def count_promised(session: AsyncSession, incident: str) -> int:
    """How many were promised an update and have not been told."""
    query = select(func.count()).where(PromiseRow.incident == incident, PromiseRow.state == PromiseState.OPEN)
    return (await session.exec(query)).one()


async def promised(
    session: AsyncSession, incident: str, *, after: str | None, limit: int
) -> Sequence[tuple[PromiseRow, CaseRow]]:
    """Who was promised an update and has not been told, in the order in which it was sent to them."""
    query = (
        select(PromiseRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == PromiseRow.case)
        .where(PromiseRow.incident == incident, PromiseRow.state == PromiseState.OPEN)
    )
    if after is not None:
        query = query.where(PromiseRow.id > after)
    return (await session.exec(query.order_by(col(PromiseRow.id)).limit(limit))).all()


async def open_promises(
    session: AsyncSession, incident: str, ids: Collection[str]
) -> Sequence[tuple[PromiseRow, DraftRow]]:
    """Those of these promises that this incident's texts made and nobody has kept, with the draft, by their cases."""
    query = (
        select(PromiseRow, DraftRow)
        .join(DraftRow, col(DraftRow.id) == PromiseRow.draft)
        .where(PromiseRow.incident == incident, PromiseRow.state == PromiseState.OPEN, col(PromiseRow.id).in_(ids))
    )
    return (await session.exec(query.order_by(col(PromiseRow.case)))).all()
