"""Values that a text names, with every reading they allow."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What sort of value a mention is; only mentions of one kind are compared."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    DATE = "date"
    WEEKDAY = "weekday"
    TIME = "time"
    ID = "id"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"


class Bound(StrEnum):
    """Whether a value is the most, the least or about what is meant."""

    EXACT = "exact"
    UPPER = "upper"
    LOWER = "lower"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Day:
    """A day or, without `day`, a month; the year may be left open."""

    month: int
    day: int | None = None
    year: int | None = None

    def fits(self, other: "Day") -> bool:
        """Whether both can be the same: what one leaves open the other may fill."""
        return (
            self.month == other.month
            and (self.day is None or other.day is None or self.day == other.day)
            and (self.year is None or other.year is None or self.year == other.year)
        )

    def as_date(self) -> date | None:
        """The day of the calendar, if it is named in full and there is one."""
        if not self.day or not self.year:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @classmethod
    def of(cls, day: date) -> "Day":
        """A day of the calendar."""
        return cls(day.month, day.day, day.year)


@dataclass(frozen=True, slots=True)
class Mention:
    """A value in a text.

    `values` holds every reading ("1.200" is 1200 or 1.2; "03/04" is in March or April). `unit` is the currency, the
    unit of time or the counted word. `first` and `last` are its tokens, `last` excluded; `span` tells which end of a
    range it is ("3 to 5 days").
    """

    kind: Kind
    values: frozenset[Hashable]
    start: int
    end: int
    text: str
    unit: str = ""
    bound: Bound = Bound.EXACT
    span: str = ""
    first: int = 0
    last: int = 0
