"""Finds what somebody holds."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from server.models import ApprovalRow, CaseRow, PromiseRow, PublicationRow
from server.promises.states import PromiseState
from server.publications.states import PublicationState

_NOT_SENT = (PublicationState.HELD, PublicationState.QUEUED)


async def cases_held(
    session: AsyncSession, staff: str, brands: Collection[str], now: datetime, *, limit: int
) -> Sequence[CaseRow]:
    """Open cases that are assigned to them or that they have claimed, the first due first."""
    claimed = and_(col(CaseRow.claimed_by) == staff, col(CaseRow.claimed_until) > now)
    query = select(CaseRow).where(
        col(CaseRow.brand).in_(brands),
        or_(claimed, and_(col(CaseRow.assigned_to) == staff, col(CaseRow.open).is_(True))),
    )
    order = (col(CaseRow.due_at).is_(None), col(CaseRow.due_at), col(CaseRow.id))
    return (await session.exec(query.order_by(*order).limit(limit))).all()


async def scheduled_by(
    session: AsyncSession, staff: str, brands: Collection[str], *, limit: int
) -> Sequence[PublicationRow]:
    """What they have approved to be sent at a later moment and is not sent yet, the next first."""
    query = select(PublicationRow).where(
        col(PublicationRow.brand).in_(brands),
        col(PublicationRow.state).in_(_NOT_SENT),
        col(PublicationRow.scheduled).is_(True),
        col(PublicationRow.draft).in_(_approved_by(staff)),
    )
    return (await session.exec(query.order_by(col(PublicationRow.send_after)).limit(limit))).all()


async def promises_of(
    session: AsyncSession, staff: str, brands: Collection[str], *, limit: int
) -> Sequence[PromiseRow]:
    """What is owed in their cases, or was promised with their approval in a case that is nobody's; the first due first.

    What was promised to a customer and handed on to a colleague or a team is theirs no more.
    """
    order = (col(PromiseRow.due).is_(None), col(PromiseRow.due), col(PromiseRow.id))
    return (await session.exec(_promises_of(staff, brands).order_by(*order).limit(limit))).all()


async def theirs_among(
    session: AsyncSession, promises: Collection[str], staff: str, brands: Collection[str]
) -> frozenset[str]:
    """Those of these promises that `promises_of` tells of."""
    query = _promises_of(staff, brands).where(col(PromiseRow.id).in_(promises))
    return frozenset(row.id for row in await session.exec(query))


def _promises_of(staff: str, brands: Collection[str]) -> SelectOfScalar[PromiseRow]:
    nobodys = and_(col(CaseRow.assigned_to).is_(None), col(CaseRow.team).is_(None))
    theirs = or_(col(CaseRow.assigned_to) == staff, and_(nobodys, col(PromiseRow.draft).in_(_approved_by(staff))))
    return (
        select(PromiseRow)
        .join(CaseRow, col(CaseRow.id) == PromiseRow.case)
        .where(col(PromiseRow.brand).in_(brands), PromiseRow.state == PromiseState.OPEN, theirs)
    )


def _approved_by(staff: str) -> SelectOfScalar[str]:
    return select(ApprovalRow.draft).where(ApprovalRow.staff == staff, col(ApprovalRow.voided_at).is_(None))
