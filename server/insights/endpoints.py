"""Figures with their definitions, what they count, and the same as sheets."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading
from server.errors import NotFound
from server.insights.definitions import DEFINITIONS, FigureName
from server.insights.measured import Measured, Record
from server.insights.measuring import measure, scope_of
from server.insights.people import measure_people, refuse_per_person
from server.insights.record_repository import cases_of
from server.insights.sample_endpoints import router as samples_router
from server.insights.scope import Scope, Span, Step, span_of
from server.insights.sheets import figure_sheet, records_sheet
from server.insights.views import FigureView, InsightsView, PeopleView, RecordView
from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/insights", tags=["insights"])
routers = (samples_router, router)

Reader = Annotated[Caller, Depends(allowed(Permission.READ_INSIGHTS))]
OneName = Annotated[str | None, Query(max_length=100)]
OnePart = Annotated[str | None, Query(max_length=100, description="One of the figure's parts.")]


class NoSuchPart(NotFound):
    """The figure has no such part in this span; the details name those that it has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, before it is looked up."""

    span: Span
    brands: frozenset[str]
    channel: str | None
    team: str | None
    by: Step | None = None
    compare: bool = False

    @property
    def name(self) -> str:
        """The list's, for its cursors."""
        span = f"{self.span.begin.isoformat()}/{self.span.end.isoformat()}"
        return f"{span}?{sorted(self.brands)}{self.channel}&{self.team}"


async def _asked(
    caller: Reader,
    now: NowDep,
    begin: Annotated[AwareDatetime | None, Query(alias="from", description="Left out: 28 days before the end.")] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to", description="Not included. Left out: now.")] = None,
    brand: OneName = None,
    channel: OneName = None,
    team: Annotated[str | None, Query(max_length=100, description="Of the case.")] = None,
) -> Asked:
    brands = caller.brands if brand is None else caller.brands & {brand}
    return Asked(span_of(begin, end, now), brands, channel, team)


AskedDep = Annotated[Asked, Depends(_asked)]
By = Annotated[Step | None, Query(description="Each number by days or by weeks from Monday on as well, in UTC.")]


async def _asked_of(
    asked: AskedDep,
    by: By = None,
    compare: Annotated[bool, Query(description="Each number beside that of the span before.")] = False,
) -> Asked:
    return replace(asked, by=by, compare=compare)


FullyAskedDep = Annotated[Asked, Depends(_asked_of)]


@router.get("")
async def all_figures(asked: FullyAskedDep, service: ServiceDep) -> InsightsView:
    """Every figure of a span, each with its definition, numerator, denominator and n."""
    async with reading(service.engine) as session:
        scope = await _scope(session, asked)
        figures = [await _viewed(session, scope, name, asked, service) for name in DEFINITIONS]
    return InsightsView.of(scope, figures, compared=asked.compare)


@router.get("/people")
async def figures_of_people(asked: AskedDep, service: ServiceDep) -> PeopleView:
    """What each person sent. Off unless `DESKSIDE_INSIGHTS_PER_PERSON` is set: refused with 403."""
    refuse_per_person(service.settings)
    async with reading(service.engine) as session:
        scope = await _scope(session, asked)
        people = await measure_people(session, scope)
    words = DEFINITIONS[FigureName.DRAFT_USE].words
    return PeopleView(begin=asked.span.begin, end=asked.span.end, definition=words, people=people)


@router.get("/{figure}")
async def one_figure(figure: FigureName, asked: FullyAskedDep, service: ServiceDep) -> FigureView:
    """One figure of a span."""
    async with reading(service.engine) as session:
        return await _viewed(session, await _scope(session, asked), figure, asked, service)


@router.get("/{figure}/records")
async def records_of_figure(
    figure: FigureName,
    part: Annotated[str, Query(max_length=100, description="One of the figure's parts.")],
    asked: AskedDep,
    service: ServiceDep,
    request: Request,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RecordView]:
    """What was counted in a part of a figure. A page begins where the one before ended, as far as nothing changed."""
    cursors = cursors_of(request, f"insights/{figure}/{part}?{asked.name}")
    place = cursors.read(cursor)
    begin = int(place[0]) if place else 0
    records = _part_of(await _measured(service, asked, figure), part)[begin : begin + limit + 1]
    items, following = cursors.page(records, limit, lambda _: [begin + limit])
    async with reading(service.engine) as session:
        cases = await cases_of(session, [record.id for record in items], asked.brands)
    return Page(items=[RecordView.of(record, cases.get(record.id)) for record in items], next=following)


@router.get("/{figure}/csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def sheet_of_figure(
    figure: FigureName, asked: AskedDep, service: ServiceDep, part: OnePart = None, by: By = None
) -> Response:
    """A figure as CSV; with `part` what was counted in that part, with `by` a line for each day or week besides."""
    measured = await _measured(service, replace(asked, by=None if part else by), figure)
    if part:
        text = await asyncio.to_thread(records_sheet, _part_of(measured, part))
    else:
        text = figure_sheet(FigureView.of(figure, measured))
    name = f"{figure}-{part}" if part else str(figure)
    headers = {"Content-Disposition": f'attachment; filename="{_plain(name)}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


async def _scope(session: AsyncSession, asked: Asked) -> Scope:
    return await scope_of(session, asked.span, asked.brands, channel=asked.channel, team=asked.team, step=asked.by)


async def _viewed(
    session: AsyncSession, scope: Scope, figure: FigureName, asked: Asked, service: Service
) -> FigureView:
    measured = await measure(session, scope, figure, service.settings)
    before = None
    if asked.compare and figure is not FigureName.OVERDUE:  # which is of this moment, whatever the span
        earlier = replace(scope, span=scope.span.before, step=None)
        before = await measure(session, earlier, figure, service.settings)
    return await asyncio.to_thread(FigureView.of, figure, measured, before)


async def _measured(service: Service, asked: Asked, figure: FigureName) -> Measured:
    async with reading(service.engine) as session:
        scope = await _scope(session, asked)
        return await measure(session, scope, figure, service.settings)


def _part_of(measured: Measured, name: str) -> Sequence[Record]:
    part = next((one for one in measured.parts if one.name == name), None)
    if part is None:
        raise NoSuchPart("the figure has no such part", parts=[one.name for one in measured.parts])
    return part.records


def _plain(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "_" for sign in name)
