"""Counts what waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, union_all
from sqlmodel import case, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.queue_repository import Wanted, those_of
from server.models import DraftRow


class By(StrEnum):
    """What drafts are counted by."""

    ACCOUNT = "account"
    TEAM = "team"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Heap:
    """How many drafts of a rank there are of an account, a team or a person."""

    by: By
    whose: str
    rank: int
    number: int


_COLUMNS = {By.ACCOUNT: DraftRow.account, By.TEAM: DraftRow.case_team, By.PERSON: DraftRow.assigned_to}


async def count_heaps(session: AsyncSession, brands: Collection[str], states: Collection[str]) -> Sequence[Heap]:
    """Every draft of the queue by its account; those that are a team's or a person's by that as well.

    Each is counted in an index of the queue, without a look at the drafts.
    """
    heaps = []
    for by, column in _COLUMNS.items():
        query = select(literal(by.value), column, DraftRow.rank, func.count())
        query = query.where(_of(brands, states), col(column).is_not(None), col(DraftRow.due_at).is_not(None))
        heaps.append(query.group_by(col(DraftRow.brand), col(DraftRow.state), col(column), col(DraftRow.rank)))
    rows = (await session.exec(union_all(*heaps))).all()  # type: ignore[call-overload]
    return [Heap(By(by), whose, rank, number) for by, whose, rank, number in rows]


async def count_each(session: AsyncSession, each: Sequence[Wanted]) -> Sequence[int]:
    """How many drafts each of these finds; what waits is gone through once for all of them."""
    if not each:
        return []
    brands = {brand for wanted in each for brand in wanted.brands}
    states = {state for wanted in each for state in wanted.states}
    fits = [and_(_of(wanted.brands, wanted.states), *those_of(wanted)) for wanted in each]
    numbers = [func.coalesce(func.sum(case((fit, 1), else_=0)), 0) for fit in fits]
    # a query for one number alone is answered by a number, and not by a row
    query: Any = select(func.count(), *numbers).where(_of(brands, states))
    counted = (await session.exec(query)).one()
    return [int(number) for number in counted[1:]]


def _of(brands: Collection[str], states: Collection[str]) -> ColumnElement[bool]:
    return and_(col(DraftRow.brand).in_(brands), col(DraftRow.state).in_(states))
