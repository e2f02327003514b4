"""Incidents: many posts about one thing, listed, confirmed, answered with one text, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from assistant.guidance import Intent
from server.drafts.readers import reads
from server.incidents import endpoints
from server.incidents.states import InIncident
from server.incidents.views import ListedIncident, ListingView, PromisedView, TextView, WholeIncident
from server.pages.codes import Codes
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.staff.roles import Caller, Permission
from server.web.paging import LARGEST_PAGE, Cursor

router = APIRouter(prefix="/inbox/incidents", include_in_schema=False)

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_INCIDENTS))]


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    """All of them, and how another is opened. `intents` are what posts can be about."""

    items: Sequence[ListedIncident]
    next: str | None
    manages: bool
    brands: Sequence[str]
    intents: Sequence[str]


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One, with the cases that wait for a word and those who were promised an update.

    `approved` are the digests of the answers that may be sent, by language; `closing` those of the closing texts.
    """

    incident: WholeIncident
    listed: Sequence[ListingView]
    kept: Sequence[ListingView]
    promised: Sequence[PromisedView]
    manages: bool
    languages: Sequence[str]
    approved: Mapping[str, str]
    closing: Mapping[str, str]
    intents: Sequence[Intent]

    def reads(self, viewer: Caller, language: str) -> bool:
        """Whether they read it: what they do not, they confirm to approve all the same."""
        return reads(viewer, language)

    def why(self, words: str, codes: Codes) -> str:
        """By what a case belongs to it, with what it is about by its name."""
        for intent in self.intents:
            words = words.replace(f"“{intent.title}”", f"“{codes.topic(intent.id, intent.title)}”")
        return words


@router.get("")
async def incidents_page(visit: VisitDep, cursor: Cursor = None) -> HTMLResponse:
    """Every incident, the newest first."""
    page = await endpoints.list_incidents(visit.caller, visit.service, visit.request, cursor=cursor)
    guidance = visit.service.desk.guidance
    context = IncidentsPage(
        page.items,
        page.next,
        visit.caller.may(Permission.MANAGE_INCIDENTS),
        sorted(visit.caller.brands),
        sorted(intent.id for intent in guidance.intents),
    )
    return show(visit.request, "incidents/page", context)


@router.get("/{incident}")
async def incident_page(incident: str, visit: VisitDep) -> HTMLResponse:
    """One of them."""
    return show(visit.request, "incidents/one", await _read(visit, incident))


@router.get("/{incident}/part")
async def incident_part(incident: str, visit: VisitDep) -> HTMLResponse:
    """One of them without what stands around it, for a page on which it changed."""
    return show(visit.request, "incidents/part", await _read(visit, incident))


async def _read(visit: Visit, incident: str) -> IncidentPage:
    whole = await endpoints.get_one(incident, visit.caller, visit.service)
    promised = await endpoints.list_promised(incident, visit.caller, visit.service, visit.request, limit=LARGEST_PAGE)
    return IncidentPage(
        whole,
        await _cases(visit, incident, InIncident.LISTED),
        await _cases(visit, incident, InIncident.KEPT),
        promised.items,
        visit.caller.may(Permission.MANAGE_INCIDENTS) and whole.state == "open",
        ("en", "de", "es", "fr"),
        _may_be_sent(whole.texts, "answer"),
        _may_be_sent(whole.texts, "closing"),
        visit.service.desk.guidance.intents,
    )


async def _cases(visit: Visit, incident: str, state: InIncident) -> Sequence[ListingView]:
    page = await endpoints.list_cases(
        incident, visit.caller, visit.service, visit.request, state=state, limit=LARGEST_PAGE
    )
    return page.items


def _may_be_sent(texts: Sequence[TextView], purpose: str) -> Mapping[str, str]:
    return {text.language: text.digest for text in texts if text.purpose == purpose and text.may_be_sent}
