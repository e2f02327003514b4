"""What is asked for: a span of time, of which brands, channels and teams."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.errors import Unprocessable
from server.models import AccountRow

FURTHEST = timedelta(days=400)
"""The longest span."""


class BadSpan(Unprocessable):
    """The span ends before it begins, or is longer than figures are read for."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `begin`, up to and without `end`, as it stands at `now`."""

    begin: datetime
    end: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """A span of some brands' accounts.

    `accounts` are those that are asked about, `others` all accounts of the brands. `channel` and `team` are what was
    asked for, None: any.
    """

    span: Span
    brands: Collection[str]
    accounts: Mapping[str, AccountRow]
    others: Mapping[str, AccountRow]
    channel: str | None = None
    team: str | None = None

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
