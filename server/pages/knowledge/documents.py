"""The documents: listed and looked for, and one of them, with its places, its versions and what rests on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from server.pages.knowledge.reading import Reading, Section, brands_of, may_change, sections_of
from server.pages.rendering import show
from server.pages.visit import Visit
from server.policies import endpoints
from server.policies.dependencies import PoliciesDep
from server.policies.held import HeldPolicies
from server.policies.knowledge import CATEGORIES
from server.policies.resting_endpoints import list_resting, list_resting_turns
from server.policies.resting_views import RestingTurnView, RestingView
from server.policies.views import Difference, PolicyDetail, PolicyView, ProblemView, VersionDetail
from server.staff.roles import Permission
from server.web.paging import LARGEST_PAGE

router = APIRouter(prefix="/knowledge")

_SHOWN = 100
_STATES = ("in_effect", "scheduled", "ended", "sketch")
_Name = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents, as the address names it; empty: all. A document is coming if a version of it is."""

    q: Annotated[str, Query(max_length=200)] = ""
    brand: _Name = ""
    category: _Name = ""
    audience: _Name = ""
    state: _Name = ""

    @property
    def given(self) -> Mapping[str, str]:
        """What is asked for."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def address(self, **others: object) -> str:
        """The end of an address under which the same is shown."""
        named = {**self.given, **others}
        return f"?{urlencode(named)}" if named else ""

    def admit(self, item: PolicyView) -> bool:
        """Whether a document is meant, by what the API does not look for."""
        words = f"{item.title} {item.id} {item.owner or ''}".casefold()
        states = {item.state, *(["scheduled"] if item.scheduled else [])}
        return (not self.state or self.state in states) and all(word in words for word in self.q.casefold().split())


FiltersDep = Annotated[Filters, Depends(Filters)]


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """The documents that were asked for, from one of them on. `next` leads to those that follow."""

    filters: Filters
    items: Sequence[PolicyView]
    found: int
    next: str | None
    manages: bool
    brands: Mapping[str, str]
    categories: Sequence[str] = CATEGORIES
    states: Sequence[str] = _STATES


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document, or an earlier or later version of it, which is then `version`."""

    document: PolicyDetail
    version: VersionDetail | None
    sections: Sequence[Section]
    manages: bool
    brands: Mapping[str, str]

    @property
    def fields(self) -> Mapping[str, Any]:
        """What is said of it besides its text."""
        return self.version.fields if self.version else self.document.fields


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """What one version says otherwise than another."""

    document: PolicyDetail
    before: int
    after: int
    difference: Difference
    brands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RestingPart:
    """What rests on a document: drafts and answers of the last days, and what reps were told.

    `gone` are sources that a new version would change, if there is to be one.
    """

    document: str
    drafts: Sequence[RestingView]
    turns: Sequence[RestingTurnView]
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProblemsPart:
    """What is wrong with a document."""

    problems: Sequence[ProblemView]


@router.get("")
async def documents_page(
    visit: Reading, policies: PoliciesDep, filters: FiltersDep, begin: Annotated[int, Query(ge=0, le=100_000)] = 0
) -> HTMLResponse:
    """Every document of the viewer's brands that fits."""
    found = [item for item in await list_all(visit, policies, filters) if filters.admit(item)]
    following = filters.address(begin=begin + _SHOWN) if len(found) > begin + _SHOWN else None
    page = DocumentsPage(
        filters,
        found[begin : begin + _SHOWN],
        len(found),
        following,
        visit.caller.may(Permission.MANAGE_POLICIES),
        brands_of(visit),
    )
    return show(visit.request, "knowledge/documents", page)


@router.get("/policies/{document}")
async def document_page(document: str, visit: Reading, policies: PoliciesDep) -> HTMLResponse:
    """A document as it stands. Each of its places has an address: `#` and what sources call it by."""
    view = await endpoints.get_policy(document, visit.caller, visit.service, policies)
    sections = sections_of(document, view.title, view.fields, view.text, view.format)
    page = DocumentPage(view, None, sections, manages(visit, policies, view), brands_of(visit))
    return show(visit.request, "knowledge/document", page)


@router.get("/policies/{document}/versions/{number}")
async def version_page(document: str, number: endpoints.Number, visit: Reading, policies: PoliciesDep) -> HTMLResponse:
    """What a version of it said, or will say."""
    view = await endpoints.get_policy(document, visit.caller, visit.service, policies)
    version = await endpoints.get_version(document, number, visit.caller, visit.service, policies)
    sections = sections_of(document, version.title, version.fields, version.text, version.format)
    page = DocumentPage(view, version, sections, manages(visit, policies, view), brands_of(visit))
    return show(visit.request, "knowledge/document", page)


@router.get("/policies/{document}/difference")
async def difference_page(
    document: str,
    visit: Reading,
    policies: PoliciesDep,
    before: Annotated[int, Query(ge=1, le=2**31 - 1)],
    after: Annotated[int, Query(ge=1, le=2**31 - 1)],
) -> HTMLResponse:
    """What one version says otherwise than another."""
    view = await endpoints.get_policy(document, visit.caller, visit.service, policies)
    difference = await endpoints.get_difference(document, visit.caller, visit.service, before, after)
    page = DifferencePage(view, before, after, difference, brands_of(visit))
    return show(visit.request, "knowledge/difference", page)


@router.get("/policies/{document}/problems")
async def problems_part(document: str, visit: Reading, policies: PoliciesDep) -> HTMLResponse:
    """What is wrong with it, asked for after the document: it is held against all the others."""
    found = await endpoints.list_problems(document, visit.caller, visit.service, policies)
    return show(visit.request, "knowledge/problems", ProblemsPart(found))


@router.get("/policies/{document}/resting")
async def resting_part(document: str, visit: Reading, policies: PoliciesDep) -> HTMLResponse:
    """What rests on it, asked for after the document."""
    return show(visit.request, "knowledge/resting", await read_resting(visit, policies, document))


async def read_resting(visit: Visit, policies: HeldPolicies, document: str) -> RestingPart:
    """What rests on a document, changed since or not."""
    asked = (document, visit.caller, visit.service, policies, visit.request)
    drafts = await list_resting(*asked, changed=False)
    turns = await list_resting_turns(*asked, changed=False)
    return RestingPart(document, drafts.items, turns.items)


async def list_all(visit: Visit, policies: HeldPolicies, filters: Filters) -> list[PolicyView]:
    """Every document that the API tells of: there are some hundreds, and none with its text."""
    found: list[PolicyView] = []
    cursor: str | None = None
    while True:
        page = await endpoints.list_policies(
            visit.caller,
            visit.service,
            policies,
            visit.request,
            brand=filters.brand or None,
            category=filters.category or None,
            audience=filters.audience or None,
            limit=LARGEST_PAGE,
            cursor=cursor,
        )
        found += page.items
        if (cursor := page.next) is None:
            return found


def manages(visit: Visit, policies: HeldPolicies, view: PolicyDetail) -> bool:
    """Whether the viewer may change a document."""
    return may_change(visit.caller, view.brands, policies.calendar.brands)
