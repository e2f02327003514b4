"""Queries of the figure "first real answer"."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import aliased
from sqlmodel import and_, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.states import DraftState
from server.insights.moments import micros
from server.insights.repository import columns, drafts_in, in_row, read_rows, within
from server.insights.scope import Scope
from server.models import AnswerRow, CaseRow, DraftFactsRow, PostRow, PublicationRow
from server.publications.states import PublicationState


class Asked(NamedTuple):
    """A customer's post, and the first reply that takes it into account; times are microseconds."""

    post: str
    case: str
    account: str
    posted: int
    deleted: bool
    answer: str | None
    answered: int | None


async def asked_in_span(session: AsyncSession, scope: Scope) -> Sequence[Asked]:
    """The customers' posts of the span, each with its answer, oldest first."""
    reply = aliased(AnswerRow)
    first = (
        select(reply.publication)
        .join(PublicationRow, col(PublicationRow.id) == reply.publication)
        .where(
            reply.case == CaseRow.id,
            reply.posted_at >= PostRow.sent_at,
            ~col(reply.holding),
            PublicationRow.state == PublicationState.SENT,
        )
        .order_by(col(reply.sent_at))
        .limit(1)
        .correlate(CaseRow, PostRow)
        .scalar_subquery()
    )
    mine = and_(col(CaseRow.thread) == PostRow.thread, col(CaseRow.folded_author) == PostRow.folded_author)
    sent_at, span = col(PostRow.sent_at), scope.span
    query: Any = (
        columns(
            PostRow.id,
            CaseRow.id,
            PostRow.account,
            micros(sent_at),
            col(PostRow.deleted_at).is_not(None),
            AnswerRow.publication,
            micros(AnswerRow.sent_at),
        )
        .select_from(PostRow)
        .join(CaseRow, mine)
        .join(AnswerRow, col(AnswerRow.publication) == first, isouter=True)
        .where(PostRow.role == "customer", sent_at >= span.begin, sent_at < span.end)
    )
    return await read_rows(session, within(query, scope, PostRow, col(CaseRow.id)).order_by(sent_at), Asked)


async def left_unanswered_since(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    """Up to which post it stands decided, in each case, that posts of the span are not answered."""
    facts, posted_at = DraftFactsRow, col(DraftFactsRow.posted_at)
    query: Any = columns(facts.case, micros(func.max(posted_at))).group_by(col(facts.case))
    query = query.where(drafts_in(scope, DraftState.NO_REPLY, DraftState.REJECTED), posted_at >= scope.span.begin)
    return dict(await read_rows(session, within(query, scope, facts, col(facts.case)), in_row))
