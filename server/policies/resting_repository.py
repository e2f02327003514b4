"""Drafts, answers and panel turns that rest on a document."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import String, and_, cast, exists, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.rests import POLICY
from server.drafts.states import DraftState
from server.models import DraftRow, PublicationRow, RestRow, SuggestionRow, TurnRow
from server.publications.states import PublicationState

_OPEN = (
    DraftState.PENDING,
    DraftState.AWAITING_SECOND,
    DraftState.HANDED_OVER,
    DraftState.HELD,
    DraftState.NO_REPLY,
)
_LEAVING = (
    PublicationState.HELD,
    PublicationState.QUEUED,
    PublicationState.SENDING,
    PublicationState.UNCERTAIN,
)


async def drafts_resting_on(
    session: AsyncSession,
    document: str,
    brands: Collection[str],
    *,
    sent_since: datetime,
    before: str | None,
    limit: int,
) -> Sequence[DraftRow]:
    """The drafts that could still be sent, are on their way or were sent since then; the newest first."""
    rests = exists().where(col(RestRow.draft) == DraftRow.id, col(RestRow.kind) == POLICY, col(RestRow.ref) == document)
    own = col(PublicationRow.draft) == DraftRow.id
    leaving = exists().where(own, col(PublicationRow.state).in_(_LEAVING))
    sent = exists().where(
        own, col(PublicationRow.state) == PublicationState.SENT, col(PublicationRow.sent_at) >= sent_since
    )
    approved = and_(col(DraftRow.state) == DraftState.APPROVED, ~exists().where(own))
    query = select(DraftRow).where(
        col(DraftRow.brand).in_(brands), rests, or_(col(DraftRow.state).in_(_OPEN), approved, leaving, sent)
    )
    if before is not None:
        query = query.where(DraftRow.id < before)
    return (await session.exec(query.order_by(col(DraftRow.id).desc()).limit(limit))).all()


async def turns_reading(
    session: AsyncSession,
    document: str,
    brands: Collection[str],
    *,
    since: datetime,
    before: str | None,
    limit: int,
) -> Sequence[TurnRow]:
    """The panel's turns since then that have read the document, whether or not they cite it; the newest first."""
    names = cast(col(TurnRow.record), String).contains(f"policy:{document}#", autoescape=True)
    query = select(TurnRow).where(col(TurnRow.brand).in_(brands), col(TurnRow.started_at) >= since, names)
    if before is not None:
        query = query.where(TurnRow.id < before)
    return (await session.exec(query.order_by(col(TurnRow.id).desc()).limit(limit))).all()


async def suggestions_of(session: AsyncSession, turns: Collection[str]) -> Mapping[str, list[SuggestionRow]]:
    """What these turns suggested, and what the reps did with it."""
    query = select(SuggestionRow).where(col(SuggestionRow.turn).in_(turns))
    found: dict[str, list[SuggestionRow]] = {}
    for row in await session.exec(query.order_by(col(SuggestionRow.id))):
        found.setdefault(row.turn or "", []).append(row)
    return found


async def publications_of(session: AsyncSession, drafts: Collection[str]) -> Mapping[str, list[PublicationRow]]:
    """What of these drafts is on its way, or is out."""
    query = select(PublicationRow).where(col(PublicationRow.draft).in_(drafts))
    found: dict[str, list[PublicationRow]] = {}
    for row in await session.exec(query.order_by(col(PublicationRow.id))):
        found.setdefault(row.draft, []).append(row)
    return found
