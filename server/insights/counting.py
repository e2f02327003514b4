"""The figures that count: what must never happen, advice repeated, policies, what is overdue, and the cost."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import counting_repository, promise_repository, repository, sample_repository
from server.insights.kinds import Problem
from server.insights.measured import Measured, Part, Record, count
from server.insights.repository import SentAnswer
from server.insights.scope import Scope
from server.policies.missing import Theme, themes_of
from server.publications.publishing import PUBLIC

_LEAKS = "private_data"
"""The rule of the checks that finds private data in a text."""

_RESTS_ON_IT = "drafts that were sent and rest on it"

_CENTURY = 100


async def zero_counts(session: AsyncSession, scope: Scope) -> Measured:
    """What must never happen."""
    sent = await repository.sent_in_span(session, scope, whatever_became=True)
    overridden = await counting_repository.overridden_in_span(session, scope)
    leaking = {one.publication for one in sent if one.part == PUBLIC and _LEAKS in overridden.get(one.publication, ())}
    misled = await counting_repository.rested_on_wrong_link(session, scope)
    promised = {text: promise for promise, _, text in await promise_repository.without_approval(session, scope)}
    named = await sample_repository.named_by_raters(session, scope)
    return Measured(
        len(sent),
        [
            _happened(Problem.PRIVATE_DATA, sent, dict.fromkeys(leaking, "checks"), named),
            _happened(Problem.WRONG_CUSTOMER, sent, dict.fromkeys(misled, "unlinked"), named),
            _happened(Problem.UNAPPROVED_PROMISE, sent, promised, named),
        ],
    )


def _happened(
    problem: Problem,
    sent: Sequence[SentAnswer],
    found: Mapping[str, str],
    named: Mapping[str, Collection[str]],
) -> Part:
    """The texts of which it was found, or of which a rater says so; with who or what found it."""
    by = {text: "raters" for text, kinds in named.items() if problem in kinds} | dict(found)
    records = [
        Record(one.publication, one.sent_at, {"found_by": by[one.publication]}) for one in sent if one.publication in by
    ]
    return count(str(problem), records, len(sent))


async def advice_repeated(session: AsyncSession, scope: Scope) -> Measured:
    """How often a customer is told what they have tried."""
    sent = [one for one in await repository.sent_in_span(session, scope) if not one.holding]
    cases = {one.case for one in sent}
    repeating = {one.case: one for one in reversed(sent) if one.repeats}
    records = [Record(case, one.sent_at, {"answer": one.publication}) for case, one in repeating.items()]
    value = len(records) * _CENTURY / len(cases) if cases else None
    return Measured(len(cases), [Part("repeated", value, len(records), len(cases), records)])


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
    sent = len({one.draft for one in await repository.sent_in_span(session, scope)})
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
