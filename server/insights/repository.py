"""Queries of figures: narrow columns of what lies in a span, and never a text."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlmodel import and_, col, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.rests import ORDER, POLICY
from server.drafts.states import DraftState
from server.insights.scope import Scope
from server.models import (
    AccountRow,
    AnswerRow,
    CaseRow,
    ConversationRow,
    DraftFactsRow,
    DraftRow,
    LinkRow,
    PostRow,
    PublicationRow,
    RestRow,
)
from server.models.columns import UtcTime
from server.publications.states import PublicationState

_CHUNK = 500
"""Ids in one question: SQLite takes no more than so many."""


class WaitingPost(NamedTuple):
    """A customer's post."""

    id: str
    case: str
    account: str
    sent_at: datetime
    deleted_at: datetime | None


class SentAnswer(NamedTuple):
    """A text that stands on a network."""

    publication: str
    case: str
    draft: str
    part: str
    sent_at: datetime
    asked_in_private: bool
    points_to: list[str]


class Reply(NamedTuple):
    """A real answer: to what was posted up to a moment, and when it was sent."""

    publication: str
    case: str
    posted_at: datetime
    sent_at: datetime


class Contact(NamedTuple):
    """What a draft was written for: who wrote, and what about."""

    draft: str
    case: str
    post: str
    posted_at: datetime
    account: str
    author: str
    intent: str | None
    customer: str | None


class Call(NamedTuple):
    """A rep's session with a customer."""

    id: str
    case: str | None
    customer: str
    opened_at: datetime


def columns(*wanted: Any) -> Any:  # noqa: ANN401 - of any rows
    """A question for columns alone: whole rows are wide, and there are many."""
    return sqlalchemy.select(*wanted)


async def accounts_of(session: AsyncSession, brands: Collection[str] | None) -> dict[str, AccountRow]:
    """Every account of these brands, removed ones as well; None: of all brands."""
    query = select(AccountRow)
    if brands is not None:
        query = query.where(col(AccountRow.brand).in_(brands))
    return {row.id: row for row in await session.exec(query)}


def within(query: Any, scope: Scope, row: Any, case: Any | None = None) -> Any:  # noqa: ANN401 - queries of any rows
    """The query, of what belongs to the scope alone; `case` is the row's column that names its case."""
    query = query.where(row.brand.in_(scope.brands))
    if scope.channel is not None:
        query = query.where(row.account.in_(scope.accounts))
    if scope.team is not None and case is not None:
        query = query.where(case.in_(select(CaseRow.id).where(CaseRow.team == scope.team)))
    return query


async def posts_of(session: AsyncSession, scope: Scope, begin: datetime, end: datetime) -> Sequence[WaitingPost]:
    """The customers' posts of a time, each with its case, oldest first."""
    mine = and_(col(CaseRow.thread) == PostRow.thread, col(CaseRow.folded_author) == PostRow.folded_author)
    query: Any = (
        columns(PostRow.id, CaseRow.id, PostRow.account, PostRow.sent_at, PostRow.deleted_at)
        .join(CaseRow, mine)
        .where(PostRow.role == "customer", PostRow.sent_at >= begin, PostRow.sent_at < end)
    )
    rows = await session.exec(within(query, scope, PostRow, col(CaseRow.id)).order_by(col(PostRow.sent_at)))
    return [WaitingPost(*row) for row in rows]


async def posts_after_answers(session: AsyncSession, scope: Scope, end: datetime) -> Sequence[tuple[str, datetime]]:
    """What customers posted after something was sent in their case, up to this moment, oldest first; what stands."""
    mine = and_(col(CaseRow.thread) == PostRow.thread, col(CaseRow.folded_author) == PostRow.folded_author)
    answered = exists().where(col(AnswerRow.case) == CaseRow.id, col(AnswerRow.sent_at) < PostRow.sent_at)
    sent_at = col(PostRow.sent_at)
    query = (
        columns(CaseRow.id, PostRow.sent_at)
        .join_from(PostRow, CaseRow, mine)
        .where(sent_at >= scope.span.begin, sent_at < end)
    )
    query = query.where(PostRow.role == "customer", col(PostRow.deleted_at).is_(None), answered)
    return [tuple(row) for row in await session.exec(within(query, scope, PostRow).order_by(sent_at))]


def _sent(query: Any, scope: Scope) -> Any:  # noqa: ANN401 - a question for columns of answers
    """Of what was sent in the span."""
    sent_at, span = col(AnswerRow.sent_at), scope.span
    return within(query.where(sent_at >= span.begin, sent_at < span.end), scope, AnswerRow, col(AnswerRow.case))


def _standing(query: Any) -> Any:  # noqa: ANN401 - a question for columns of answers
    """Of what stands on its network."""
    query = query.join(PublicationRow, col(PublicationRow.id) == AnswerRow.publication)
    return query.where(PublicationRow.state == PublicationState.SENT)


