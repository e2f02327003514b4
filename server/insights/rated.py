"""The figures that need people: problems that escaped, and danger that was missed."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import sample_repository
from server.insights.kinds import RATERS, SampleKind
from server.insights.measured import Measured, Record, count, share
from server.insights.sample_repository import RatedItem
from server.insights.scope import Scope


async def escaped_problems(session: AsyncSession, scope: Scope) -> Measured:
    """How much of what is sent has a problem, as people see it."""
    return _agreed(await sample_repository.rated_in_span(session, scope, SampleKind.SENT_REPLIES))


async def missed_danger(session: AsyncSession, scope: Scope) -> Measured:
    """How many of the posts that the screen let pass are dangerous, as people see it."""
    return _agreed(await sample_repository.rated_in_span(session, scope, SampleKind.UNFLAGGED_POSTS))


def _agreed(rows: Sequence[RatedItem]) -> Measured:
    of_item: dict[str, list[RatedItem]] = defaultdict(list)
    for row in rows:
        of_item[row.id].append(row)
    found: dict[str, list[Record]] = defaultdict(list)
    for those in of_item.values():
        said = [row.found for row in those if row.rater is not None]
        if len(said) < RATERS:
            part = "to_rate"
        elif all(said):
            part = "both"
        else:
            part = "disagreed" if any(said) else "neither"
        kinds = sorted({kind for row in those for kind in row.kinds or ()})
        # what one person says stays unseen until the other has said theirs
        told = {"item": those[0].id, "kinds": ", ".join(kinds)} if part != "to_rate" else {"item": those[0].id}
        found[part].append(Record(those[0].subject, None, told))
    n = sum(len(found[part]) for part in ("both", "disagreed", "neither"))
    parts = [share(part, found[part], n, sampled=True) for part in ("both", "disagreed")]
    return Measured(n, [*parts, count("to_rate", found["to_rate"])])
