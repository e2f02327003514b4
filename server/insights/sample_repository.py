"""Queries of samples, what is in them, and what people said of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlmodel import col, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights.kinds import RATERS, SampleKind
from server.insights.repository import columns, within
from server.insights.scope import Scope
from server.models import (
    AnswerRow,
    ApprovalRow,
    CaseRow,
    DecisionRow,
    DraftFactsRow,
    PostRow,
    PublicationRow,
    RatingRow,
    SampleItemRow,
    SampleRow,
)
from server.publications.states import PublicationState


class RatedItem(NamedTuple):
    """An item of a sample with what one person said of it; None: nobody has yet."""

    id: str
    subject: str
    week: date
    rater: str | None
    found: bool | None
    kinds: list[str] | None
    at: datetime | None


async def replies_between(
    session: AsyncSession, brand: str, begin: datetime, end: datetime
) -> Sequence[tuple[str, str]]:
    """Every text of a brand that was sent in a time and stands: its id and its case."""
    sent_at = col(AnswerRow.sent_at)
    query = (
        select(AnswerRow.publication, AnswerRow.case)
        .join(PublicationRow, col(PublicationRow.id) == AnswerRow.publication)
        .where(AnswerRow.brand == brand, sent_at >= begin, sent_at < end)
        .where(PublicationRow.state == PublicationState.SENT)
    )
    return (await session.exec(query)).all()


async def unflagged_between(
    session: AsyncSession, brand: str, begin: datetime, end: datetime
) -> Sequence[tuple[str, str]]:
    """Every post of a time that a draft was written for and in which no danger was seen: its id and its case."""
    flagged = exists().where(col(DraftFactsRow.post) == PostRow.id, col(DraftFactsRow.danger).is_not(None))
    looked_at = exists().where(col(DraftFactsRow.post) == PostRow.id)
    mine = (col(CaseRow.thread) == PostRow.thread, col(CaseRow.folded_author) == PostRow.folded_author)
    query = (
        select(PostRow.id, CaseRow.id)
        .join(CaseRow, mine[0] & mine[1])
        .where(PostRow.brand == brand, PostRow.role == "customer", col(PostRow.deleted_at).is_(None))
        .where(PostRow.sent_at >= begin, PostRow.sent_at < end, looked_at, ~flagged)
    )
    return (await session.exec(query)).all()


async def find_sample(session: AsyncSession, sample: str, brands: Collection[str] | None = None) -> SampleRow | None:
    """The sample of this id; with `brands`, only if it is one of theirs."""
    query = select(SampleRow).where(SampleRow.id == sample)
    if brands is not None:
        query = query.where(col(SampleRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def sample_of(session: AsyncSession, brand: str, kind: SampleKind, week: date) -> SampleRow | None:
    """The sample of a week, if it was drawn."""
    query = select(SampleRow).where(SampleRow.brand == brand, SampleRow.kind == kind, SampleRow.week == week)
    return (await session.exec(query)).first()


async def list_samples(
    session: AsyncSession, brands: Collection[str], *, before: str | None, limit: int
) -> Sequence[SampleRow]:
    """Samples of these brands, the newest first."""
    query = select(SampleRow).where(col(SampleRow.brand).in_(brands))
    if before is not None:
        query = query.where(col(SampleRow.id) < before)
    return (await session.exec(query.order_by(col(SampleRow.id).desc()).limit(limit))).all()


async def progress_of(session: AsyncSession, samples: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """Of each sample how many items it holds, and how many ratings there are."""
    query: Any = (
        columns(SampleItemRow.sample, func.count(func.distinct(SampleItemRow.id)), func.count(col(RatingRow.rater)))
        .join(RatingRow, col(RatingRow.item) == SampleItemRow.id, isouter=True)
        .where(col(SampleItemRow.sample).in_(samples))
        .group_by(col(SampleItemRow.sample))
    )
    return {sample: (items, ratings) for sample, items, ratings in await session.exec(query)}


async def items_of(session: AsyncSession, sample: str, *, after: int, limit: int) -> Sequence[SampleItemRow]:
    """Items of a sample in the order of the draw."""
    query = select(SampleItemRow).where(SampleItemRow.sample == sample, SampleItemRow.position > after)
    return (await session.exec(query.order_by(col(SampleItemRow.position)).limit(limit))).all()


async def lock_item(session: AsyncSession, item: str, brands: Collection[str]) -> SampleItemRow | None:
    """The item of this id, which nobody else rates until this transaction ends."""
    query = select(SampleItemRow).where(SampleItemRow.id == item, col(SampleItemRow.brand).in_(brands))
    return (await session.exec(query.with_for_update())).first()


async def ratings_of(session: AsyncSession, items: Collection[str]) -> Sequence[RatingRow]:
    """What was said of these items, the first first."""
    query = select(RatingRow).where(col(RatingRow.item).in_(items))
    return (await session.exec(query.order_by(col(RatingRow.at), col(RatingRow.rater)))).all()


async def texts_of(session: AsyncSession, publications: Collection[str]) -> Mapping[str, tuple[PublicationRow, str]]:
    """Sent texts by id, each with our id of the post that it answers."""
    query = (
        select(PublicationRow, AnswerRow.post)
        .join(AnswerRow, col(AnswerRow.publication) == PublicationRow.id)
        .where(col(PublicationRow.id).in_(publications))
    )
    return {row.id: (row, post) for row, post in await session.exec(query)}


async def posts_by_id(session: AsyncSession, posts: Collection[str]) -> Mapping[str, PostRow]:
    """These posts."""
    return {row.id: row for row in await session.exec(select(PostRow).where(col(PostRow.id).in_(posts)))}


async def had_a_hand_in(session: AsyncSession, staff: str, publications: Collection[str]) -> frozenset[str]:
    """Those of these texts that this person approved, or whose draft they changed."""
    approved = exists().where(col(ApprovalRow.draft) == PublicationRow.draft, col(ApprovalRow.staff) == staff)
    decided = exists().where(col(DecisionRow.draft) == PublicationRow.draft, col(DecisionRow.staff) == staff)
    query = select(PublicationRow.id).where(col(PublicationRow.id).in_(publications), or_(approved, decided))
    return frozenset(await session.exec(query))


async def rated_in_span(session: AsyncSession, scope: Scope, kind: SampleKind) -> Sequence[RatedItem]:
    """The items of the samples whose week begins in the span, each once for each person who rated it."""
    span = scope.span
    query: Any = (
        columns(
            SampleItemRow.id,
            SampleItemRow.subject,
            SampleRow.week,
            RatingRow.rater,
            RatingRow.found,
            RatingRow.kinds,
            RatingRow.at,
        )
        .join(SampleRow, col(SampleRow.id) == SampleItemRow.sample)
        .join(CaseRow, col(CaseRow.id) == SampleItemRow.case)
        .join(RatingRow, col(RatingRow.item) == SampleItemRow.id, isouter=True)
        .where(SampleRow.kind == kind, SampleRow.week >= _first_day(span.begin), SampleRow.week < _first_day(span.end))
    )
    rows = await session.exec(within(query, scope, CaseRow, col(CaseRow.id)).order_by(col(SampleItemRow.id)))
    return [RatedItem(*row) for row in rows]


async def named_by_raters(session: AsyncSession, scope: Scope) -> Mapping[str, Collection[str]]:
    """What raters found in texts that were sent in the span: the text, and what they named.

    A text that only one of them has rated is left out: the other would read there what the first one said.
    """
    sent_at, span = col(AnswerRow.sent_at), scope.span
    ratings = select(RatingRow.item).group_by(col(RatingRow.item)).having(func.count() >= RATERS)
    query: Any = (
        columns(SampleItemRow.subject, RatingRow.kinds)
        .join(RatingRow, col(RatingRow.item) == SampleItemRow.id)
        .join(AnswerRow, col(AnswerRow.publication) == SampleItemRow.subject)
        .where(col(RatingRow.item).in_(ratings), col(RatingRow.found), sent_at >= span.begin, sent_at < span.end)
    )
    found: dict[str, set[str]] = {}
    for publication, kinds in await session.exec(within(query, scope, AnswerRow, col(AnswerRow.case))):
        found.setdefault(publication, set()).update(kinds)
    return found


def _first_day(moment: datetime) -> date:
    """The first day (UTC) that begins at this moment or after it."""
    utc = moment.astimezone(UTC)
    return utc.date() if utc.time() == time.min else utc.date() + timedelta(days=1)
