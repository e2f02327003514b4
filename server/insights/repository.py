"""Queries of figures: narrow columns of what lies in a span, and never a text."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlmodel import and_, col, exists, or_, select
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
    account: str
    part: str
    posted_at: datetime
    sent_at: datetime
    holding: bool
    incident: str | None
    corrects: str | None
    asked_in_private: bool
    points_to: list[str]
    repeats: bool
    staff: str | None


class LeftUnanswered(NamedTuple):
    """A decision that nothing is said to a case's posts up to that moment."""

    case: str
    posted_at: datetime
    reason: str | None


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


async def answers_of(
    session: AsyncSession,
    scope: Scope,
    *where: Any,  # noqa: ANN401 - conditions
    whatever_became: bool = False,
) -> Sequence[SentAnswer]:
    """What was sent of which this is true, in the order in which it was; with `whatever_became` also what is gone."""
    names = [getattr(AnswerRow, name) for name in SentAnswer._fields]
    query: Any = columns(*names).where(*where)
    if not whatever_became:
        query = query.join(PublicationRow, col(PublicationRow.id) == AnswerRow.publication)
        query = query.where(PublicationRow.state == PublicationState.SENT)
    rows = await session.exec(within(query, scope, AnswerRow, col(AnswerRow.case)).order_by(col(AnswerRow.sent_at)))
    return [SentAnswer(*row) for row in rows]


async def sent_in_span(session: AsyncSession, scope: Scope, *, whatever_became: bool = False) -> Sequence[SentAnswer]:
    """What was sent in the span and stands, or all of it."""
    sent_at, span = col(AnswerRow.sent_at), scope.span
    within_it = (sent_at >= span.begin, sent_at < span.end)
    return await answers_of(session, scope, *within_it, whatever_became=whatever_became)


async def real_answers_since(session: AsyncSession, scope: Scope) -> Sequence[SentAnswer]:
    """Real answers to posts of the span, whenever they were sent."""
    return await answers_of(session, scope, col(AnswerRow.posted_at) >= scope.span.begin, ~col(AnswerRow.holding))


async def left_unanswered_since(session: AsyncSession, scope: Scope) -> Sequence[LeftUnanswered]:
    """Where it stands decided that a post of the span, or of later, is not answered."""
    decided = (DraftState.NO_REPLY, DraftState.REJECTED)
    query: Any = (
        columns(DraftFactsRow.case, DraftFactsRow.posted_at, DraftRow.reason_code)
        .join(DraftRow, col(DraftRow.id) == DraftFactsRow.draft)
        .where(col(DraftRow.state).in_(decided), DraftFactsRow.posted_at >= scope.span.begin)
    )
    rows = await session.exec(within(query, scope, DraftFactsRow, col(DraftFactsRow.case)))
    return [LeftUnanswered(*row) for row in rows]


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
