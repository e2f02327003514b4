"""The queue: for whatever it is filtered by an index, walked in its own order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, union_all
from sqlalchemy.orm import defer
from sqlmodel import col, select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import CaseRow, DraftRow

_DANGER = 0
_RUNS_AT_ONCE = 100
"""SQLite merges no more than 500 in one query."""
# a list shows none of them, and they are most of a row
NOT_LISTED = tuple(defer(getattr(DraftRow, name), raiseload=True) for name in ("record", "claims", "findings"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which drafts. Of what is None every draft will do; `team` and `assigned_to` are the case's."""

    brands: Collection[str]
    states: Collection[str]
    account: str | None = None
    team: str | None = None
    assigned_to: str | None = None
    danger: bool | None = None


Place = tuple[int, datetime, str]
"""A draft's place in the queue: rank, due time, id."""


def place_of(draft: DraftRow) -> Place:
    """Where a draft stands in the queue."""
    assert draft.due_at is not None
    return draft.rank, draft.due_at, draft.id


async def queue_page(session: AsyncSession, wanted: Wanted, *, after: Place | None, limit: int) -> list[DraftRow]:
    """The next drafts in the order of the queue: danger, overdue promises, due time.

    Each brand and state is a run of an index that is in order already; the runs are merged, and of what comes first
    alone the rows are read. A plain query over all of them would sort every waiting draft for each page.
    """
    runs = [
        _run(wanted, brand, state, after, limit) for brand in sorted(wanted.brands) for state in sorted(wanted.states)
    ]
    found: list[Place] = []
    for some in range(0, len(runs), _RUNS_AT_ONCE):
        merged = union_all(*(select(*run.c) for run in runs[some : some + _RUNS_AT_ONCE])).subquery()
        order = (merged.c.rank, merged.c.due_at, merged.c.id)
        rows = await session.exec(select(*order).order_by(*order).limit(limit))
        found += [(rank, due, draft) for rank, due, draft in rows]
    return await _rows(session, [draft for *_, draft in sorted(found)[:limit]])


async def _rows(session: AsyncSession, ids: Sequence[str]) -> list[DraftRow]:
    """These drafts, in this order."""
    rows = await session.exec(select(DraftRow).where(col(DraftRow.id).in_(ids)).options(*NOT_LISTED))
    by_id = {row.id: row for row in rows}
    return [by_id[draft] for draft in ids if draft in by_id]


async def follow_case(session: AsyncSession, case: CaseRow) -> None:
    """Have the queue find the drafts of a case, which this transaction has locked, under whose it is now."""
    now_theirs = {"assigned_to": case.assigned_to, "case_team": case.team}
    # no version rises: nothing that anybody decides on has changed
    query = update(DraftRow).where(col(DraftRow.case) == case.id).values(**now_theirs)
    await session.exec(query.execution_options(synchronize_session=False))


def _run(wanted: Wanted, brand: str, state: str, after: Place | None, limit: int) -> Subquery:
    """The next of a brand's drafts in one state, as an index has them."""
    place = (col(DraftRow.rank), col(DraftRow.due_at), col(DraftRow.id))
    query = select(*place).where(DraftRow.brand == brand, DraftRow.state == state, col(DraftRow.due_at).is_not(None))
    # what is dangerous has one rank; compared with a place all the same, SQLite would sort all of it
    order, begin = (place[1:], after and after[1:]) if wanted.danger else (place, after)
    if begin is not None:
        query = query.where(tuple_(*order) > begin)
    if wanted.account is not None:
        query = query.where(DraftRow.account == wanted.account)
    if wanted.danger is not None:
        query = query.where(DraftRow.rank == _DANGER if wanted.danger else DraftRow.rank > _DANGER)
        query = query.where(col(DraftRow.danger).is_not(None) if wanted.danger else col(DraftRow.danger).is_(None))
    if wanted.team is not None:
        query = query.where(DraftRow.case_team == wanted.team)
    if wanted.assigned_to is not None:
        query = query.where(DraftRow.assigned_to == wanted.assigned_to)
    return query.order_by(*order).limit(limit).subquery()
