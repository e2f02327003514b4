"""Views of the queue: filters under a name, somebody's own or shared with everybody who serves a brand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.filters import Filters
from server.drafts.states import DraftState
from server.errors import Conflict, NotAllowed, NotFound, Unprocessable
from server.events.log import record
from server.models import SavedViewRow
from server.models.ids import new_id
from server.queue import repository
from server.staff.roles import Caller, Permission, who_may

MOST = 50
"""Views of one person's own, and shared with one brand: what others share leaves everybody room for theirs."""


class ViewNotFound(NotFound):
    """There is none of this id, or it is somebody else's own."""

    def __init__(self) -> None:
        super().__init__("there is no such view")


class PeopleKeepViews(NotAllowed):
    """A machine's token keeps none; it names its filters with each request."""


class TooManyViews(Conflict):
    """There are as many as anybody can overlook."""


class NotYourBrand(Unprocessable):
    """It is to be shared with a brand that its keeper does not serve."""


def filters_of(row: SavedViewRow) -> Filters:
    """What the view filters."""
    said = dict(row.filters)
    if "state" in said:
        said["state"] = tuple(DraftState(state) for state in said["state"])
    return Filters(**said)


async def visible_views(session: AsyncSession, caller: Caller) -> Sequence[SavedViewRow]:
    """The caller's own, and those that are shared with a brand of theirs."""
    return await repository.list_views(session, caller.id, caller.brands)


async def get_view(session: AsyncSession, caller: Caller, view: str) -> SavedViewRow:
    """One of them.

    Raises:
        ViewNotFound: It is none of them.
    """
    row = await repository.find_view(session, view, caller.id, caller.brands)
    if row is None:
        raise ViewNotFound
    return row


async def keep(
    session: AsyncSession, caller: Caller, *, name: str, filters: Filters, brand: str | None, now: datetime
) -> SavedViewRow:
    """Keep filters under a name; with a `brand` for everybody who serves it.

    Raises:
        PeopleKeepViews: A machine asks.
        TooManyViews: There are as many of the caller's own, or shared with the brand, as there can be.
        NotAllowed: It would be shared, and the caller may not do that.
        NotYourBrand: It would be shared with a brand of others.
    """
    if caller.role is None:
        raise PeopleKeepViews("a person keeps views; name the filters with each request instead")
    _refuse_sharing(caller, brand)
    if sum(row.brand == brand for row in await visible_views(session, caller)) >= MOST:
        raise TooManyViews(f"there are {MOST} views already; delete one first", most=MOST)
    row = SavedViewRow(
        id=new_id("view"),
        staff=caller.id,
        brand=brand,
        name=name,
        filters=_as_json(filters),
        created_at=now,
        updated_at=now,
    )
    await repository.add_view(session, row)
    _tell(session, row, "shared", brand, now, caller)
    return row


async def change(
    session: AsyncSession,
    caller: Caller,
    view: str,
    changes: Mapping[str, Any],
    now: datetime,
) -> SavedViewRow:
    """Give it another name, other filters, or another `brand` that it is shared with (None: nobody).

    Raises:
        ViewNotFound: The caller sees none of this id.
        NotAllowed: It is shared, or would be, and the caller may not change that.
        NotYourBrand: It would be shared with a brand of others.
    """
    row = await _theirs(session, caller, view)
    if "brand" in changes and changes["brand"] != row.brand:
        _refuse_sharing(caller, changes["brand"])
        _tell(session, row, "unshared", row.brand, now, caller)
        row.brand = changes["brand"]
        _tell(session, row, "shared", row.brand, now, caller)
    else:
        _tell(session, row, "changed", row.brand, now, caller)
    row.name = changes.get("name", row.name)
    if "filters" in changes:
        row.filters = _as_json(changes["filters"])
    row.updated_at = now
    session.add(row)
    return row


async def drop(session: AsyncSession, caller: Caller, view: str, now: datetime) -> None:
    """Keep it no longer.

    Raises:
        ViewNotFound: The caller sees none of this id.
        NotAllowed: It is shared, and the caller may not change that.
    """
    row = await _theirs(session, caller, view)
    _tell(session, row, "unshared", row.brand, now, caller)
    await repository.drop_view(session, row)


def may_change(caller: Caller, row: SavedViewRow) -> bool:
    """Whether the caller may: their own if they work on drafts, what is shared if they may share besides."""
    return caller.may(Permission.WORK_ON_DRAFTS) and (row.brand is None or caller.may(Permission.SHARE_VIEWS))


async def _theirs(session: AsyncSession, caller: Caller, view: str) -> SavedViewRow:
    row = await repository.lock_view(session, view, caller.id, caller.brands)
    if row is None:
        raise ViewNotFound
    _refuse_sharing(caller, row.brand)
    return row


def _refuse_sharing(caller: Caller, brand: str | None) -> None:
    if brand is None:
        return
    if not caller.may(Permission.SHARE_VIEWS):
        words = f"{who_may(Permission.SHARE_VIEWS)} shares views and changes shared ones; keep one of your own instead"
        raise NotAllowed(words, permission=str(Permission.SHARE_VIEWS))
    if brand not in caller.brands:
        raise NotYourBrand("you do not serve this brand; share it with one that you serve")


def _as_json(filters: Filters) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in filters.named()}


def _tell(
    session: AsyncSession, row: SavedViewRow, what: str, brand: str | None, now: datetime, caller: Caller
) -> None:
    """What concerns nobody but its keeper is told to nobody."""
    if brand is not None:
        record(session, f"view.{what}", row.id, brand=brand, at=now, by=caller.id)
