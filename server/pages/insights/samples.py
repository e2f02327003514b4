"""What people rate each week, blind to whose work it is; and single people's figures where a house wants them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from server.insights import endpoints
from server.insights import sample_endpoints as samples
from server.insights.kinds import RATERS, SampleKind
from server.insights.sample_views import ItemState, ItemView, SampleView
from server.insights.views import PeopleView
from server.pages.insights.asked import Asked, AskedDep, SpanName
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.staff.roles import Permission
from server.web.paging import Cursor

router = APIRouter(prefix="/insights")

RaterDep = Annotated[Visit, Depends(visiting(Permission.SCORE_TRANSCRIPTS))]
ReaderDep = Annotated[Visit, Depends(visiting(Permission.READ_INSIGHTS))]


@dataclass(frozen=True, slots=True)
class SamplesPage:
    """Samples, the newest week first. `to_draw` are those of the last week that nobody has drawn yet."""

    samples: Sequence[SampleView]
    week: date
    to_draw: Sequence[tuple[str, SampleKind]]
    next: str | None
    people: bool
    raters: int = RATERS


@dataclass(frozen=True, slots=True)
class ItemsPart:
    """What is in a sample, in the order of the draw."""

    sample: SampleView
    items: Sequence[ItemView]
    cursor: str | None
    next: str | None

    @property
    def waiting(self) -> int:
        """How many the viewer can still rate."""
        return sum(self.open(item) for item in self.items)

    @staticmethod
    def open(item: ItemView) -> bool:
        """Whether the viewer can rate it."""
        return item.state is ItemState.TO_RATE and item.mine is None and not item.yours


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample to rate."""

    part: ItemsPart
    people: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """What each person sent."""

    told: PeopleView
    asked: Asked
    samples: bool
    spans: Sequence[SpanName] = tuple(SpanName)


@router.get("/samples")
async def samples_page(visit: RaterDep, cursor: Cursor = None) -> HTMLResponse:
    """The week's samples, how far each is rated, and those of earlier weeks."""
    read = await samples.list_samples(visit.caller, visit.service, visit.request, cursor=cursor)
    today = visit.now.astimezone(UTC).date()
    week = today - timedelta(days=today.weekday() + 7)
    drawn = {(one.brand, one.kind) for one in read.items if one.week == week}
    wanted = [(brand, kind) for brand in sorted(visit.caller.brands) for kind in SampleKind]
    to_draw = [one for one in wanted if one not in drawn] if cursor is None else []
    people = visit.service.settings.insights_per_person
    return show(visit.request, "insights/samples", SamplesPage(read.items, week, to_draw, read.next, people))


@router.get("/samples/{sample}")
async def sample_page(sample: str, visit: RaterDep, cursor: Cursor = None) -> HTMLResponse:
    """A sample to rate."""
    page = SamplePage(await _items(visit, sample, cursor), visit.service.settings.insights_per_person)
    return show(visit.request, "insights/sample", page)


@router.get("/samples/{sample}/items")
async def items_part(sample: str, visit: RaterDep, cursor: Cursor = None) -> HTMLResponse:
    """What is in a sample alone, for a page on which something was rated."""
    return show(visit.request, "insights/items", await _items(visit, sample, cursor))


@router.get("/people")
async def people_page(visit: ReaderDep, asked: AskedDep) -> HTMLResponse:
    """What each person sent; refused where a house does not look at single people."""
    told = await endpoints.figures_of_people(asked.for_the_api(visit.caller, visit.now), visit.service)
    return show(
        visit.request, "insights/people", PeoplePage(told, asked, visit.caller.may(Permission.SCORE_TRANSCRIPTS))
    )


async def _items(visit: Visit, sample: str, cursor: str | None) -> ItemsPart:
    read = await samples.items_of_sample(sample, visit.caller, visit.service, visit.request, cursor=cursor)
    return ItemsPart(await samples.get_sample(sample, visit.caller, visit.service), read.items, cursor, read.next)
