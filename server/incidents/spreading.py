"""When each of many texts is sent: evenly over a span, none at the same beat as another, no faster than is allowed."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

_ROOM = 0.8
"""Of an account's pace: other answers are sent meanwhile, and must not wait for an hour."""


def least_span(count: int, per_minute: int) -> timedelta:
    """How long so many texts of one account take at the pace that others leave them."""
    return timedelta(minutes=count / (per_minute * _ROOM))


@dataclass(slots=True)
class Spread:
    """The moments at which one account's texts are sent: each in a slot of its own, at any moment of it."""

    begins: datetime
    slot: timedelta
    count: int
    given: int = 0

    @classmethod
    def over(cls, begins: datetime, span: timedelta, count: int, *, per_minute: int) -> Self:
        """So many texts over this span, or over as long as the account's pace makes of it."""
        return cls(begins, max(span, least_span(count, per_minute)) / max(count, 1), count)

    @property
    def ends(self) -> datetime:
        """By when the last is sent."""
        return self.begins + self.count * self.slot

    def next(self, chance: Callable[[], float] = random.random) -> datetime:
        """The moment of the next text; `chance` says where in its slot, from 0 to 1."""
        moment = self.begins + (self.given + chance()) * self.slot
        self.given += 1
        return moment

    def as_json(self) -> dict[str, Any]:
        """For the job that goes on with it."""
        slot = self.slot.total_seconds()
        return {"begins": self.begins.isoformat(), "slot": slot, "count": self.count, "given": self.given}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The reverse of `as_json`."""
        begins = datetime.fromisoformat(fields["begins"])
        return cls(begins, timedelta(seconds=fields["slot"]), fields["count"], fields["given"])
