"""Oneself: how one is called, how pages look, the password, what acts in one's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from server.db import reading
from server.pages.frame import Theme
from server.pages.rendering import show
from server.pages.settings.sections import FIRST_STEPS, YOU, Section, sections_for
from server.pages.settings.steps import read_steps
from server.pages.texts import languages
from server.pages.visit import Visit, visiting
from server.staff import endpoints
from server.staff.people import get_person
from server.staff.roles import Permission
from server.staff.views import PersonView, TokenView
from server.web.paging import LARGEST_PAGE

router = APIRouter(prefix="/settings")

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_CASES))]


@dataclass(frozen=True, slots=True)
class YouPage:
    """The viewer, and the tokens that act as them."""

    sections: Sequence[Section]
    person: PersonView
    tokens: Sequence[TokenView]
    languages: Sequence[str]
    themes: Sequence[str]
    scopes: Sequence[str]


@router.get("")
async def begin(visit: VisitDep) -> RedirectResponse:
    """Where settings begin: with the first steps while one that is needed is left, else with oneself."""
    sets_up = visit.caller.may(Permission.MANAGE_STAFF)
    left = sets_up and any(step.needed and not step.done for step in await read_steps(visit))
    return RedirectResponse(f"/settings/{FIRST_STEPS if left else YOU}", status_code=303)


@router.get("/you")
async def you_page(visit: VisitDep) -> HTMLResponse:
    """The viewer's own settings."""
    caller = visit.caller
    async with reading(visit.service.engine) as session:
        person = PersonView.of(await get_person(session, caller, caller.id), caller)
    page = await endpoints.list_tokens(caller, visit.service, visit.request, limit=LARGEST_PAGE)
    context = YouPage(
        sections_for(caller, YOU),
        person,
        [token for token in page.items if token.kind == "personal"],
        languages(),
        [str(theme) for theme in Theme],
        sorted(caller.permissions),
    )
    return show(visit.request, "settings/you", context)