async def sent_in_span(session: AsyncSession, scope: Scope) -> Sequence[SentAnswer]:
    """Real answers that were sent in the span and stand, in the order in which they were."""
    query = _standing(columns(*(getattr(AnswerRow, name) for name in SentAnswer._fields))).where(
        ~col(AnswerRow.holding)
    )
    return [SentAnswer(*row) for row in await session.exec(_sent(query, scope).order_by(col(AnswerRow.sent_at)))]


async def real_answers_since(session: AsyncSession, scope: Scope) -> Sequence[Reply]:
    """Real answers to posts of the span, whenever they were sent, in the order in which they were."""
    query = _standing(columns(*(getattr(AnswerRow, name) for name in Reply._fields)))
    query = query.where(col(AnswerRow.posted_at) >= scope.span.begin, ~col(AnswerRow.holding))
    rows = await session.exec(within(query, scope, AnswerRow, col(AnswerRow.case)).order_by(col(AnswerRow.sent_at)))
    return [Reply(*row) for row in rows]


async def count_sent(session: AsyncSession, scope: Scope) -> tuple[int, int]:
    """How many texts were sent in the span, whatever became of them, and of how many drafts that still stand."""
    texts = (await session.exec(_sent(columns(func.count()).select_from(AnswerRow), scope))).one()
    drafts = (await session.exec(_sent(_standing(columns(func.count(func.distinct(AnswerRow.draft)))), scope))).one()
    return int(texts[0]), int(drafts[0])


async def sent_among(session: AsyncSession, scope: Scope, texts: Sequence[str]) -> Sequence[tuple[str, datetime]]:
    """Those of these texts that were sent in the span, whatever became of them, and when."""
    found: list[tuple[str, datetime]] = []
    for start in range(0, len(texts), _CHUNK):
        mine = col(AnswerRow.publication).in_(texts[start : start + _CHUNK])
        query = _sent(columns(AnswerRow.publication, AnswerRow.sent_at).where(mine), scope)
        found += [(publication, at) for publication, at in await session.exec(query)]
    return found


async def advised_in_span(session: AsyncSession, scope: Scope) -> tuple[int, Sequence[tuple[str, str, datetime]]]:
    """How many cases were answered in the span; and which answers repeat advice: their case, which, and when."""
    real = ~col(AnswerRow.holding)
    cases = (
        await session.exec(_sent(_standing(columns(func.count(func.distinct(AnswerRow.case)))).where(real), scope))
    ).one()
    query = _standing(columns(AnswerRow.case, AnswerRow.publication, AnswerRow.sent_at))
    query = _sent(query.where(real, col(AnswerRow.repeats)), scope).order_by(col(AnswerRow.sent_at))
    return int(cases[0]), [tuple(row) for row in await session.exec(query)]


async def left_unanswered_since(session: AsyncSession, scope: Scope) -> dict[str, datetime]:
    """Up to which post it stands decided, in each case, that posts of the span are not answered."""
    last = func.max(DraftFactsRow.posted_at, type_=UtcTime)
    query: Any = columns(DraftFactsRow.case, last).group_by(col(DraftFactsRow.case))
    query = _decided(query, scope, DraftState.NO_REPLY, DraftState.REJECTED)
    return {case: posted_at for case, posted_at in await session.exec(query)}


async def thanks_since(session: AsyncSession, scope: Scope, reasons: Collection[str]) -> Sequence[tuple[str, datetime]]:
    """Where posts of the span, or of later, were left unanswered for these reasons: the case, and when posted."""
    query: Any = columns(DraftFactsRow.case, DraftFactsRow.posted_at).where(col(DraftRow.reason_code).in_(reasons))
    return [tuple(row) for row in await session.exec(_decided(query, scope, DraftState.NO_REPLY))]


def _decided(query: Any, scope: Scope, *states: DraftState) -> Any:  # noqa: ANN401 - a question for columns
    query = query.join(DraftRow, col(DraftRow.id) == DraftFactsRow.draft)
    query = query.where(col(DraftRow.state).in_(states), col(DraftFactsRow.posted_at) >= scope.span.begin)
    return within(query, scope, DraftFactsRow, col(DraftFactsRow.case))


async def contacts_in(session: AsyncSession, scope: Scope, end: datetime) -> Sequence[Contact]:
    """What drafts were written for, from the span's begin to this moment."""
    query: Any = (
        columns(
            DraftFactsRow.draft,
            DraftFactsRow.case,
            DraftFactsRow.post,
            DraftFactsRow.posted_at,
            DraftFactsRow.account,
            CaseRow.folded_author,
            DraftFactsRow.intent,
            DraftFactsRow.customer,
        )
        .join(CaseRow, col(CaseRow.id) == DraftFactsRow.case)
        .where(DraftFactsRow.posted_at >= scope.span.begin, DraftFactsRow.posted_at < end)
    )
    return [Contact(*row) for row in await session.exec(within(query, scope, DraftFactsRow))]


