"""The figure "first real answer"."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import answering_repository as repository
from server.insights.answering_repository import Asked
from server.insights.definitions import Unit
from server.insights.measured import (
    Measured,
    Part,
    Record,
    Records,
    count,
    median,
    ninth_tenth,
    share,
    told_with_periods,
)
from server.insights.moments import SECOND, in_micros, moment_of
from server.insights.open_time import OpenTime
from server.insights.scope import Scope


class _Wait(NamedTuple):
    """How long a post waited, in seconds by the clock and in opening hours; `state` is its part of the figure."""

    asked: Asked
    state: str
    elapsed: float
    business: float

    def record(self) -> Record:
        values = {"elapsed_s": self.elapsed, "business_s": self.business, "answer": self.asked.answer}
        return Record(self.asked.post, moment_of(self.asked.posted), values)

    def left(self) -> Record:
        return Record(self.asked.post, moment_of(self.asked.posted))


async def first_real_answer(session: AsyncSession, scope: Scope) -> Measured:
    """How long customers wait for the first reply that says something."""
    posts = await repository.asked_in_span(session, scope)
    nothing = await repository.left_unanswered_since(session, scope)
    return await asyncio.to_thread(_told, posts, nothing, scope)


def _told(posts: Sequence[Asked], nothing: Mapping[str, int], scope: Scope) -> Measured:
    span = scope.span
    times = {id_: OpenTime(row.hours, span.begin, max(span.now, span.end)) for id_, row in scope.accounts.items()}
    now = in_micros(span.now)
    waits = [_waited(post, _state(post, nothing), times[post.account], now) for post in posts]
    return told_with_periods(waits, _measured, scope.periods, lambda wait: wait.asked.posted)


def _state(post: Asked, nothing: Mapping[str, int]) -> str:
    if post.answered is not None:
        return "answered"
    if post.deleted:
        return "deleted"
    return "left_unanswered" if post.posted <= nothing.get(post.case, -1) else "unanswered"


def _waited(post: Asked, state: str, time: OpenTime, now: int) -> _Wait:
    if state in ("deleted", "left_unanswered"):
        return _Wait(post, state, 0.0, 0.0)
    end = now if post.answered is None else post.answered
    elapsed = max((end - post.posted) / SECOND, 0.0)
    return _Wait(post, state, elapsed, time.between(post.posted / SECOND, end / SECOND))


def _measured(all_: Sequence[_Wait]) -> Measured:
    of = {state: [wait for wait in all_ if wait.state == state] for state in _STATES}
    waits = [wait for wait in all_ if wait.state in ("answered", "unanswered")]
    n = len(waits)
    parts = [
        _percentile(f"{name}_{clock}", waits, at, pick)
        for clock, pick in (("elapsed", lambda wait: wait.elapsed), ("business", lambda wait: wait.business))
        for name, at in (("median", median), ("p90", ninth_tenth))
    ]
    parts += [share(state, Records(of[state], _Wait.record), n) for state in ("answered", "unanswered")]
    parts += [count(state, Records(of[state], _Wait.left)) for state in ("left_unanswered", "deleted")]
    return Measured(n, parts)


_STATES = ("answered", "unanswered", "left_unanswered", "deleted")


def _percentile(
    name: str,
    waits: Sequence[_Wait],
    at: Callable[[Sequence[float]], tuple[float, float]],
    pick: Callable[[_Wait], float],
) -> Part:
    """As long as it depends on a post that still waits it is a least value."""
    if not waits:
        return Part(name, Unit.SECONDS, None, 0, 0)
    value, depends_on = at(sorted(map(pick, waits)))
    youngest = min((pick(wait) for wait in waits if wait.state == "unanswered"), default=None)
    at_least = youngest is not None and depends_on >= youngest
    return Part(name, Unit.SECONDS, value, len(waits), len(waits), at_least=at_least)
