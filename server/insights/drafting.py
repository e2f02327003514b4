"""The figure "draft use"."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.states import DraftState
from server.insights import repository
from server.insights.changes import Used
from server.insights.measured import Measured, Record, share
from server.insights.scope import Scope

_SHARES = ("unchanged", "light", "heavy", "discarded", "undecided")

_DISCARDED = frozenset({DraftState.REJECTED, DraftState.NO_REPLY, DraftState.EXPIRED})

_GOES_BEFORE = {"unchanged": 0, "light": 0, "heavy": 0, "no_draft": 0, "undecided": 1, "discarded": 2, "overtaken": 3}
"""Of a post with several drafts: what was sent tells, else what still waits."""


async def draft_use(session: AsyncSession, scope: Scope) -> Measured:
    """What people make of the drafts that they see."""
    return used_of(await repository.shown_in_span(session, scope))


def used_of(shown: Iterable[tuple[str, str | None, str, datetime]]) -> Measured:
    """The figure, of drafts that were seen: the post, how it was used, its state, and when the post was written."""
    posts: dict[str, tuple[str, datetime]] = {}
    for post, used, state, at in shown:
        became = _became(used, state)
        before = posts.get(post)
        if before is None or _GOES_BEFORE[became] <= _GOES_BEFORE[before[0]]:
            posts[post] = became, at
    found: dict[str, list[Record]] = defaultdict(list)
    for post, (became, at) in posts.items():
        part = "undecided" if became == "overtaken" else became
        found[part].append(Record(post, at, {"state": became}))
    n = sum(len(found[part]) for part in _SHARES)
    parts = [share(part, found[part], n) for part in _SHARES]
    return Measured(n, [*parts, share("no_draft", found["no_draft"], n + len(found["no_draft"]))])


def _became(used: str | None, state: str) -> str:
    if used == Used.NONE:
        return "no_draft"
    if used is not None:
        return used
    if state in _DISCARDED:
        return "discarded"
    return "overtaken" if state == DraftState.SUPERSEDED else "undecided"
