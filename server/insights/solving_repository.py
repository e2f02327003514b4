"""Queries of the figure "solved": what was answered last, and who got in touch again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, cast
from sqlmodel import and_, col
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.rests import ORDER
from server.drafts.states import DraftState
from server.insights.moments import micros
from server.insights.repository import columns, drafts_in, in_row, read_rows, sent_in, standing, within
from server.insights.scope import Scope
from server.models import AnswerRow, CaseRow, ConversationRow, DraftFactsRow, LinkRow, PostRow, RestRow

_CHUNK = 500


class Contact(NamedTuple):
    """What a draft was written for: who wrote, where, when (in microseconds), and what about."""

    draft: str
    case: str
    account: str
    author: str
    intent: str | None
    customer: str | None
    at: int


class Answer(NamedTuple):
    """A text that stands on a network, when it was sent, and whom it answered what.

    `points_to` is JSON as it is stored. `noted`: it is known what it was drafted for.
    """

    draft: str
    case: str
    account: str
    author: str
    intent: str | None
    customer: str | None
    at: int
    publication: str
    part: str
    asked_in_private: bool
    points_to: str
    noted: bool


class Call(NamedTuple):
    """A rep's session with a customer, and when it was opened."""

    id: str
    case: str | None
    customer: str
    at: int


_ABOUT = (CaseRow.folded_author, DraftFactsRow.intent, DraftFactsRow.customer)


async def answers_in_span(session: AsyncSession, scope: Scope) -> Sequence[Answer]:
    """Real answers that were sent in the span and stand, in the order in which they were."""
    query = standing(
        columns(
            *(AnswerRow.draft, AnswerRow.case, AnswerRow.account, *_ABOUT, micros(AnswerRow.sent_at)),
            *(AnswerRow.publication, AnswerRow.part, AnswerRow.asked_in_private),
            *(cast(col(AnswerRow.points_to), String), col(DraftFactsRow.draft).is_not(None)),
        ).select_from(AnswerRow)
    )
    query = query.join(CaseRow, col(CaseRow.id) == AnswerRow.case)
    query = query.join(DraftFactsRow, col(DraftFactsRow.draft) == AnswerRow.draft, isouter=True)
    query = sent_in(query.where(~col(AnswerRow.holding)), scope).order_by(col(AnswerRow.sent_at))
    return await read_rows(session, query, Answer)


async def contacts_until(session: AsyncSession, scope: Scope, end: datetime) -> Sequence[Contact]:
    """What drafts were written for, from the span's begin to this moment."""
    facts, posted_at = DraftFactsRow, col(DraftFactsRow.posted_at)
    query: Any = (
        columns(facts.draft, facts.case, facts.account, *_ABOUT, micros(posted_at))
        .select_from(facts)
        .join(CaseRow, col(CaseRow.id) == facts.case)
        .where(posted_at >= scope.span.begin, posted_at < end)
    )
    return await read_rows(session, within(query, scope, facts), Contact)


async def posts_after_answers(session: AsyncSession, scope: Scope, end: datetime) -> Sequence[tuple[str, int]]:
    """What customers posted in their case after a text of the span was sent there, up to this moment, oldest first."""
    sent_at = col(PostRow.sent_at)
    mine = and_(col(PostRow.thread) == CaseRow.thread, col(PostRow.folded_author) == CaseRow.folded_author)
    query: Any = (
        columns(CaseRow.id, micros(sent_at))
        .distinct()
        .select_from(AnswerRow)
        .join(CaseRow, col(CaseRow.id) == AnswerRow.case)
        .join(PostRow, and_(mine, sent_at > AnswerRow.sent_at, sent_at < end))
        .where(PostRow.role == "customer", col(PostRow.deleted_at).is_(None))
    )
    return sorted(await read_rows(session, sent_in(query, scope), in_row), key=lambda row: int(row[1]))


async def thanks_since(session: AsyncSession, scope: Scope, reasons: Collection[str]) -> Collection[tuple[str, int]]:
    """Where posts of the span, or of later, were left unanswered for these reasons: the case, and when posted."""
    facts, posted_at = DraftFactsRow, col(DraftFactsRow.posted_at)
    query: Any = columns(facts.case, micros(posted_at)).where(
        posted_at >= scope.span.begin, drafts_in(scope, DraftState.NO_REPLY, reasons=reasons)
    )
    return frozenset(await read_rows(session, within(query, scope, facts, col(facts.case)), in_row))


async def orders_of(session: AsyncSession, drafts: Sequence[str]) -> Mapping[str, set[str]]:
    """The orders that each of these drafts rests on."""
    found: dict[str, set[str]] = {}
    for start in range(0, len(drafts), _CHUNK):
        mine = col(RestRow.draft).in_(drafts[start : start + _CHUNK])
        rows: Iterable[Any] = await session.exec(columns(RestRow.draft, RestRow.ref).where(RestRow.kind == ORDER, mine))
        for draft, order in rows:
            found.setdefault(draft, set()).add(order)
    return found


async def links_of(session: AsyncSession, brands: Collection[str]) -> Mapping[tuple[str, str, str], str]:
    """Who handles are by staff's word that stands: by brand, channel and handle."""
    query = columns(LinkRow.brand, LinkRow.channel, LinkRow.folded_handle, LinkRow.customer)
    query = query.where(col(LinkRow.brand).in_(brands), col(LinkRow.unlinked_at).is_(None))
    rows = await read_rows(session, query, in_row)
    return {(brand, channel, handle): customer for brand, channel, handle, customer in rows}


async def calls_until(session: AsyncSession, scope: Scope, end: datetime) -> Sequence[Call]:
    """Reps' sessions from the span's begin to this moment."""
    opened_at = col(ConversationRow.opened_at)
    query = columns(ConversationRow.id, ConversationRow.case, ConversationRow.customer, micros(opened_at))
    query = query.where(col(ConversationRow.brand).in_(scope.brands), opened_at >= scope.span.begin, opened_at < end)
    return await read_rows(session, query, Call)
