"""Queries of what was promised with an incident's texts."""

from collections.abc import Collection, Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.states import OPEN, DraftState
from server.models import CaseRow, DraftRow, PromiseRow, PublicationRow
from server.promises.repository import ON_ITS_WAY
from server.promises.states import PromiseState

_CHUNK = 500
_WAITING = OPEN - {DraftState.APPROVED}


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


async def cases_that_wait(session: AsyncSession, cases: Collection[str]) -> set[str]:
    """Those of these cases in which a draft waits for somebody, or an answer is on its way out."""
    found, wanted = set[str](), sorted(set(cases))
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        drafts = select(DraftRow.case).where(col(DraftRow.case).in_(some), col(DraftRow.state).in_(_WAITING))
        publications = select(PublicationRow.case).where(
            col(PublicationRow.case).in_(some), col(PublicationRow.state).in_(ON_ITS_WAY)
        )
        found.update(await session.exec(drafts), await session.exec(publications))
    return found
