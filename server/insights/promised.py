"""The figure "promises kept"."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import promise_repository as repository
from server.insights.measured import Measured, Record, Records, share, told_with_periods
from server.insights.moments import moment_of
from server.insights.promise_repository import Owed
from server.insights.scope import Scope
from server.promises.states import PromiseState

_PARTS = ("kept_in_time", "kept_late", "kept_undated", "withdrawn", "broken")


class _Due(NamedTuple):
    """What a promise came to: `part` is the figure's, `last` the promise as it was said last."""

    promise: Owed
    part: str
    last: Owed

    def record(self) -> Record:
        settled = moment_of(self.last.settled_at).isoformat() if self.last.settled_at is not None else None
        values = {"state": self.last.state, "settled_at": settled}
        return Record(self.promise.id, moment_of(self.promise.first_due), values)


async def promises_kept(session: AsyncSession, scope: Scope) -> Measured:
    """How much of what was promised was done by when it was promised."""
    due = await repository.due_in_span(session, scope)
    again = {(one.corrects, one.said): one for one in await repository.said_again(session, due)}
    first_said = await repository.corrected(session, due)
    found: list[_Due] = []
    for promise in due:
        if (promise.corrects, promise.said) in first_said:
            continue  # a correction says it once more: it is owed since it was said first
        last = _last_said(promise, again)
        found.append(_Due(promise, _became(promise, last), last))
    return told_with_periods(found, _counted, scope.periods, lambda one: one.promise.first_due)


def _counted(due: Sequence[_Due]) -> Measured:
    n = len(due)
    return Measured(
        n, [share(part, Records([one for one in due if one.part == part], _Due.record), n) for part in _PARTS]
    )


def _last_said(promise: Owed, again: Mapping[tuple[str | None, str | None], Owed]) -> Owed:
    """The promise as it was said last, through all corrections of its text."""
    last = promise
    while last.publication is not None and (last.publication, last.said) in again:
        last = again[last.publication, last.said]
    return last


def _became(promise: Owed, last: Owed) -> str:
    if last.state == PromiseState.KEPT:
        if last.settled_at is None:
            return "kept_undated"
        return "kept_in_time" if last.settled_at <= promise.first_due else "kept_late"
    return "withdrawn" if last.state == PromiseState.WITHDRAWN else "broken"
