"""The figures that count: what must never happen, advice repeated, policies, what is overdue, and the cost."""

import asyncio
from collections import defaultdict
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import counting_repository, promise_repository, repository, sample_repository
from server.insights.kinds import Problem
from server.insights.measured import Measured, Part, Record, count
from server.insights.scope import Scope
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
    texts, _ = await repository.count_sent(session, scope)
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
    cases, repeating = await repository.advised_in_span(session, scope)
    first = {case: Record(case, at, {"answer": answer}) for case, answer, at in reversed(repeating)}
    value = len(first) * _CENTURY / cases if cases else None
    return Measured(cases, [Part("repeated", value, len(first), cases, [*first.values()])])


async def policies_answered(session: AsyncSession, scope: Scope) -> Measured:
    """Which documents answer customers."""
    of_document: dict[str, dict[str, Record]] = defaultdict(dict)
    rows = await repository.policies_in_span(session, scope)
    for document, draft, at in rows:
        of_document[document].setdefault(draft, Record(draft, at))
    n = len({draft for _, draft, _ in rows})
    most_first = sorted(of_document.items(), key=lambda item: (-len(item[1]), item[0]))
    return Measured(n, [replace(count(name, [*those.values()], n), words=_RESTS_ON_IT) for name, those in most_first])


async def policies_missing(session: AsyncSession, scope: Scope) -> Measured:
    """What customers ask and no document answers."""
    rows = await counting_repository.nothing_found_in_span(session, scope)
    themes = await asyncio.to_thread(themes_of, rows)
    return Measured(len(rows), [_missing(theme, len(rows)) for theme in themes])


def _missing(theme: Theme, n: int) -> Part:
    records = [Record(row.id, row.at, {"case": row.case, "intent": row.intent}) for row in theme.questions]
    times = "once" if len(records) == 1 else f"{len(records)} times"
    words = f"asked {times}, nothing found: “{theme.central.words}”"
    return replace(count(theme.central.id, records, n), words=words)


async def overdue(session: AsyncSession, scope: Scope) -> Measured:
    """What is late now."""
    cases = [Record(case, due) for case, due in await repository.late_cases(session, scope)]
    promises = [Record(promise, due) for promise, due in await promise_repository.overdue(session, scope)]
    return Measured(len(cases) + len(promises), [count("answers", cases), count("promises", promises)])


async def cost(session: AsyncSession, scope: Scope) -> Measured:
    """What the model costs."""
    drafts, written, tokens = await counting_repository.cost_of_drafts(session, scope)
    panel, asked = (0.0, 0) if scope.narrowed else await counting_repository.cost_of_turns(session, scope)
    _, sent = await repository.count_sent(session, scope)
    total = drafts + panel
    return Measured(
        written + asked,
        [
            Part("drafts", drafts, drafts, written),
            Part("panel", panel, panel, asked),
            Part("total", total, total, written + asked),
            Part("per_reply", total / sent if sent else None, total, sent),
            Part("tokens", float(tokens), tokens, written),
        ],
    )
