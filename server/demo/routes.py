"""What the guide's links lead to and its buttons do. There are no such routes but in the demo."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from server.db import reading, writing
from server.demo.far_side import Act, FarSide
from server.pages.guide import GUIDED_BY
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.staff.demo import come_in_as
from server.staff.roles import Permission

router = APIRouter(prefix="/demo", include_in_schema=False)
VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_CASES))]


@dataclass(frozen=True, slots=True)
class Acted:
    """What has been done out there, by its name."""

    act: str


def _far_side(request: Request) -> FarSide:
    found: FarSide = request.app.state.far_side
    return found


@router.get("/cases/{name}")
async def go_to_case(name: str, visit: VisitDep) -> RedirectResponse:
    """The newest case of somebody of whom the guide speaks."""
    async with reading(visit.service.engine) as session:
        case = await _far_side(visit.request).case(session, visit.caller, name)
    return RedirectResponse(f"/inbox/cases/{case.id}", status_code=303)


@router.post("/acts/{act}")
async def act(act: Act, visit: VisitDep) -> HTMLResponse:
    """Have the far side do something; the guide as it stands then."""
    await _far_side(visit.request).act(act, visit.service, visit.caller)
    return show(visit.request, "demo/acted", Acted(act))


@router.post("/supervisor")
async def come_in_as_supervisor(visit: VisitDep) -> HTMLResponse:
    """A link by which this browser goes on as the demo's supervisor, on this machine and once."""
    async with writing(visit.service.engine) as session:
        link = await come_in_as(session, GUIDED_BY, visit.now)
    return HTMLResponse(link)
