"""The figures' part of docs/insights.md, written from the definitions: `python -m server.insights.docs`."""

from collections.abc import Iterator
from pathlib import Path

from server.insights.definitions import DEFINITIONS, Definition

FILE = Path(__file__).resolve().parents[2] / "docs" / "insights.md"

_FIGURES = "## The figures\n"
"""What follows this is written from the definitions."""


def with_figures(text: str) -> str:
    """The file's text with the figures as they are defined."""
    opening = text.partition(_FIGURES)[0]
    lines = "\n".join(line for one in DEFINITIONS.values() for line in _figure(one))
    return f"{opening}{_FIGURES}\n{lines}".rstrip() + "\n"


def _figure(told: Definition) -> Iterator[str]:
    yield f"### {told.title} (`{told.name}`)\n"
    yield f"{told.words}\n"
    if told.parts:
        yield "| part | counts |\n| --- | --- |"
        yield "\n".join(f"| `{name}` | {words} |" for name, words in told.parts.items()) + "\n"
    yield f"**Read from** {told.source}.\n"
    yield f"**Limits.** {told.limits}\n"


if __name__ == "__main__":
    FILE.write_text(with_figures(FILE.read_text(encoding="utf-8")), encoding="utf-8")
