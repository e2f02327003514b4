"""What is left to do before a new installation can answer anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from server.channels.repository import list_accounts
from server.db import reading
from server.pages.rendering import show
from server.pages.settings.sections import FIRST_STEPS, Section, sections_for
from server.pages.visit import Visit, visiting
from server.policies.repository import Wanted, list_documents
from server.shop.repository import last_import
from server.staff.people import list_people
from server.staff.roles import Permission

router = APIRouter(prefix="/settings")

_ALONE = 1
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do once. `needed`: nothing is answered before."""

    name: str
    address: str | None
    done: bool
    needed: bool


@dataclass(frozen=True, slots=True)
class StepsPage:
    """Those that are done and those that are left."""

    sections: Sequence[Section]
    steps: Sequence[Step]

    @property
    def left(self) -> int:
        """How many of those that are needed there are still to do."""
        return sum(not step.done for step in self.steps if step.needed)


@router.get("/first-steps")
async def steps_page(visit: Annotated[Visit, Depends(visiting(Permission.MANAGE_STAFF))]) -> HTMLResponse:
    """What to do next."""
    return show(
        visit.request, "settings/steps", StepsPage(sections_for(visit.caller, FIRST_STEPS), await read_steps(visit))
    )


async def read_steps(visit: Visit) -> Sequence[Step]:
    """The steps of the viewer's brands, each with whether it is done."""
    brands = visit.caller.brands
    async with reading(visit.service.engine) as session:
        accounts = await list_accounts(session, brands=brands, limit=_ALONE)
        documents = await list_documents(session, Wanted(brands), after=None, limit=_ALONE)
        people = await list_people(session, visit.caller, limit=_ENOUGH)
        imported = await last_import(session)
    return [
        Step("accounts", "/settings/channels", bool(accounts), needed=True),
        Step("policies", "/knowledge", bool(documents), needed=True),
        Step("shop", None, imported is not None, needed=True),
        Step("people", "/settings/people", len(people) > _ALONE, needed=True),
        Step("model", "/settings/model", visit.service.model is not None, needed=False),
    ]
