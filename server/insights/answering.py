"""The figure "first real answer"."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import repository
from server.insights.measured import Measured, Part, Record, count, median, ninth_tenth, share
from server.insights.open_time import OpenTime
from server.insights.repository import Reply, WaitingPost
from server.insights.scope import Scope


class _Wait(NamedTuple):
    """How long a post waited, by the clock and in opening hours, and for which answer; None: it still does."""

    post: WaitingPost
    elapsed: float
    business: float
    answer: Reply | None

    def record(self) -> Record:
        answer = self.answer.publication if self.answer else None
        values = {"elapsed_s": self.elapsed, "business_s": self.business, "answer": answer}
        return Record(self.post.id, self.post.sent_at, values)


async def first_real_answer(session: AsyncSession, scope: Scope) -> Measured:
    """How long customers wait for the first reply that says something."""
    span = scope.span
    posts = await repository.posts_of(session, scope, span.begin, span.end)
    answers = _by_case(await repository.real_answers_since(session, scope))
    nothing = await repository.left_unanswered_since(session, scope)
    times = {id_: OpenTime(row.hours, span.begin, max(span.now, span.end)) for id_, row in scope.accounts.items()}
    waits: list[_Wait] = []
    left: list[Record] = []
    deleted: list[Record] = []
    for post in posts:
        answer = _answer_to(post, answers.get(post.case, ()))
        if answer is None and post.deleted_at is not None:
            deleted.append(Record(post.id, post.sent_at))
        elif answer is None and post.sent_at <= nothing.get(post.case, span.begin) and post.case in nothing:
            left.append(Record(post.id, post.sent_at))
        else:
            waits.append(_waited(post, answer, times[post.account], span.now))
    return _measured(waits, left, deleted)


def _measured(waits: Sequence[_Wait], left: Sequence[Record], deleted: Sequence[Record]) -> Measured:
    n = len(waits)
    answered = [wait.record() for wait in waits if wait.answer is not None]
    unanswered = [wait.record() for wait in waits if wait.answer is None]
    parts = [
        _percentile(f"{name}_{clock}", waits, at, pick)
        for clock, pick in (("elapsed", lambda wait: wait.elapsed), ("business", lambda wait: wait.business))
        for name, at in (("median", median), ("p90", ninth_tenth))
    ]
    parts += [share("answered", answered, n), share("unanswered", unanswered, n)]
    return Measured(n, [*parts, count("left_unanswered", left), count("deleted", deleted)])


def _percentile(
    name: str,
    waits: Sequence[_Wait],
    at: Callable[[Sequence[float]], tuple[float, float]],
    pick: Callable[[_Wait], float],
) -> Part:
    """As long as it depends on a post that still waits it is a least value."""
    if not waits:
        return Part(name, None, 0, 0)
    value, depends_on = at(sorted(map(pick, waits)))
    youngest = min((pick(wait) for wait in waits if wait.answer is None), default=None)
    at_least = youngest is not None and depends_on >= youngest
    return Part(name, value, len(waits), len(waits), at_least=at_least)


def _waited(post: WaitingPost, answer: Reply | None, time: OpenTime, now: datetime) -> _Wait:
    begin, end = post.sent_at.timestamp(), (answer.sent_at if answer else now).timestamp()
    return _Wait(post, max(end - begin, 0.0), time.between(begin, end), answer)


def _by_case(answers: Iterable[Reply]) -> Mapping[str, list[Reply]]:
    found: dict[str, list[Reply]] = defaultdict(list)
    for answer in answers:
        found[answer.case].append(answer)
    return found


def _answer_to(post: WaitingPost, answers: Sequence[Reply]) -> Reply | None:
    """The first that was sent of those that answer this post or a later one."""
    return next((answer for answer in answers if answer.posted_at >= post.sent_at), None)
