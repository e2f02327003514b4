"""What is never kept of a customer, found by its words: health, belief, politics, children, hardship and the like.

Nothing here judges what is meant: "the kids' tent" tells of children. Who writes an answer down leaves such words out.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import regex
import yaml

from assistant.guidance import LANGUAGES
from assistant.reading.contacts import find_links
from assistant.reading.personal import FORMS
from assistant.reading.signs import plain_signs
from assistant.screening.patterns import compile_pattern, fold

# The C loader is several times quicker; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class MatterKind:
    """A kind of what is never kept: "health", and as a title in a sentence, "somebody's health"."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class PrivateMatter:
    """What a text tells of, and the words that tell it."""

    kind: MatterKind
    words: str


CONTACT = MatterKind("contact", "contact or payment data")
"""An address, a number, a card: those have their own places in the customer's record."""


def private_matter_in(text: str) -> PrivateMatter | None:
    """What this text tells of that is never kept, or None; looked for in all languages, whatever the text is in."""
    plain = plain_signs(text).text
    folded = fold(plain)
    for kind, pattern in _patterns():
        match = pattern.search(folded)
        if match is not None:
            said = plain if len(plain) == len(folded) else folded
            return PrivateMatter(kind, " ".join(said[match.start() : match.end()].split()))
    return _contact_in(plain)


def kinds() -> tuple[MatterKind, ...]:
    """Every kind that is never kept."""
    return (*(kind for kind, _ in _patterns()), CONTACT)


def _contact_in(text: str) -> PrivateMatter | None:
    mentions = find_links(text)
    if mentions:
        return PrivateMatter(CONTACT, text[mentions[0].start : mentions[0].end])
    for pattern in _forms():
        match = pattern.search(text)
        if match is not None:
            return PrivateMatter(CONTACT, match.group())
    return None


@cache
def _patterns() -> tuple[tuple[MatterKind, re.Pattern[str]], ...]:
    file = files("assistant.screening").joinpath("private_matters.yaml")
    entries: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
    return tuple(
        (MatterKind(name, entry["title"]), compile_pattern("|".join(_grouped(entry["words"][language])), language))
        for name, entry in entries.items()
        for language in LANGUAGES
    )


def _grouped(patterns: list[str]) -> list[str]:
    return [f"(?:{pattern})" for pattern in patterns]


@cache
def _forms() -> tuple[regex.Pattern[str], ...]:
    return tuple(regex.compile(form) for form in FORMS.values())
