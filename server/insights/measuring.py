"""Measuring a figure by its name."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import counting, rated, repository
from server.insights.answering import first_real_answer
from server.insights.definitions import FigureName
from server.insights.drafting import draft_use
from server.insights.measured import Measured
from server.insights.places import private_places
from server.insights.promised import promises_kept
from server.insights.scope import Scope, Span, Step
from server.insights.solving import solved
from server.settings import Settings
from server.shop.folding import fold_channel

_Measure = Callable[[AsyncSession, Scope], Awaitable[Measured]]


async def scope_of(
    session: AsyncSession,
    span: Span,
    brands: Collection[str] | None,
    *,
    channel: str | None = None,
    team: str | None = None,
    step: Step | None = None,
) -> Scope:
    """What is asked for. Whoever asks on the machine itself sees every brand's: `brands` is None."""
    others = await repository.accounts_of(session, brands)
    named = brands if brands is not None else {row.brand for row in others.values()}
    wanted = fold_channel(channel) if channel is not None else None
    accounts = {id_: row for id_, row in others.items() if wanted in (None, fold_channel(row.channel))}
    return Scope(span, named, accounts, others, wanted, team, step)


async def measure(session: AsyncSession, scope: Scope, figure: FigureName, settings: Settings) -> Measured:
    """A figure of this scope, and of each of its days or weeks where they are asked for."""
    if figure is FigureName.SOLVED:
        return await solved(session, scope, await private_places(session, settings.knowledge))
    measured = await _MEASURES[figure](session, scope)
    if measured.periods is not None or figure is FigureName.OVERDUE:
        return measured
    # quickly counted, and not to be put together from its parts
    each = [(span, await _MEASURES[figure](session, replace(scope, span=span, step=None))) for span in scope.periods]
    return replace(measured, periods=each)


_MEASURES: Mapping[FigureName, _Measure] = {
    FigureName.FIRST_REAL_ANSWER: first_real_answer,
    FigureName.PROMISES_KEPT: promises_kept,
    FigureName.DRAFT_USE: draft_use,
    FigureName.ESCAPED_PROBLEMS: rated.escaped_problems,
    FigureName.ZERO_COUNTS: counting.zero_counts,
    FigureName.MISSED_DANGER: rated.missed_danger,
    FigureName.ADVICE_REPEATED: counting.advice_repeated,
    FigureName.POLICIES_ANSWERED: counting.policies_answered,
    FigureName.POLICIES_MISSING: counting.policies_missing,
    FigureName.OVERDUE: counting.overdue,
    FigureName.COST: counting.cost,
}
