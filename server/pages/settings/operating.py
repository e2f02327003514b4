"""What admins look at: the model, what is kept how long, what the doctor finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from server.chat_model import endpoints
from server.chat_model.endpoints import ModelView
from server.pages.rendering import show
from server.pages.settings.sections import MODEL, OPERATING, Section, sections_for
from server.pages.visit import Visit, visiting
from server.settings import Settings, variable_of
from server.staff.roles import Permission
from server.web.doctor import Line, examine

router = APIRouter(prefix="/settings")

Operator = Annotated[Visit, Depends(visiting(Permission.READ_METRICS))]

FAILURES = ("unavailable", "busy", "cost_cap", "refused", "content_filter", "cut_off", "empty", "endless")
"""Those ends of a call to the model that the page has words for."""


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Which model writes, and what can be asked of it."""

    sections: Sequence[Section]
    model: ModelView
    failures: Sequence[str] = FAILURES


@dataclass(frozen=True, slots=True)
class Kept:
    """How many days something is kept, and the variable that says so."""

    name: str
    days: int
    variable: str


@dataclass(frozen=True, slots=True)
class OperatingPage:
    """What is kept how long."""

    sections: Sequence[Section]
    kept: Sequence[Kept]


@dataclass(frozen=True, slots=True)
class DoctorPart:
    """What the doctor found."""

    lines: Sequence[Line]

    @property
    def wrong(self) -> int:
        """On how many lines something is to be done."""
        return sum(line.wrong for line in self.lines)


@router.get("/model")
async def model_page(visit: Annotated[Visit, Depends(visiting(Permission.TEST_MODEL))]) -> HTMLResponse:
    """The model."""
    model = await endpoints.get_model(visit.caller, visit.service, visit.now)
    return show(visit.request, "settings/model", ModelPage(sections_for(visit.caller, MODEL), model))


@router.get("/operating")
async def operating_page(visit: Operator) -> HTMLResponse:
    """What is kept how long, and where the doctor is asked."""
    kept = _kept(visit.service.settings)
    return show(visit.request, "settings/operating", OperatingPage(sections_for(visit.caller, OPERATING), kept))


@router.get("/operating/doctor")
async def doctor_part(visit: Operator) -> HTMLResponse:
    """What the doctor finds now; it asks everything that Deskside needs, which takes some seconds."""
    return show(visit.request, "settings/doctor", DoctorPart(await examine(visit.service.settings)))


def _kept(settings: Settings) -> Sequence[Kept]:
    return [
        Kept(name.removeprefix("keep_").removesuffix("_days"), getattr(settings, name), variable_of(name))
        for name in Settings.model_fields
        if name.startswith("keep_")
    ]
