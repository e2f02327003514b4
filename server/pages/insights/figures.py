"""The figures of a span as cards, each by itself, and what was counted for it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic_core import to_json

from server.db import reading
from server.errors import NotFound
from server.insights import endpoints
from server.insights.definitions import DEFINITIONS, FigureName, Unit
from server.insights.record_repository import authors_of
from server.insights.scope import BadSpan, Step
from server.insights.views import FigureView, PartView, RecordView
from server.pages.formats import Formats
from server.pages.frame import Theme, frame_of
from server.pages.insights.asked import Asked, AskedDep, SpanName
from server.pages.insights.drawing import draw
from server.pages.insights.lately import Lately
from server.pages.insights.plots import Plot, Words, plot_of
from server.pages.rendering import render_part, show
from server.pages.texts import texts_in
from server.pages.visit import Visit, visiting
from server.staff.roles import Permission
from server.web.paging import Cursor

router = APIRouter(prefix="/insights")

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_INSIGHTS))]

_OF_AN_IMAGE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_RECORDS = 25
_WEEKLY = frozenset({FigureName.ESCAPED_PROBLEMS, FigureName.MISSED_DANGER})

_HEADS: Mapping[FigureName, Sequence[str]] = {
    FigureName.FIRST_REAL_ANSWER: ("median_elapsed", "p90_elapsed"),
    FigureName.SOLVED: ("solved",),
    FigureName.PROMISES_KEPT: ("kept_in_time",),
    FigureName.DRAFT_USE: ("unchanged", "light"),
    FigureName.ESCAPED_PROBLEMS: ("both",),
    FigureName.ZERO_COUNTS: ("private_data_in_public", "wrong_customer", "unapproved_promise"),
    FigureName.MISSED_DANGER: ("both",),
    FigureName.ADVICE_REPEATED: ("repeated",),
    FigureName.OVERDUE: ("answers", "promises"),
    FigureName.COST: ("total", "per_reply"),
}
"""What is told largest; of figures that are lists: how many there are."""


class NoPlot(NotFound):
    """There is nothing to draw."""


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """The cards that are to come. `refused` says why these days have no figures."""

    asked: Asked
    brands: Sequence[str]
    figures: Sequence[FigureName]
    refused: str | None
    samples: bool
    people: bool
    spans: Sequence[SpanName] = tuple(SpanName)
    steps: Sequence[Step] = tuple(Step)


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A figure. `heads` are the parts that are told first, `plot` what is drawn and `described` the same in words."""

    figure: FigureView
    asked: Asked
    words: Words
    heads: Sequence[PartView]
    plot: Plot | None
    described: str
    sheet: str

    @property
    def nothing(self) -> bool:
        """Whether nothing happened that it counts."""
        return self.figure.n == 0 and not any(part.numerator for part in self.figure.parts)

    @property
    def plotted(self) -> Sequence[PartView]:
        """The parts that are drawn, if they have a course."""
        labels = {line.label for line in self.plot.lines} if self.plot else set()
        return [part for part in self.figure.parts if self.words.label(self.figure.name, part) in labels]

    def listed(self, part: PartView) -> bool:
        """Whether what was counted in a part can be listed. What is to be rated is seen by its raters alone."""
        counts = part.unit not in (Unit.SECONDS, Unit.MONEY) and self.figure.name is not FigureName.COST
        return counts and part.numerator > 0 and part.name != "to_rate"


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in a part: who wrote to us by the case, and where it goes on."""

    part: PartView
    records: Sequence[RecordView]
    authors: Mapping[str, str]
    next: str | None
    sheet: str


@dataclass(frozen=True, slots=True)
class FigurePage:
    """A figure by itself, and what was counted in the part that was asked for."""

    shown: FigurePart
    counted: Counted | None
    samples: bool
    people: bool

    def said(self, record: RecordView) -> Sequence[str]:
        """What a record counted with, in words."""
        told = (self.shown.words.counted(name, value) for name, value in record.values.items() if value is not None)
        return [words for words in told if words]


@router.get("")
async def figures_page(visit: VisitDep, asked: AskedDep) -> HTMLResponse:
    """The span, and a place for each figure's card."""
    refused = None
    try:
        asked.for_the_api(visit.caller, visit.now)
    except BadSpan as refusal:
        refused = str(refusal)
    page = FiguresPage(
        asked, sorted(visit.caller.brands), () if refused else tuple(DEFINITIONS), refused, *_places(visit)
    )
    return show(visit.request, "insights/page", page)


