"""Draws plots as SVG: light and dark from one file, nothing in it that runs, legible in grey."""

import importlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from server.insights.definitions import Unit
from server.pages.frame import Theme
from server.pages.insights.plots import Plot, Shape, Words

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CARD, _PAGE = (440, 230), (1000, 380)
_LABELS = {_CARD: 5, _PAGE: 12}
"""So many days can be named below a plot of this size."""

# ink, soft ink, lines and ground as in the style sheet; then what is drawn, each lighter or darker than its neighbour
_NAMES = ("ink", "soft", "line", "ground", "c0", "c1", "c2", "c3", "c4")
_LIGHT = ("#1b2324", "#4e5a5b", "#d5dad6", "#ffffff", "#155e75", "#6fb3c8", "#d9a441", "#b9c0bc", "#a61b1b")
_DARK = ("#e9eded", "#aab5b6", "#3a4245", "#1e2325", "#7cd0e6", "#2f7d95", "#e0b04f", "#667275", "#ff9d94")

_FONTS = "system-ui, Segoe UI, Roboto, Noto Sans, sans-serif"
_LEGEND = 20
"""A row of the legend that the library does not reckon with: one that is not full."""

_LONG = 24
"""Of labels this long there is one in a row of a card."""

_RULES = """
* { transition: none !important; }
svg { background: none; }
.graph > .background, .plot > .background { fill: none; }
.axis text, .axis text.major, .legends .legend text, .axis.y text { fill: var(--soft); }
.axis .line, .axis .guide.line, .axis .major.guide.line, .axis .major.line
  { stroke: var(--line); stroke-dasharray: none; }
.bars .rect { stroke: var(--ground); stroke-width: 1px; }
.line { fill: none; }
"""
_COLOURS = "".join(f".color-{n} {{ fill: var(--c{n}); stroke: var(--c{n}); }}\n" for n in range(5))

_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 4
_HOUR, _DAY = 3_600, 86_400
_RUNS_OR_SPEAKS_TWICE = ("script", "desc")


def draw(plot: Plot, words: Words, theme: Theme, *, large: bool) -> bytes:
    """The plot as an SVG image.

    Args:
        plot: What is drawn.
        words: How it is told to the viewer.
        theme: How it looks; as the machine: light or dark by what the browser says.
        large: For a page, not for a card.
    """
    pygal = _library()
    size = _PAGE if large else _CARD
    wordy = max(len(line.label) for line in plot.lines) > _LONG
    columns = min(len(plot.lines), 5 if large else 1 if wordy else 2)
    shapes = {Shape.LINES: pygal.Line, Shape.STACKED: pygal.StackedBar, Shape.LONGEST: pygal.HorizontalBar}
    text = {f"{where}_font_size": 13 for where in ("label", "major_label", "legend")}
    chart = shapes[plot.shape](
        **_axes(plot, words, labels=_LABELS[size]),
        width=size[0],
        height=size[1],
        style=pygal.style.Style(opacity="1", stroke_opacity="1", font_family=_FONTS, **text),
        js=(),
        no_prefix=True,
        show_legend=len(plot.lines) > 1,
        legend_at_bottom=True,
        legend_at_bottom_columns=columns,
        margin=8,
        margin_bottom=8 + (_LEGEND if len(plot.lines) % columns else 0),
        allow_interruptions=True,
        truncate_label=-1,
        truncate_legend=-1,
        spacing=6,
    )
    for number, line in enumerate(plot.lines):
        dashes = {"stroke_style": {"width": 2.5, "dasharray": "7, 5" if number else "none"}}
        values = list(reversed(line.values)) if plot.shape is Shape.LONGEST else line.values
        chart.add(line.label, values, **(dashes if plot.shape is Shape.LINES else {}))
    chart.add_xml_filter(lambda root: _plain(root, words.described(plot), plot.title, _style(theme)))
    drawn: str = chart.render(is_unicode=True)
    return drawn.encode()


@cache
def _library() -> ModuleType:
    """What draws: it takes longer to load than to draw with, so that only who asks for a plot waits for it."""
    pygal = importlib.import_module("pygal")
    # it looks for plugins of its own at every import of the process, and in a way that Python warns of
    pygal.PluginImportFixer.find_spec = lambda *_: None
    return pygal


def _axes(plot: Plot, words: Words, *, labels: int) -> dict[str, Any]:
    top = max((value or 0 for value in _tops(plot)), default=0)
    length, say = _unit(plot.unit, top, words)
    ticks = [0, 0.25, 0.5, 0.75, 1] if plot.whole else _ticks(top / length, whole=plot.unit is Unit.COUNT)
    scale = {
        "y_labels": [tick * length for tick in ticks],
        "range": (0, ticks[-1] * length),
        "value_formatter": lambda value: say(value / length),
    }
    if plot.shape is Shape.LONGEST:
        return {**scale, "x_labels": list(reversed(plot.places))}
    every = -(-len(plot.places) // labels)
    # the last is named, and others as far before it as there is room for
    named = list(plot.places)[::-1][::every]
    return {**scale, "x_labels": plot.places, "x_labels_major": named, "show_minor_x_labels": False}


def _tops(plot: Plot) -> Iterator[float]:
    """How high each place is."""
    for values in zip(*(line.values for line in plot.lines), strict=True):
        known = [value or 0 for value in values]
        yield sum(known) if plot.shape is Shape.STACKED else max(known)


def _unit(unit: Unit, top: float, words: Words) -> tuple[float, Callable[[float], str]]:
    """What the axis counts in, and how a number of it is said."""
    if unit is not Unit.SECONDS:
        return 1, lambda value: words.value(unit, value)
    length = _DAY if top > 3 * _DAY else _HOUR if top > 2 * _HOUR else 60
    return length, lambda value: words.f.duration(value * length)


def _ticks(top: float, *, whole: bool) -> Sequence[float]:
    """From 0 up to the top or beyond it, in steps that can be read; of whole things no halves."""
    rough = top / _TICKS or 1
    scale = 10 ** math.floor(math.log10(rough))
    step = next(step * scale for step in _STEPS if step * scale >= rough * 0.999)
    step = max(1.0, math.ceil(step)) if whole else step
    return [step * number for number in range(math.ceil(top / step * 0.999) + 1)] if top else [0, step]


def _plain(root: "Element", told: str, title: str, style: str) -> "Element":
    """Without what would run, and with what says what it is."""
    for parent in list(root.iter()):
        for child in list(parent):
            if isinstance(child.tag, str) and child.tag.rpartition("}")[2] in _RUNS_OR_SPEAKS_TWICE:
                parent.remove(child)
    _first(root, "style").text = f"{_first(root, 'style').text or ''}\n{style}"
    _first(root, "title").text = f"{title}. {told}"
    root.set("role", "img")
    del root.attrib["id"]
    return root


def _first(root: "Element", name: str) -> "Element":
    return next(one for one in root.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name)


def _style(theme: Theme) -> str:
    colours: Mapping[Theme, str] = {
        Theme.LIGHT: _values(_LIGHT),
        Theme.DARK: _values(_DARK),
        Theme.AS_THE_MACHINE: f"{_values(_LIGHT)}@media (prefers-color-scheme: dark) {{ {_values(_DARK)} }}\n",
    }
    return f"{colours[theme]}@media print {{ {_values(_LIGHT)} }}\n{_RULES}{_COLOURS}"


def _values(colours: Sequence[str]) -> str:
    told = "; ".join(f"--{name}: {colour}" for name, colour in zip(_NAMES, colours, strict=True))
    return f"svg {{ {told} }}\n"
