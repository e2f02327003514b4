"""The queue: for whatever it is filtered by an index, walked in its own order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import defer
from sqlmodel import col, select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from server.models import CaseRow, DraftRow

_DANGER = 0
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

    Each brand and state is a run of the index that is in order already; the runs are merged here. One query over all of
    them would sort every waiting draft for each page.
    """
    found: list[DraftRow] = []
    for brand in sorted(wanted.brands):
        for state in sorted(wanted.states):
            query = _run(wanted, brand, state, after).limit(limit)
            found += (await session.exec(query)).all()
    return sorted(found, key=place_of)[:limit]


async def follow_case(session: AsyncSession, case: CaseRow) -> None:
    """Have the queue find the drafts of a case, which this transaction has locked, under whose it is now."""
    now_theirs = {"assigned_to": case.assigned_to, "case_team": case.team}
    # no version rises: nothing that anybody decides on has changed
    query = update(DraftRow).where(col(DraftRow.case) == case.id).values(**now_theirs)
    await session.exec(query.execution_options(synchronize_session=False))


def _run(wanted: Wanted, brand: str, state: str, after: Place | None) -> SelectOfScalar[DraftRow]:
    order = (col(DraftRow.rank), col(DraftRow.due_at), col(DraftRow.id))
    query = select(DraftRow).where(DraftRow.brand == brand, DraftRow.state == state, col(DraftRow.due_at).is_not(None))
    if after is not None:
        query = query.where(tuple_(*order) > after)
    if wanted.account is not None:
        query = query.where(DraftRow.account == wanted.account)
    if wanted.danger is not None:
        # what is dangerous has the first rank: the index says where it ends
        query = query.where(DraftRow.rank == _DANGER if wanted.danger else DraftRow.rank > _DANGER)
        query = query.where(col(DraftRow.danger).is_not(None) if wanted.danger else col(DraftRow.danger).is_(None))
    if wanted.team is not None:
        query = query.where(DraftRow.case_team == wanted.team)
    if wanted.assigned_to is not None:
        query = query.where(DraftRow.assigned_to == wanted.assigned_to)
    return query.order_by(*order).options(*NOT_LISTED)
