"""What of all that was promised is overdue where a draft stands: which promise, since when, to whom."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.customers_repository import TakenFor
from server.drafts.ranks import OVERDUE
from server.drafts.states import DraftState
from server.models import DraftRow, PromiseRow
from server.promises.repository import overdue_for

CODE = "overdue_promise"
"""The reason of a draft that is there because of a promise."""

_WAITING = frozenset({DraftState.PENDING, DraftState.AWAITING_SECOND, DraftState.HANDED_OVER, DraftState.HELD})

Owed = Mapping[str, Sequence[PromiseRow]]
"""By draft."""


class OwedView(BaseModel):
    """A promise that is overdue: settle it under /promises/{promise}, or keep it with this answer."""

    promise: str
    what: str
    order: str | None
    customer: str | None = Field(description="Null: a handle nobody knows.")
    author: str | None
    case: str | None
    made_at: datetime
    due: datetime

    @classmethod
    def of(cls, row: PromiseRow, due: datetime) -> Self:
        """What a colleague has to know of it."""
        return cls(
            promise=row.id,
            what=row.what,
            order=row.order_id,
            customer=row.customer,
            author=row.author,
            case=row.case,
            made_at=row.made_at,
            due=due,
        )


async def read_owed(session: AsyncSession, drafts: Collection[DraftRow], customers: Mapping[str, TakenFor]) -> Owed:
    """What was promised with a time where these drafts stand; of those alone that were put before the ordinary ones."""
    asked = [draft for draft in drafts if draft.rank <= OVERDUE and draft.state in _WAITING]
    if not asked:
        return {}
    people = {draft.id: taken.id for draft in asked if (taken := customers.get(draft.id)) and taken.id is not None}
    brands, cases = {draft.brand for draft in asked}, {draft.case for draft in asked}
    rows = await overdue_for(session, brands, cases, set(people.values()))
    return {
        draft.id: [
            row
            for row in rows
            if row.brand == draft.brand
            and (row.case == draft.case or (row.customer is not None and row.customer == people.get(draft.id)))
        ]
        for draft in asked
    }


def overdue_of(draft: DraftRow, owed: Owed, now: datetime) -> list[OwedView]:
    """What is overdue where a draft stands."""
    rows = owed.get(draft.id, ())
    return [OwedView.of(row, row.due) for row in rows if row.due is not None and row.due <= now]


def say(owed: Sequence[OwedView]) -> list[str]:
    """Each promise in words."""
    return [
        f"“{one.what}” was promised to {one.author or one.customer} on {one.made_at.day} {one.made_at:%B}"
        f"{f' about {one.order}' if one.order else ''} and is overdue since {one.due.day} {one.due:%B, %H:%M} UTC"
        for one in owed
    ]
