"""The figure "draft use"."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.states import DraftState
from server.insights import repository
from server.insights.changes import Used
from server.insights.measured import Measured, Record, Records, share, told_with_periods
from server.insights.moments import moment_of
from server.insights.scope import Scope

_SHARES = ("unchanged", "light", "heavy", "saved_reply", "discarded", "undecided")

_DISCARDED = frozenset({DraftState.REJECTED, DraftState.NO_REPLY, DraftState.EXPIRED})

_GOES_BEFORE = {
    **dict.fromkeys(("unchanged", "light", "heavy", "saved_reply", "no_draft"), 0),
    "undecided": 1,
    "discarded": 2,
    "overtaken": 3,
}
"""Of a post with several drafts: what was sent tells, else what still waits."""


class _Used(NamedTuple):
    """What became of a post's draft, and when the post was written."""

    post: str
    became: str
    at: int

    @property
    def part(self) -> str:
        return "undecided" if self.became == "overtaken" else self.became

    def record(self) -> Record:
        return Record(self.post, moment_of(self.at), {"state": self.became})


async def draft_use(session: AsyncSession, scope: Scope) -> Measured:
    """What people make of the drafts that they see."""
    return await asyncio.to_thread(_told, await repository.shown_in_span(session, scope), scope)


def _told(shown: Iterable[tuple[str, str | None, str | None, int]], scope: Scope) -> Measured:
    """The figure, of drafts that were seen: the post, how it was used, else its state, and when it was posted."""
    posts: dict[str, _Used] = {}
    for post, used, state, at in shown:
        became = _became(used, state)
        before = posts.get(post)
        if before is None or _GOES_BEFORE[became] <= _GOES_BEFORE[before.became]:
            posts[post] = _Used(post, became, at)
    return told_with_periods([*posts.values()], _counted, scope.periods, lambda post: post.at)


def _counted(posts: Sequence[_Used]) -> Measured:
    found: dict[str, list[_Used]] = defaultdict(list)
    for post in posts:
        found[post.part].append(post)
    n = sum(len(found[part]) for part in _SHARES)
    parts = [share(part, Records(found[part], _Used.record), n) for part in _SHARES]
    alone = found["no_draft"]
    return Measured(n, [*parts, share("no_draft", Records(alone, _Used.record), n + len(alone))])


def _became(used: str | None, state: str | None) -> str:
    if used == Used.NONE:
        return "no_draft"
    if used is not None:
        return used
    if state in _DISCARDED:
        return "discarded"
    return "overtaken" if state == DraftState.SUPERSEDED else "undecided"
