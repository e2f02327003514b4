"""What is asked for on a page of figures: some days, a brand, by days or by weeks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from server.insights import endpoints
from server.insights.scope import Span, Step, span_of
from server.staff.roles import Caller
from server.web.addresses import PREFIX
from server.web.dependencies import NowDep


class SpanName(StrEnum):
    """Spans that end today."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


_DAYS: Mapping[SpanName, int] = {SpanName.WEEK: 7, SpanName.MONTH: 28, SpanName.QUARTER: 91}
"""Whole weeks: what is compared then has the same days of the week."""

_FEW_DAYS, _MOST_DAYS = 35, 92
"""Up to so many a span is told by days unless weeks are asked for; of more days only weeks can be told apart."""

_DAY = timedelta(days=1)
_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """The days from `first` to `last`, both looked at, in UTC. `span` is None where the days were chosen."""

    span: SpanName | None
    first: date
    last: date
    today: date
    brand: str | None
    by: Step | None

    @property
    def step(self) -> Step:
        """What is told apart."""
        days = (self.last - self.first).days + 1
        if days > _MOST_DAYS:
            return Step.WEEK
        return self.by or (Step.DAY if days <= _FEW_DAYS else Step.WEEK)

    @property
    def weekly(self) -> "Asked":
        """The same by weeks, for what is drawn once a week."""
        return replace(self, by=Step.WEEK)

    def for_the_api(self, caller: Caller, now: datetime) -> endpoints.Asked:
        """The same as the endpoints are asked.

        Raises:
            BadSpan: The last day is before the first, or too many lie between them.
        """
        brands = caller.brands if self.brand is None else caller.brands & {self.brand}
        return endpoints.Asked(self._span(now), brands, None, None, by=self.step, compare=True)

    def address(self, **others: str) -> str:
        """The end of an address under which the same days are shown, tomorrow as well."""
        return _said({"from": self.first, "to": self.last, "brand": self.brand, "by": self.by} | others)

    def back(self) -> str:
        """The end of the address of the page: a span that ends today goes on with time."""
        if self.span is None:
            return self.address()
        return self.of(self.span)

    def of(self, span: SpanName) -> str:
        """The end of an address under which another span is shown."""
        return _said({"span": span, "brand": self.brand, "by": self.by})

    def sheet(self, figure: str, now: datetime, **others: str) -> str:
        """Where a figure is as CSV."""
        span = self._span(now)
        named = {"from": span.begin.isoformat(), "to": span.end.isoformat(), "brand": self.brand, "by": self.step}
        return f"{PREFIX}/insights/{figure}/csv{_said(named | others)}"

    def _span(self, now: datetime) -> Span:
        after = datetime.combine(self.last + _DAY, time(), UTC)
        return span_of(datetime.combine(self.first, time(), UTC), min(after, now), now)


def _nothing(value: object) -> object:
    """A field of the form that was left empty."""
    return value or None


_Nothing = BeforeValidator(_nothing)
_Brand = Annotated[Annotated[str, Field(max_length=100)] | None, _Nothing]
_Day = Annotated[Annotated[date, Field(ge=_EARLIEST)] | None, _Nothing]


async def _asked(
    now: NowDep,
    span: Annotated[SpanName | None, _Nothing] = None,
    first: Annotated[_Day, Query(alias="from")] = None,
    last: Annotated[_Day, Query(alias="to")] = None,
    brand: _Brand = None,
    by: Annotated[Step | None, _Nothing] = None,
) -> Asked:
    today = now.astimezone(UTC).date()
    chosen = first is not None or last is not None
    named = None if chosen else span or SpanName.MONTH
    last = last or today
    first = first or last - (_DAYS[named or SpanName.MONTH] - 1) * _DAY
    return Asked(named, first, min(last, today), today, brand, by)


AskedDep = Annotated[Asked, Depends(_asked)]


def _said(named: Mapping[str, Any]) -> str:
    return f"?{urlencode({name: value for name, value in named.items() if value is not None})}"
