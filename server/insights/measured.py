"""A figure's value with everything that it was made of."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was counted: its id, when, and what it counted with."""

    id: str
    at: datetime | None = None
    values: Mapping[str, str | float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a figure. `value` is None where there is nothing to divide by.

    `interval` is of what was sampled. `at_least`: the value is an age, and still growing. `words` say what it counts
    where the figure's definition cannot.
    """

    name: str
    value: float | None
    numerator: float
    denominator: float | None
    records: Sequence[Record] = ()
    interval: tuple[float, float] | None = None
    at_least: bool = False
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's numbers; `n` is how many its denominator holds."""

    n: int
    parts: Sequence[Part]


def share(name: str, records: Sequence[Record], of: int, *, sampled: bool = False) -> Part:
    """These of so many; with the interval where they are a sample."""
    found = len(records)
    value = found / of if of else None
    return Part(name, value, found, of, records, wilson(found, of) if sampled and of else None)


def count(name: str, records: Sequence[Record], of: int | None = None) -> Part:
    """How many there are."""
    return Part(name, float(len(records)), len(records), of, records)


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
