"""A figure's value with everything that it was made of."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, overload

from server.insights.definitions import Unit
from server.insights.moments import in_micros
from server.insights.scope import Span

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was counted: its id, when, and what it counted with."""

    id: str
    at: datetime | None = None
    values: Mapping[str, str | float | None] = field(default_factory=dict)


_Row = TypeVar("_Row")


class Records(Sequence[Record]):
    """What was counted, put together where somebody looks at it: there are many, and most are never told."""

    def __init__(self, rows: Sequence[_Row], tell: Callable[[_Row], Record]) -> None:
        self._rows: Sequence[object] = rows
        self._tell: Callable[[object], Record] = tell  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> "Records": ...
    def __getitem__(self, place: int | slice) -> "Record | Records":
        if isinstance(place, slice):
            return Records(self._rows[place], self._tell)
        return self._tell(self._rows[place])

    def __iter__(self) -> Iterator[Record]:
        return map(self._tell, self._rows)


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a figure. `value` is None where there is nothing to divide by.

    `interval` is of what was sampled. `at_least`: the value is an age, and still growing. `words` and `label` say what
    it counts and what it is called where the figure's definition cannot.
    """

    name: str
    unit: Unit
    value: float | None
    numerator: float
    denominator: float | None
    records: Sequence[Record] = ()
    interval: tuple[float, float] | None = None
    at_least: bool = False
    words: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's numbers; `n` is how many its denominator holds.

    `periods` are those of each day or week that was asked for; None: they are not told by themselves.
    """

    n: int
    parts: Sequence[Part]
    periods: "Sequence[tuple[Span, Measured]] | None" = None

    def part(self, name: str) -> Part | None:
        """The number of this name."""
        return next((part for part in self.parts if part.name == name), None)


def told_with_periods(
    rows: Sequence[_Row],
    tell: Callable[[Sequence[_Row]], Measured],
    periods: Sequence[Span],
    at: Callable[[_Row], int],
) -> Measured:
    """A figure of what was counted, and of what of it falls into each period.

    Args:
        rows: What was counted.
        tell: The figure of any of it.
        periods: One after the other, without gaps.
        at: When a row is, in microseconds.
    """
    if not periods:
        return tell(rows)
    begins = [in_micros(period.begin) for period in periods]
    of_period: list[list[_Row]] = [[] for _ in periods]
    for row in rows:
        of_period[max(bisect_right(begins, at(row)) - 1, 0)].append(row)
    whole = tell(rows)
    each = [(period, tell(those)) for period, those in zip(periods, of_period, strict=True)]
    return Measured(whole.n, whole.parts, each)


def share(name: str, records: Sequence[Record], of: int, *, sampled: bool = False) -> Part:
    """These of so many; with the interval where they are a sample."""
    found = len(records)
    value = found / of if of else None
    return Part(name, Unit.SHARE, value, found, of, records, wilson(found, of) if sampled and of else None)


def count(name: str, records: Sequence[Record], of: int | None = None) -> Part:
    """How many there are."""
    return Part(name, Unit.COUNT, float(len(records)), len(records), of, records)


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score, which holds for few and for none as well."""
    rate, spread = found / of, Z_95**2 / of
    middle = (rate + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(rate * (1 - rate) / of + spread / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def median(ordered: Sequence[float]) -> tuple[float, float]:
    """The middle of what is in order, and the greatest value that it depends on; of two middles what lies between."""
    half = len(ordered) // 2
    value = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return value, ordered[half]


def ninth_tenth(ordered: Sequence[float]) -> tuple[float, float]:
    """The smallest value that nine in ten of what is in order do not exceed, twice: it depends on no greater one."""
    value = ordered[-(-len(ordered) * 9 // 10) - 1]
    return value, value
