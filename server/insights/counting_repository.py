"""Queries of the figures that count."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.states import Move
from server.insights.repository import columns, within
from server.insights.scope import Scope
from server.models import (
    AnswerRow,
    CaseRow,
    DecisionRow,
    DraftFactsRow,
    DraftRow,
    MissingPolicyRow,
    PrivacyIncidentRow,
    TurnRow,
)
from server.policies.missing_repository import MOST

_AT_ONCE = 100

_APPROVED = (Move.APPROVE, Move.ASK_SECOND)


async def overridden_in_span(session: AsyncSession, scope: Scope) -> Mapping[str, tuple[str, Collection[str]]]:
    """Of texts sent in the span although a check blocks them: which part each is, and the rules that it breaks."""
    with_reason = exists().where(
        col(DecisionRow.draft) == AnswerRow.draft,
        col(DecisionRow.kind).in_(_APPROVED),
        col(DecisionRow.reason).is_not(None),
    )
    sent_at = col(AnswerRow.sent_at)
    query: Any = (
        columns(AnswerRow.publication, AnswerRow.part, DraftRow.findings)
        .join(DraftRow, col(DraftRow.id) == AnswerRow.draft)
        .where(sent_at >= scope.span.begin, sent_at < scope.span.end, with_reason)
    )
    rows = await session.exec(within(query, scope, AnswerRow, col(AnswerRow.case)))
    return {
        publication: (
            part,
            {finding["rule"] for finding in findings if finding["part"] == part and finding["severity"] == "block"},
        )
        for publication, part, findings in rows
    }


async def rested_on_wrong_link(session: AsyncSession, scope: Scope) -> frozenset[str]:
    """The texts that rested on links that were taken back."""
    query = select(PrivacyIncidentRow.publications).where(col(PrivacyIncidentRow.brand).in_(scope.brands))
    return frozenset(publication for told in await session.exec(query) for publication in told)


async def nothing_found_in_span(session: AsyncSession, scope: Scope) -> Sequence[MissingPolicyRow]:
    """Questions of the span for which no policy was found, the newest first, and no more than themes are told of."""
    at, span = col(MissingPolicyRow.at), scope.span
    query = select(MissingPolicyRow).where(
        col(MissingPolicyRow.brand).in_(scope.brands), at >= span.begin, at < span.end
    )
    if scope.narrowed:
        mine = select(CaseRow.id)
        if scope.channel is not None:
            mine = mine.where(col(CaseRow.account).in_(scope.accounts))
        if scope.team is not None:
            mine = mine.where(CaseRow.team == scope.team)
        query = query.where(col(MissingPolicyRow.case).in_(mine))
    # their vectors take long to read: others have their turn between
    newest = query.order_by(at.desc()).limit(MOST).execution_options(yield_per=_AT_ONCE)
    return [row async for row in await session.stream_scalars(newest)]


async def cost_of_drafts(session: AsyncSession, scope: Scope) -> tuple[float, int, int]:
    """What drafts written in the span cost, how many there are, and their tokens."""
    written_at, span = col(DraftFactsRow.written_at), scope.span
    query: Any = columns(
        func.coalesce(func.sum(DraftFactsRow.cost), 0.0), func.count(), func.coalesce(func.sum(DraftFactsRow.tokens), 0)
    ).where(written_at >= span.begin, written_at < span.end)
    row = (await session.exec(within(query, scope, DraftFactsRow, col(DraftFactsRow.case)))).one()
    return float(row[0]), int(row[1]), int(row[2])


async def cost_of_turns(session: AsyncSession, scope: Scope) -> tuple[float, int]:
    """The same of what reps asked, without the tokens."""
    started_at, span = col(TurnRow.started_at), scope.span
    spent = col(TurnRow.record)["cost"].as_float()
    query: Any = columns(func.coalesce(func.sum(spent), 0.0), func.count()).where(
        col(TurnRow.brand).in_(scope.brands), started_at >= span.begin, started_at < span.end
    )
    row = (await session.exec(query)).one()
    return float(row[0]), int(row[1])
