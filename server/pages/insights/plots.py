"""What is plotted of each figure, as numbers with their words: what is drawn, and told to who cannot see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.insights.definitions import FigureName, Unit
from server.insights.views import FigureView, PartView
from server.pages.formats import Formats
from server.pages.texts import Texts


class Shape(StrEnum):
    """How numbers are drawn. `LONGEST`: the largest parts of the span, whatever the day."""

    LINES = "lines"
    STACKED = "stacked"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True)
class Kind:
    """Which parts of a figure are drawn, and how."""

    shape: Shape
    parts: Sequence[str] = ()


KINDS: Mapping[FigureName, Kind] = {
    FigureName.FIRST_REAL_ANSWER: Kind(Shape.LINES, ("median_elapsed", "p90_elapsed")),
    FigureName.SOLVED: Kind(Shape.STACKED, ("solved", "moved", "came_back")),
    FigureName.PROMISES_KEPT: Kind(Shape.STACKED, ("kept_in_time", "kept_late", "kept_undated", "withdrawn", "broken")),
    FigureName.DRAFT_USE: Kind(Shape.STACKED, ("unchanged", "light", "heavy", "undecided", "discarded")),
    FigureName.ESCAPED_PROBLEMS: Kind(Shape.STACKED, ("both",)),
    FigureName.ZERO_COUNTS: Kind(Shape.STACKED, ("private_data_in_public", "wrong_customer", "unapproved_promise")),
    FigureName.MISSED_DANGER: Kind(Shape.STACKED, ("both",)),
    FigureName.ADVICE_REPEATED: Kind(Shape.STACKED, ("repeated",)),
    FigureName.POLICIES_ANSWERED: Kind(Shape.LONGEST),
    FigureName.POLICIES_MISSING: Kind(Shape.LONGEST),
    FigureName.COST: Kind(Shape.STACKED, ("drafts", "panel")),
}
"""What is late now has no plot."""

_OF_A_CARD, _OF_A_PAGE = 6, 12
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One number through the span; None where there is none."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn. `places` are the days, the weeks or the names that the values belong to."""

    title: str
    shape: Shape
    unit: Unit
    places: Sequence[str]
    lines: Sequence[Line]

    @property
    def whole(self) -> bool:
        """Whether the lines are shares that come to a whole together."""
        return self.unit is Unit.SHARE and len(self.lines) > 1


@dataclass(frozen=True, slots=True)
class Words:
    """How figures are told to a viewer."""

    t: Texts
    f: Formats

    def title(self, figure: FigureView) -> str:
        """What a figure is called."""
        return self.t(f"insights.figures.{figure.name}.title")

    def label(self, figure: FigureName, part: PartView) -> str:
        """What a part is called: parts that are documents or questions have names of their own."""
        name = f"insights.figures.{figure}.parts.{part.name}"
        return self.t(name) if self.t.has(name) else part.label

    def value(self, unit: Unit, value: float) -> str:
        """A value with its unit."""
        if unit is Unit.SECONDS:
            return self.f.duration(value)
        if unit is Unit.SHARE:
            return self.f.percent(value)
        return self.f.price(value) if unit is Unit.MONEY else self.f.number(value)

    def counted(self, name: str, value: str | float) -> str | None:
        """What a record counted with, if that says anything to a person: ids do not."""
        if not self.t.has(f"insights.values.{name}"):
            return None
        if isinstance(value, float | int):
            told = self.f.duration(value)
        elif name == "settled_at":
            told = self.f.day(datetime.fromisoformat(value).date())
        else:
            told = ", ".join(self._named(one) for one in value.split(", "))
        return self.t(f"insights.values.{name}", value=told)

    def _named(self, value: str) -> str:
        places = ("insights.names", "insights.found_kinds", "insights.figures.draft_use.parts", "promises")
        found = (f"{place}.{value}" for place in places)
        return next((self.t(name) for name in found if self.t.has(name)), value.replace("_", " "))

    def described(self, plot: Plot) -> str:
        """A plot for who does not see it: how low and high each line goes, and where it ends."""
        if plot.shape is Shape.LONGEST:
            told = zip(plot.places, plot.lines[0].values, strict=True)
            return "; ".join(f"{name}: {self.value(plot.unit, value or 0)}" for name, value in told)
        return "; ".join(self._course(plot, line) for line in plot.lines)

    def _course(self, plot: Plot, line: Line) -> str:
        known = [value for value in line.values if value is not None]
        if not known:
            return self.t("insights.no_course", label=line.label)
        low, high, last = (self.value(plot.unit, value) for value in (min(known), max(known), known[-1]))
        return self.t("insights.course", label=line.label, low=low, high=high, last=last)


def plot_of(figure: FigureView, words: Words, *, large: bool) -> Plot | None:
    """What is drawn of a figure; None: nothing, because there is nothing in it or it has no course."""
    kind = KINDS.get(figure.name)
    if kind is None:
        return None
    title = words.title(figure)
    if kind.shape is Shape.LONGEST:
        most = sorted(figure.parts, key=lambda part: -(part.value or 0))[: _OF_A_PAGE if large else _OF_A_CARD]
        places = [_short(words.label(figure.name, part), large=large) for part in most]
        line = Line(title, [part.value for part in most])
        return Plot(title, kind.shape, figure.unit, places, [line]) if most else None
    parts = [part for name in kind.parts for part in figure.parts if part.name == name]
    if not any(point.numerator for part in parts for point in part.series):
        return None
    places = [words.f.short_day(point.begin) for point in parts[0].series]
    lines = [Line(words.label(figure.name, part), [point.value for point in part.series]) for part in parts]
    return Plot(title, kind.shape, parts[0].unit, places, lines)


def _short(name: str, *, large: bool) -> str:
    longest = _LONGEST_NAME * (2 if large else 1)
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
