"""What customers ask and no policy answers, by theme, and where a document begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from server.pages.knowledge.reading import Reading, brands_of
from server.pages.rendering import show
from server.policies.knowledge import CATEGORIES
from server.policies.missing_endpoints import ThemeView, list_missing
from server.staff.roles import Permission
from server.web.paging import Cursor

router = APIRouter(prefix="/knowledge")

_SHOWN = 25
_SPANS = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class MissingPage:
    """The themes, the most asked first; `begun`: those for which there is a document."""

    items: Sequence[ThemeView]
    next: str | None
    brand: str
    days: int
    begun: bool
    manages: bool
    brands: Mapping[str, str]
    categories: Sequence[str] = CATEGORIES
    spans: Sequence[int] = _SPANS


@router.get("/missing")
async def missing_page(
    visit: Reading,
    brand: Annotated[str, Query(max_length=100)] = "",
    days: Annotated[int, Query(ge=1, le=_SPANS[-1])] = 30,
    begun: bool = False,
    cursor: Cursor = None,
) -> HTMLResponse:
    """What was asked in these days and nothing was found."""
    page = await list_missing(
        visit.caller,
        visit.service,
        visit.request,
        visit.now,
        brand=brand or None,
        days=days,
        begun=begun,
        limit=_SHOWN,
        cursor=cursor,
    )
    manages = visit.caller.may(Permission.MANAGE_POLICIES)
    context = MissingPage(page.items, page.next, brand, days, begun, manages, brands_of(visit))
    return show(visit.request, "knowledge/missing", context)