@router.get("/cards", response_class=EventSourceResponse)
async def cards(visit: VisitDep, asked: AskedDep) -> AsyncIterator[ServerSentEvent]:
    """Every figure as a card, each as soon as it is read: all at once would keep everybody else waiting."""
    for figure in DEFINITIONS:
        card = render_part(visit.request, "insights/card", await _part(visit, asked, figure, large=False))
        yield ServerSentEvent(event="card", raw_data=to_json({"figure": figure, "html": card}).decode())


@router.get("/{figure}")
async def figure_page(
    figure: FigureName,
    visit: VisitDep,
    asked: AskedDep,
    part: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """One figure, larger, with all of its numbers and, of a part, what was counted."""
    shown = await _part(visit, asked, figure, large=True)
    counted = await _counted(visit, shown, part, cursor) if part else None
    return show(visit.request, "insights/figure", FigurePage(shown, counted, *_places(visit)))


@router.get("/{figure}/card")
async def card_part(figure: FigureName, visit: VisitDep, asked: AskedDep) -> HTMLResponse:
    """One figure as a card, where it did not come with the others."""
    return show(visit.request, "insights/card", await _part(visit, asked, figure, large=False))


@router.get("/{figure}/plot.svg")
async def plot_image(
    figure: FigureName, visit: VisitDep, asked: AskedDep, theme: Theme = Theme.AS_THE_MACHINE, large: bool = False
) -> Response:
    """The plot of a figure as an image, light or dark as the browser says unless a theme is named."""
    view = await _read(visit, asked, figure, lately=True)
    words = _words(visit)
    plot = plot_of(view, words, large=large)
    if plot is None:
        raise NoPlot("there is nothing to draw in this span")
    drawn = await asyncio.to_thread(draw, plot, words, theme, large=large)
    headers = {"Content-Security-Policy": _OF_AN_IMAGE, "Vary": "Accept-Language, Cookie"}
    return Response(drawn, headers=headers, media_type="image/svg+xml")


def _places(visit: Visit) -> tuple[bool, bool]:
    """Whether the viewer rates samples, and whether single people are looked at."""
    return visit.caller.may(Permission.SCORE_TRANSCRIPTS), visit.service.settings.insights_per_person


async def _part(visit: Visit, asked: Asked, figure: FigureName, *, large: bool) -> FigurePart:
    asked = _told_apart(asked, figure)
    view, words = await _read(visit, asked, figure), _words(visit)
    plot = plot_of(view, words, large=large)
    heads = [part for name in _HEADS.get(figure, ()) for part in view.parts if part.name == name]
    described = words.described(plot) if plot else ""
    return FigurePart(view, asked, words, heads, plot, described, asked.sheet(figure, visit.now))


def _told_apart(asked: Asked, figure: FigureName) -> Asked:
    return asked.weekly if figure in _WEEKLY else asked


async def _read(visit: Visit, asked: Asked, figure: FigureName, *, lately: bool = False) -> FigureView:
    """The figure; `lately`: as it was read a moment ago, if it was."""
    wanted = _told_apart(asked, figure).for_the_api(visit.caller, visit.now)
    kept: Lately = visit.request.app.state.figures_read
    found = kept.find(figure, wanted) if lately else None
    if found is None:
        found = await endpoints.one_figure(figure, wanted, visit.service)
        kept.keep(figure, wanted, found)
    return found


def _words(visit: Visit) -> Words:
    language = frame_of(visit.request).language
    return Words(texts_in(language), Formats(language, visit.now))


async def _counted(visit: Visit, shown: FigurePart, name: str, cursor: str | None) -> Counted | None:
    """What was counted in a part, if it has anything to list."""
    part = next((one for one in shown.figure.parts if one.name == name and shown.listed(one)), None)
    if part is None:
        return None
    wanted, figure = shown.asked.for_the_api(visit.caller, visit.now), shown.figure.name
    page = await endpoints.records_of_figure(
        figure, part.name, wanted, visit.service, visit.request, limit=_RECORDS, cursor=cursor
    )
    cases = [record.case for record in page.items if record.case]
    async with reading(visit.service.engine) as session:
        authors = await authors_of(session, cases, visit.caller.brands)
    sheet = shown.asked.sheet(figure, visit.now, part=part.name)
    return Counted(part, page.items, authors, page.next, sheet)
