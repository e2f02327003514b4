"""What is asked for: a span of time, of which brands, channels and teams."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from server.errors import Unprocessable
from server.models import AccountRow

FURTHEST = timedelta(days=400)
"""The longest span."""


class BadSpan(Unprocessable):
    """The span ends before it begins, or is longer than figures are read for."""


class Step(StrEnum):
    """What a span is told by: days, or weeks from Monday on, both in UTC."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Span:
    """From `begin`, up to and without `end`, as it stands at `now`."""

    begin: datetime
    end: datetime
    now: datetime

    @property
    def before(self) -> "Span":
        """As long a span, which ends where this one begins."""
        return Span(self.begin - (self.end - self.begin), self.begin, self.now)

    def periods(self, step: Step) -> Iterator["Span"]:
        """Its days or weeks, the first and the last as far as they belong to it."""
        midnight = self.begin.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        begin = midnight - timedelta(days=midnight.weekday() if step is Step.WEEK else 0)
        length = timedelta(days=7 if step is Step.WEEK else 1)
        while begin < self.end:
            yield Span(max(begin, self.begin), min(begin + length, self.end), self.now)
            begin += length


@dataclass(frozen=True, slots=True)
class Scope:
    """A span of some brands' accounts.

    `accounts` are those that are asked about, `others` all accounts of the brands. `channel` and `team` are what was
    asked for, None: any. With `step` each figure is told by days or weeks as well.
    """

    span: Span
    brands: Collection[str]
    accounts: Mapping[str, AccountRow]
    others: Mapping[str, AccountRow]
    channel: str | None = None
    team: str | None = None
    step: Step | None = None

    @property
    def periods(self) -> Sequence[Span]:
        """What figures are told by besides; none if nobody asked."""
        return [*self.span.periods(self.step)] if self.step is not None else []

    @property
    def narrowed(self) -> bool:
        """Whether less than all of the brands is asked about."""
        return self.channel is not None or self.team is not None


def span_of(begin: datetime | None, end: datetime | None, now: datetime) -> Span:
    """The span that was asked for; left out, the last 28 days.

    Raises:
        BadSpan: It is none.
    """
    end = end or now
    begin = begin or end - timedelta(days=28)
    if begin >= end:
        raise BadSpan("the span ends before it begins: `from` is the earlier")
    if end - begin > FURTHEST:
        raise BadSpan(f"figures are read for at most {FURTHEST.days} days at a time")
    return Span(begin, end, now)
