"""What is told to colleagues: in English words, and by a code with its values for who reads another language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Value = int | str | datetime | date


@dataclass(frozen=True, slots=True)
class Told:
    """One thing. `values` are what the words name, by name; what is not known is not among them."""

    code: str
    words: str
    values: Mapping[str, Value] = field(default_factory=dict)


def known(**values: Value | None) -> dict[str, Value]:
    """Those of the values that there are."""
    return {name: value for name, value in values.items() if value not in (None, "")}
