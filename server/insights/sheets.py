"""Figures and what they count as CSV, with their words."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from server.insights.measured import Record
from server.insights.views import FigureView, PartView

_FIGURE = (
    *("figure", "definition", "part", "counts", "value", "unit", "numerator", "denominator", "n", "low", "high"),
    *("begin", "end"),
)  # fmt: skip
_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula."""


def figure_sheet(figure: FigureView) -> str:
    """A line for each number of the figure, and one for each of its days or weeks."""
    return _sheet(_FIGURE, [line for part in figure.parts for line in _lines(figure, part)])


def _lines(figure: FigureView, part: PartView) -> Iterator[Sequence[object]]:
    what = (figure.name.value, figure.definition, part.name, part.words)
    unit = part.unit.value
    interval = (part.interval.low, part.interval.high) if part.interval else (None, None)
    yield (*what, part.value, unit, part.numerator, part.denominator, figure.n, *interval, None, None)
    for point in part.series:
        period = (point.begin.isoformat(), point.end.isoformat())
        yield (*what, point.value, unit, point.numerator, point.denominator, None, None, None, *period)


def records_sheet(records: Sequence[Record]) -> str:
    """A line for each thing that was counted."""
    names = sorted({name for record in records for name in record.values})
    lines = [
        (record.id, record.at.isoformat() if record.at else None, *(record.values.get(name) for name in names))
        for record in records
    ]
    return _sheet(("id", "at", *names), lines)


def _sheet(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(head)
    sheet.writerows([_inert(cell) for cell in line] for line in lines)
    return out.getvalue()


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell
