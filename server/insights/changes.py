"""How much a person changed of a draft before it was sent."""

from collections.abc import Hashable, Sequence
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

import regex

from assistant.commitments import is_commitment
from assistant.reading.contacts import find_links
from assistant.reading.passage import read
from assistant.sentences import split_sentences

LIGHT = 0.1
"""The share of the words that may differ for a change to be light."""

_ANY_DAY = date(2026, 1, 1)
"""Both texts are read as of one day: "tomorrow" is the same in both."""

_DIGITS = regex.compile(r"\d+(?:[.,:/-]\d+)*")
_WORD = regex.compile(r"[\p{L}\p{N}'’]+")


class Used(StrEnum):
    """What became of a draft that an answer was sent with; NONE: there was no text to begin with.

    SAVED_REPLY: what was sent holds a saved reply, whatever had been drafted.
    """

    UNCHANGED = "unchanged"
    LIGHT = "light"
    HEAVY = "heavy"
    SAVED_REPLY = "saved_reply"
    NONE = "none"


def how_used(written: str, sent: str, language: str | None) -> Used:
    """How far what was sent is what was written.

    Args:
        written: The draft as it was shown first, all its parts.
        sent: What was sent, likewise.
        language: The texts', where it is known.
    """
    if not written.strip():
        return Used.NONE
    if _words(written) == _words(sent):
        return Used.UNCHANGED
    few = _differing(_words(written), _words(sent)) <= LIGHT * len(_words(written))
    same = few and _facts(written, language) == _facts(sent, language)
    return Used.LIGHT if same else Used.HEAVY


def _words(text: str) -> list[str]:
    return text.split()


def _differing(written: list[str], sent: list[str]) -> int:
    """The words that were put in, taken out or put in another's place."""
    steps = SequenceMatcher(None, written, sent, autojunk=False).get_opcodes()
    return sum(max(to - begin, until - start) for kind, begin, to, start, until in steps if kind != "equal")


def _facts(text: str, language: str | None) -> Sequence[Hashable]:
    """The numbers, dates, links, names and promises of a text.

    Of each kind they stand in their order: two that change places are a change. Any word with a capital may be a name,
    also the first of a sentence.
    """
    mentioned = (mention for unit in read(text, _ANY_DAY, language).units for mention in unit.mentions)
    return [
        *((item.kind, item.values, item.unit, item.bound) for item in mentioned),
        *((item.kind, item.values) for item in find_links(text)),
        *(("digits", digits) for digits in _DIGITS.findall(text)),
        *(("name", word) for word in _WORD.findall(text) if word[:1].isupper()),
        *(("promise", " ".join(one.split())) for one in split_sentences(text) if is_commitment(one)),
    ]
