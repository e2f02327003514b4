"""The places that customers may be sent to: listed, read, and changed by whoever serves the brands they are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.guidance import LANGUAGES
from server.destinations import endpoints
from server.destinations.views import DestinationView
from server.pages.knowledge.reading import Managing, Reading, all_brands_of, brands_of
from server.pages.rendering import show
from server.pages.visit import Visit
from server.policies.files import DestinationKind
from server.staff.roles import Permission
from server.web.paging import LARGEST_PAGE, Cursor

router = APIRouter(prefix="/knowledge/destinations")


@dataclass(frozen=True, slots=True)
class DestinationsPage:
    """All of them; `retired`: those that nobody is sent to any more, too."""

    items: Sequence[DestinationView]
    next: str | None
    retired: bool
    manages: bool
    brands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DestinationPage:
    """One, or None for another one; `manages`: whether the viewer may change it. `everywhere`: for every brand."""

    destination: DestinationView | None
    manages: bool
    everywhere: bool
    brands: Mapping[str, str]
    kinds: Sequence[str] = get_args(DestinationKind)
    languages: Sequence[str] = LANGUAGES


@router.get("")
async def destinations_page(visit: Reading, retired: bool = False, cursor: Cursor = None) -> HTMLResponse:
    """Where the viewer's brands may send customers."""
    page = await endpoints.list_destinations(
        visit.caller, visit.service, visit.request, retired=retired, limit=LARGEST_PAGE, cursor=cursor
    )
    manages = visit.caller.may(Permission.MANAGE_POLICIES)
    context = DestinationsPage(page.items, page.next, retired, manages, brands_of(visit))
    return show(visit.request, "knowledge/destinations", context)


@router.get("/new")
async def new_page(visit: Managing) -> HTMLResponse:
    """For another place."""
    return show(visit.request, "knowledge/destination", _page(visit, None))


@router.get("/one/{destination}")
async def destination_page(destination: str, visit: Reading) -> HTMLResponse:
    """One place, whole."""
    view = await endpoints.get_destination(destination, visit.caller, visit.service)
    return show(visit.request, "knowledge/destination", _page(visit, view))


def _page(visit: Visit, view: DestinationView | None) -> DestinationPage:
    everywhere = all_brands_of(visit) <= visit.caller.brands
    theirs = view is None or view.brand is not None or everywhere
    standing = view is None or view.retired_at is None
    manages = visit.caller.may(Permission.MANAGE_POLICIES) and theirs and standing
    return DestinationPage(view, manages, everywhere, brands_of(visit))
