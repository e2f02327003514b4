"""Scorecards, comments, and who sent what on a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import col, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Role
from server.drafts.states import Move
from server.models import (
    CaseRow,
    CommentRow,
    ConversationRow,
    DecisionRow,
    DraftRow,
    PostRow,
    PublicationRow,
    ScorecardRow,
)
from server.publications.states import PublicationState

Place = tuple[datetime, str]
"""A place in a list of the newest first."""

_APPROVED = Move.APPROVE.value


@dataclass(frozen=True, slots=True)
class WantedCards:
    """Which scorecards. Of what is None every one will do; `seen_by` sees their own alone, once they are scored."""

    brands: Collection[str]
    transcript: str | None = None
    person: str | None = None
    assigned_to: str | None = None
    state: str | None = None
    seen_by: str | None = None


async def lock_transcript(session: AsyncSession, transcript: str) -> None:
    """Let nobody else assign a scorecard of this transcript until this transaction ends."""
    for table in (CaseRow, ConversationRow):
        await session.exec(select(table.id).where(col(table.id) == transcript).with_for_update())


async def open_card(session: AsyncSession, transcript: str, person: str, form: str) -> ScorecardRow | None:
    """The scorecard that somebody is to fill in already."""
    query = select(ScorecardRow).where(
        ScorecardRow.transcript == transcript,
        ScorecardRow.person == person,
        ScorecardRow.form_id == form,
        ScorecardRow.state == "assigned",
    )
    return (await session.exec(query)).first()


async def find_card(session: AsyncSession, card: str, brands: Collection[str]) -> ScorecardRow | None:
    """The scorecard of this id, of these brands."""
    query = select(ScorecardRow).where(ScorecardRow.id == card, col(ScorecardRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def lock_card(session: AsyncSession, card: str, brands: Collection[str]) -> ScorecardRow | None:
    """The same as it stands, which nobody else changes until this transaction ends."""
    query = select(ScorecardRow).where(ScorecardRow.id == card, col(ScorecardRow.brand).in_(brands))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def list_cards(
    session: AsyncSession, wanted: WantedCards, *, before: Place | None, limit: int
) -> Sequence[ScorecardRow]:
    """Scorecards, the newest first."""
    query = select(ScorecardRow).where(col(ScorecardRow.brand).in_(wanted.brands))
    for name in ("transcript", "person", "assigned_to", "state"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(getattr(ScorecardRow, name) == value)
    if wanted.seen_by is not None:
        query = query.where(ScorecardRow.person == wanted.seen_by, ScorecardRow.state != "assigned")
    if before is not None:
        query = query.where(tuple_(col(ScorecardRow.at), col(ScorecardRow.id)) < before)
    newest = query.order_by(col(ScorecardRow.at).desc(), col(ScorecardRow.id).desc())
    return (await session.exec(newest.limit(limit))).all()


async def cards_of(session: AsyncSession, transcripts: Collection[str]) -> Sequence[ScorecardRow]:
    """Every scorecard of these transcripts."""
    query = select(ScorecardRow).where(col(ScorecardRow.transcript).in_(transcripts))
    return (await session.exec(query.order_by(col(ScorecardRow.at)))).all()


async def list_comments(
    session: AsyncSession,
    brands: Collection[str],
    *,
    transcript: str | None = None,
    to: str | None = None,
    seen_by: str | None = None,
    before: Place | None = None,
    limit: int,
) -> Sequence[CommentRow]:
    """Comments, the newest first.

    Args:
        session: A transaction.
        brands: Of these.
        transcript: Only on this one.
        to: Only those about this person's work.
        seen_by: Only those that nobody is addressed with, or that this person wrote or is addressed with.
        before: Only older ones than this.
        limit: The most.
    """
    query = select(CommentRow).where(col(CommentRow.brand).in_(brands))
    if transcript is not None:
        query = query.where(CommentRow.transcript == transcript)
    if to is not None:
        query = query.where(CommentRow.to == to)
    if seen_by is not None:
        theirs = or_(col(CommentRow.to).is_(None), col(CommentRow.to) == seen_by, col(CommentRow.staff) == seen_by)
        query = query.where(theirs)
    if before is not None:
        query = query.where(tuple_(col(CommentRow.at), col(CommentRow.id)) < before)
    newest = query.order_by(col(CommentRow.at).desc(), col(CommentRow.id).desc())
    return (await session.exec(newest.limit(limit))).all()


async def lock_comment(session: AsyncSession, comment: str, brands: Collection[str]) -> CommentRow | None:
    """The comment of this id, of these brands, which nobody else changes until this transaction ends."""
    query = select(CommentRow).where(CommentRow.id == comment, col(CommentRow.brand).in_(brands))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


@dataclass(frozen=True, slots=True)
class Did:
    """Somebody approved an answer in a case; `override` is why they did although a check blocked it."""

    person: str
    case: str
    brand: str
    override: str | None


async def approved_between(
    session: AsyncSession, brands: Collection[str], since: datetime, until: datetime
) -> Sequence[Did]:
    """Every approval of a day, by people."""
    query = select(DecisionRow).where(
        col(DecisionRow.brand).in_(brands),
        col(DecisionRow.kind).in_((_APPROVED, Move.ASK_SECOND.value)),
        col(DecisionRow.at) >= since,
        col(DecisionRow.at) < until,
        col(DecisionRow.staff).is_not(None),
    )
    rows = await session.exec(query.order_by(col(DecisionRow.at), col(DecisionRow.id)))
    return [Did(row.staff or "", row.case, row.brand, row.reason) for row in rows]


async def wrote_again(
    session: AsyncSession, brands: Collection[str], since: datetime, until: datetime
) -> Sequence[tuple[str, str, DraftRow]]:
    """Cases whose customer wrote on a day after an answer of ours: who approved that, and the draft that followed."""
    answered = and_(
        col(PublicationRow.case) == CaseRow.id,
        col(PublicationRow.state) == PublicationState.SENT,
        col(PublicationRow.sent_at) < PostRow.sent_at,
    )
    yes = and_(
        col(DecisionRow.draft) == PublicationRow.draft,
        col(DecisionRow.kind) == _APPROVED,
        col(DecisionRow.staff).is_not(None),
    )
    query = (
        select(DecisionRow.staff, CaseRow.id, DraftRow)
        .join(DraftRow, col(DraftRow.target_post) == PostRow.id)
        .join(CaseRow, col(CaseRow.id) == DraftRow.case)
        .join(PublicationRow, answered)
        .join(DecisionRow, yes)
        .select_from(PostRow)
        .where(
            col(PostRow.brand).in_(brands),
            PostRow.role == Role.CUSTOMER,
            col(PostRow.sent_at) >= since,
            col(PostRow.sent_at) < until,
        )
    )
    return [(staff or "", case, draft) for staff, case, draft in await session.exec(query)]
