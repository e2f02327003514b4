"""The queue: for whatever it is filtered by an index, walked in its own order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, exists, union_all
from sqlalchemy.orm import defer
from sqlmodel import col, select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.ranks import DANGER, OVERDUE
from server.models import AccountRow, CaseRow, DraftFactsRow, DraftRow, PostRow

NOBODY = "nobody"
"""Whose a draft is that is nobody's."""
_RUNS_AT_ONCE = 100
"""SQLite merges no more than 500 in one query."""
# a list shows none of them, and they are most of a row
NOT_LISTED = tuple(defer(getattr(DraftRow, name), raiseload=True) for name in ("record", "claims", "findings"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which drafts. Of what is None every draft will do; `team` and `assigned_to` are the case's.

    `assigned_to` can be `NOBODY`; the post of a draft was written at `waits_since` or before.
    """

    brands: Collection[str]
    states: Collection[str]
    account: str | None = None
    team: str | None = None
    assigned_to: str | None = None
    danger: bool | None = None
    overdue: bool | None = None
    channel: str | None = None
    language: str | None = None
    intent: str | None = None
    outcome: str | None = None
    reason: str | None = None
    waits_since: datetime | None = None


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


def those_of(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What makes a draft one of these, beside its brand and its state."""
    return [col(DraftRow.due_at).is_not(None), *_by_its_index(wanted), *_by_what_it_is(wanted)]


def _by_its_index(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.account is not None:
        found.append(col(DraftRow.account) == wanted.account)
    if wanted.danger is not None:
        found.append(col(DraftRow.rank) == DANGER if wanted.danger else col(DraftRow.rank) > DANGER)
        found.append(col(DraftRow.danger).is_not(None) if wanted.danger else col(DraftRow.danger).is_(None))
    if wanted.overdue is not None:
        found.append(col(DraftRow.rank) == OVERDUE if wanted.overdue else col(DraftRow.rank) != OVERDUE)
    if wanted.team is not None:
        found.append(col(DraftRow.case_team) == wanted.team)
    if wanted.assigned_to is not None:
        whose = col(DraftRow.assigned_to)
        found.append(whose.is_(None) if wanted.assigned_to == NOBODY else whose == wanted.assigned_to)
    return found


def _by_what_it_is(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Looked at draft by draft, in the order of the queue."""
    equal = (
        (DraftRow.language, wanted.language),
        (DraftRow.outcome, wanted.outcome),
        (DraftRow.reason_code, wanted.reason),
    )
    found = [col(column) == value for column, value in equal if value is not None]
    if wanted.channel is not None:
        there = select(AccountRow.id).where(AccountRow.channel == wanted.channel)
        found.append(col(DraftRow.account).in_(there))
    if wanted.intent is not None:
        facts = (col(DraftFactsRow.draft) == DraftRow.id, col(DraftFactsRow.intent) == wanted.intent)
        found.append(exists().where(*facts))
    if wanted.waits_since is not None:
        post = (col(PostRow.id) == DraftRow.target_post, col(PostRow.sent_at) <= wanted.waits_since)
        found.append(exists().where(*post))
    return found


def _run(wanted: Wanted, brand: str, state: str, after: Place | None, limit: int) -> Subquery:
    """The next of a brand's drafts in one state, as an index has them."""
    place = (col(DraftRow.rank), col(DraftRow.due_at), col(DraftRow.id))
    query = select(*place).where(DraftRow.brand == brand, DraftRow.state == state, *those_of(wanted))
    # what is dangerous has one rank; compared with a place all the same, SQLite would sort all of it
    order, begin = (place[1:], after and after[1:]) if wanted.danger else (place, after)
    if begin is not None:
        query = query.where(tuple_(*order) > begin)
    return query.order_by(*order).limit(limit).subquery()
