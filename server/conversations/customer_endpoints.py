"""Looking customers up while their name, address or number is typed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from server.conversations.views import FoundCustomerView
from server.db import reading
from server.shop import search_repository
from server.staff.roles import Caller, Permission
from server.web.dependencies import ServiceDep, allowed
from server.web.paging import Page

router = APIRouter(prefix="/customers", tags=["conversations"])

User = Annotated[Caller, Depends(allowed(Permission.USE_PANEL))]

_MOST = 8
_LEAST_TYPED = 2


@router.get("")
async def look_customers_up(
    q: Annotated[
        str,
        Query(
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="How it begins: words of a name, an e-mail address, a handle (`@` or not), an order's number "
            "as it is said (`FH-104`, `fh 104`, `104`), or the shop's id. Nobody is found by a single letter.",
            examples=["ann w"],
        ),
    ],
    caller: User,
    service: ServiceDep,
) -> Page[FoundCustomerView]:
    """Customers of your brands of whom something begins so, at most 8, for a list that is shown while it is typed.

    Nothing of their records is told but what was found: open a session for that, which is written down.
    """
    typed = " ".join(q.split())
    if len(typed.strip("@#")) < _LEAST_TYPED:
        return Page(items=[])
    async with reading(service.engine) as session:
        found = await search_repository.matches(session, typed, caller.brands, limit=_MOST)
        rows = await search_repository.customers_of(session, [match.customer for match in found], caller.brands)
    return Page(items=[FoundCustomerView.of(rows[match.customer], match) for match in found])
