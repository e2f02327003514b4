"""The figure "promises kept"."""

from collections import defaultdict
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import promise_repository as repository
from server.insights.measured import Measured, Record, share
from server.insights.promise_repository import Owed
from server.insights.scope import Scope
from server.promises.states import PromiseState

_PARTS = ("kept_in_time", "kept_late", "kept_undated", "withdrawn", "broken")


async def promises_kept(session: AsyncSession, scope: Scope) -> Measured:
    """How much of what was promised was done by when it was promised."""
    due = await repository.due_in_span(session, scope)
    again = {(one.corrects, one.said): one for one in await repository.said_again(session, due)}
    first_said = await repository.corrected(session, due)
    found: dict[str, list[Record]] = defaultdict(list)
    for promise in due:
        if (promise.corrects, promise.said) in first_said:
            continue  # a correction says it once more: it is owed since it was said first
        last = _last_said(promise, again)
        found[_became(promise, last)].append(
            Record(promise.id, promise.first_due, {"state": last.state, "settled_at": _iso(last)})
        )
    n = sum(map(len, found.values()))
    return Measured(n, [share(part, found[part], n) for part in _PARTS])


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


def _iso(promise: Owed) -> str | None:
    return promise.settled_at.isoformat() if promise.settled_at else None