async def contacts_of_drafts(session: AsyncSession, drafts: Sequence[str]) -> Sequence[Contact]:
    """The same of these drafts, whenever their posts were."""
    found: list[Contact] = []
    for start in range(0, len(drafts), _CHUNK):
        query: Any = (
            columns(
                DraftFactsRow.draft,
                DraftFactsRow.case,
                DraftFactsRow.post,
                DraftFactsRow.posted_at,
                DraftFactsRow.account,
                CaseRow.folded_author,
                DraftFactsRow.intent,
                DraftFactsRow.customer,
            )
            .join(CaseRow, col(CaseRow.id) == DraftFactsRow.case)
            .where(col(DraftFactsRow.draft).in_(drafts[start : start + _CHUNK]))
        )
        found += [Contact(*row) for row in await session.exec(query)]
    return found


async def orders_of(session: AsyncSession, drafts: Sequence[str]) -> dict[str, set[str]]:
    """The orders that each of these drafts rests on."""
    found: dict[str, set[str]] = {}
    for start in range(0, len(drafts), _CHUNK):
        mine = col(RestRow.draft).in_(drafts[start : start + _CHUNK])
        for draft, order in await session.exec(select(RestRow.draft, RestRow.ref).where(RestRow.kind == ORDER, mine)):
            found.setdefault(draft, set()).add(order)
    return found


async def links_of(session: AsyncSession, brands: Collection[str]) -> dict[tuple[str, str, str], str]:
    """Who handles are by staff's word that stands: by brand, channel and handle."""
    query = select(LinkRow).where(col(LinkRow.brand).in_(brands), col(LinkRow.unlinked_at).is_(None))
    return {(row.brand, row.channel, row.folded_handle): row.customer for row in await session.exec(query)}


async def calls_in(session: AsyncSession, scope: Scope, end: datetime) -> Sequence[Call]:
    """Reps' sessions from the span's begin to this moment."""
    query = select(ConversationRow.id, ConversationRow.case, ConversationRow.customer, ConversationRow.opened_at)
    query = query.where(
        col(ConversationRow.brand).in_(scope.brands),
        ConversationRow.opened_at >= scope.span.begin,
        ConversationRow.opened_at < end,
    )
    return [Call(*row) for row in await session.exec(query)]


async def shown_in_span(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, str | None, str, datetime]]:
    """Drafts of the span's posts that a person has seen: the post, how it was used, the draft's state, and when."""
    shown = or_(
        col(DraftFactsRow.shown_at).is_not(None),
        col(DraftFactsRow.used).is_not(None),
        DraftRow.state == DraftState.REJECTED,
    )
    query: Any = (
        columns(DraftFactsRow.post, DraftFactsRow.used, DraftRow.state, DraftFactsRow.posted_at)
        .join(DraftRow, col(DraftRow.id) == DraftFactsRow.draft)
        .where(DraftFactsRow.posted_at >= scope.span.begin, DraftFactsRow.posted_at < scope.span.end)
        .where(or_(col(DraftFactsRow.proposed), DraftFactsRow.used == "none"), shown)
    )
    rows = await session.exec(within(query, scope, DraftFactsRow, col(DraftFactsRow.case)))
    return [tuple(row) for row in rows]


async def policies_in_span(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, str, datetime]]:
    """The documents that drafts rest on which were sent in the span: document, draft, and when it was sent."""
    query: Any = (
        columns(RestRow.ref, AnswerRow.draft, AnswerRow.sent_at)
        .join(AnswerRow, col(AnswerRow.draft) == RestRow.draft)
        .join(PublicationRow, col(PublicationRow.id) == AnswerRow.publication)
        .where(RestRow.kind == POLICY, PublicationRow.state == PublicationState.SENT, ~col(AnswerRow.holding))
        .where(AnswerRow.sent_at >= scope.span.begin, AnswerRow.sent_at < scope.span.end)
    )
    rows = await session.exec(within(query, scope, AnswerRow, col(AnswerRow.case)).order_by(col(AnswerRow.sent_at)))
    return [tuple(row) for row in rows]


async def late_cases(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, datetime]]:
    """Open cases whose answer was due, but for those that wait for an incident's text."""
    held = exists().where(col(DraftRow.case) == CaseRow.id, col(DraftRow.state) == DraftState.HELD)
    query: Any = columns(CaseRow.id, CaseRow.due_at).where(
        col(CaseRow.open), col(CaseRow.due_at) <= scope.span.now, ~held
    )
    rows = await session.exec(within(query, scope, CaseRow, col(CaseRow.id)).order_by(col(CaseRow.due_at)))
    return [tuple(row) for row in rows]


async def sent_by_person(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, str, str | None, bool]]:
    """What people sent in the span: who gave the last approval, its draft, how that was used, and if it repeats advice.

    What an incident's text answers is nobody's own.
    """
    sent_at, span = col(AnswerRow.sent_at), scope.span
    query: Any = (
        columns(AnswerRow.staff, AnswerRow.draft, DraftFactsRow.used, AnswerRow.repeats)
        .join(DraftFactsRow, col(DraftFactsRow.draft) == AnswerRow.draft, isouter=True)
        .where(sent_at >= span.begin, sent_at < span.end)
        .where(col(AnswerRow.staff).is_not(None), col(AnswerRow.incident).is_(None))
    )
    return [tuple(row) for row in await session.exec(within(query, scope, AnswerRow, col(AnswerRow.case)))]
