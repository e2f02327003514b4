"""The figures that count: what must never happen, advice repeated, policies, what is overdue, and the cost."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import counting_repository, promise_repository, repository, sample_repository
from server.insights.definitions import Unit
from server.insights.kinds import Problem
from server.insights.measured import Measured, Part, Record, Records, count, told_with_periods
from server.insights.moments import in_micros, moment_of
from server.insights.scope import Scope
from server.models import MissingPolicyRow
from server.policies.missing import Theme, themes_of
from server.publications.publishing import PUBLIC

_LEAKS = "private_data"
"""The rule of the checks that finds private data in a text."""

_RESTS_ON_IT = "drafts that were sent and rest on it"

_CENTURY = 100


async def zero_counts(session: AsyncSession, scope: Scope) -> Measured:
    """What must never happen."""
    overridden = await counting_repository.overridden_in_span(session, scope)
    leaking = {text: "checks" for text, (part, rules) in overridden.items() if part == PUBLIC and _LEAKS in rules}
    misled = dict.fromkeys(await counting_repository.rested_on_wrong_link(session, scope), "unlinked")
    promised = {text: promise for promise, _, text in await promise_repository.without_approval(session, scope)}
    named = await sample_repository.named_by_raters(session, scope)
    texts = await repository.count_sent(session, scope)
    happened = {
        Problem.PRIVATE_DATA: leaking,
        Problem.WRONG_CUSTOMER: misled,
        Problem.UNAPPROVED_PROMISE: promised,
    }
    parts: list[Part] = []
    for problem, found in happened.items():
        by = {text: "raters" for text, kinds in named.items() if problem in kinds} | found
        sent = await repository.sent_among(session, scope, sorted(by))
        parts.append(count(str(problem), [Record(text, at, {"found_by": by[text]}) for text, at in sent], texts))
    return Measured(texts, parts)


async def advice_repeated(session: AsyncSession, scope: Scope) -> Measured:
    """How often a customer is told what they have tried."""
    cases = await repository.count_answered(session, scope)
    repeating = await repository.repeating_in_span(session, scope)
    first = {case: Record(case, moment_of(at), {"answer": answer}) for case, answer, at in reversed(repeating)}
    value = len(first) * _CENTURY / cases if cases else None
    return Measured(cases, [Part("repeated", Unit.PER_100, value, len(first), cases, [*first.values()])])


class _Rest(NamedTuple):
    """A draft that was sent and rests on a document, and when it was sent first."""

    document: str
    draft: str
    at: int

    def record(self) -> Record:
        return Record(self.draft, moment_of(self.at))


async def policies_answered(session: AsyncSession, scope: Scope) -> Measured:
    """Which documents answer customers."""
    return await asyncio.to_thread(_answering, await repository.policies_in_span(session, scope), scope)


def _answering(rows: Sequence[tuple[str, str, int]], scope: Scope) -> Measured:
    first: dict[tuple[str, str], _Rest] = {}
    for document, draft, at in rows:
        first.setdefault((document, draft), _Rest(document, draft, at))
    return told_with_periods([*first.values()], _by_document, scope.periods, lambda rest: rest.at)


def _by_document(rests: Sequence[_Rest]) -> Measured:
    of_document: dict[str, list[_Rest]] = defaultdict(list)
    for rest in rests:
        of_document[rest.document].append(rest)
    n = len({rest.draft for rest in rests})
    most_first = sorted(of_document.items(), key=lambda item: (-len(item[1]), item[0]))
    parts = [count(name, Records(those, _Rest.record), n) for name, those in most_first]
    return Measured(n, [replace(part, words=_RESTS_ON_IT, label=part.name) for part in parts])


async def policies_missing(session: AsyncSession, scope: Scope) -> Measured:
    """What customers ask and no document answers."""
    rows = await counting_repository.nothing_found_in_span(session, scope)
    return await asyncio.to_thread(_missing, rows, scope)


def _missing(rows: Sequence[MissingPolicyRow], scope: Scope) -> Measured:
    asked = [(theme, row) for theme in themes_of(rows) for row in theme.questions]
    return told_with_periods(asked, _by_theme, scope.periods, lambda one: in_micros(one[1].at))


def _by_theme(asked: Sequence[tuple[Theme, MissingPolicyRow]]) -> Measured:
    themes = {theme.central.id: theme for theme, _ in asked}
    of_theme: dict[str, list[MissingPolicyRow]] = defaultdict(list)
    for theme, row in asked:
        of_theme[theme.central.id].append(row)
    return Measured(len(asked), [_of_theme(themes[id_], those, len(asked)) for id_, those in of_theme.items()])


def _of_theme(theme: Theme, rows: Sequence[MissingPolicyRow], n: int) -> Part:
    times = "once" if len(rows) == 1 else f"{len(rows)} times"
    words = f"asked {times}, nothing found: “{theme.central.words}”"
    records = Records(rows, lambda row: Record(row.id, row.at, {"case": row.case, "intent": row.intent}))
    return replace(count(theme.central.id, records, n), words=words, label=theme.central.words)


async def overdue(session: AsyncSession, scope: Scope) -> Measured:
    """What is late now."""
    cases = Records(await repository.late_cases(session, scope), _late)
    promises = Records(await promise_repository.overdue(session, scope), _late)
    return Measured(len(cases) + len(promises), [count("answers", cases), count("promises", promises)])


def _late(row: tuple[str, int]) -> Record:
    return Record(row[0], moment_of(row[1]))


async def cost(session: AsyncSession, scope: Scope) -> Measured:
    """What the model costs."""
    drafts, written, tokens = await counting_repository.cost_of_drafts(session, scope)
    panel, asked = (0.0, 0) if scope.narrowed else await counting_repository.cost_of_turns(session, scope)
    sent = await repository.count_sent_drafts(session, scope)
    total = drafts + panel
    return Measured(
        written + asked,
        [
            Part("drafts", Unit.MONEY, drafts, drafts, written),
            Part("panel", Unit.MONEY, panel, panel, asked),
            Part("total", Unit.MONEY, total, total, written + asked),
            Part("per_reply", Unit.MONEY, total / sent if sent else None, total, sent),
            Part("tokens", Unit.COUNT, float(tokens), tokens, written),
        ],
    )
