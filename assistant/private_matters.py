"""What is never kept of a customer, found by its words: health, belief, politics, children, hardship and the like.

Nothing here judges what is meant: "the kids' tent" tells of children. Who writes an answer down leaves such words out.
"""

import re
from collections.abc import Iterator
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


# the signs between letters that stand one by one ("d i a b e t i c"), and between parts of a word ("dia-betic")
_SPELT = regex.compile(r"(?<=(?<!\p{L})\p{L})[ .\-_*]+(?=\p{L}(?!\p{L}))")
_PARTED = regex.compile(r"(?<=\p{L})[-_*.](?=\p{L})")
_DOTTED_CARD = regex.compile(r"(?<!\d)\d{4}(?:[.·_/]\d{2,6}){2,4}(?!\d)")

CONTACT = MatterKind("contact", "contact or payment data")
"""An address, a number, a card: those have their own places in the customer's record."""


def private_matter_in(text: str) -> PrivateMatter | None:
    """What this text tells of that is never kept, or None; looked for in all languages, whatever the text is in."""
    plain = plain_signs(text).text
    return next((found for said in _said_in(plain) if (found := _matter_in(said)) is not None), None) or _contact_in(
        plain
    )


def _said_in(plain: str) -> Iterator[str]:
    """The text as it stands, and as it is when letters that were set apart, or parts of a word, are put together."""
    yield plain
    for apart in (_SPELT, _PARTED):
        if apart.search(plain):
            yield apart.sub("", plain)


def _matter_in(plain: str) -> PrivateMatter | None:
    folded = fold(plain)
    for kind, pattern in _patterns():
        match = pattern.search(folded)
        if match is not None:
            said = plain if len(plain) == len(folded) else folded
            return PrivateMatter(kind, " ".join(said[match.start() : match.end()].split()))
    return None


def kinds() -> tuple[MatterKind, ...]:
    """Every kind that is never kept."""
    return (*(kind for kind, _ in _patterns()), CONTACT)


def _contact_in(text: str) -> PrivateMatter | None:
    mentions = find_links(text)
    if mentions:
        return PrivateMatter(CONTACT, text[mentions[0].start : mentions[0].end])
    for pattern in (*_forms(), _DOTTED_CARD):
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
