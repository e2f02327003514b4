"""People and machines: who may sign in and what each may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from server.pages.rendering import show
from server.pages.settings.sections import PEOPLE, Section, brands_of, sections_for
from server.pages.visit import Visit, visiting
from server.staff import endpoints
from server.staff.roles import ONLY_PEOPLE, Permission, Role
from server.staff.views import Id, PersonView, TokenView
from server.web.paging import LARGEST_PAGE, Cursor

router = APIRouter(prefix="/settings/people")

VisitDep = Annotated[Visit, Depends(visiting(Permission.MANAGE_STAFF))]

READ = ("en", "de", "es", "fr")
"""The languages in which replies are written, and that somebody can be said to read."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen for somebody."""

    brands: Sequence[str]
    zones: Sequence[str]
    roles: Sequence[Role] = tuple(Role)
    languages: Sequence[str] = READ


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Everybody, the machines that act by a token, and who can be added."""

    sections: Sequence[Section]
    people: Sequence[PersonView]
    next: str | None
    machines: Sequence[TokenView]
    scopes: Sequence[str]
    choices: Choices


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One of them. `oneself`: it is the viewer."""

    sections: Sequence[Section]
    person: PersonView
    oneself: bool
    choices: Choices


@router.get("")
async def people_page(visit: VisitDep, cursor: Cursor = None) -> HTMLResponse:
    """Everybody who serves a brand of the viewer's."""
    page = await endpoints.list_people(visit.caller, visit.service, visit.request, limit=LARGEST_PAGE, cursor=cursor)
    tokens = await endpoints.list_tokens(visit.caller, visit.service, visit.request, limit=LARGEST_PAGE)
    context = PeoplePage(
        sections_for(visit.caller, PEOPLE),
        page.items,
        page.next,
        [token for token in tokens.items if token.kind == "machine"],
        sorted(visit.caller.permissions - ONLY_PEOPLE),
        _choices(visit),
    )
    return show(visit.request, "settings/people", context)


@router.get("/{staff}")
async def person_page(staff: Id, visit: VisitDep) -> HTMLResponse:
    """One of them, to be changed."""
    person = await endpoints.get_person(staff, visit.caller, visit.service)
    context = PersonPage(sections_for(visit.caller, PEOPLE), person, person.id == visit.caller.id, _choices(visit))
    return show(visit.request, "settings/person", context)


def _choices(visit: Visit) -> Choices:
    return Choices(
        brands_of(visit.caller), sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    )
