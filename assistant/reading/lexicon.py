"""Finds the phrases of the word lists in a tokenised text.

The lists are the YAML files beside this package, read once. A `*` at the end of a word stands for any ending, a `*` by
itself for up to five words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml
from babel import Locale

from assistant.reading.tokens import fold, words_of

LANGUAGES = ("en", "de", "es", "fr")
_SECTIONS = {
    "topics": ("topics",),
    "numerals": ("bounds",),
    "grammar": (
        *("negation", "not_negation", "not_yet", "possible", "certain", "must", "condition", "subordinate"),
        *(
            "exception",
            "if_possible",
            "lacking",
            "relative",
            "contrast",
            "scope",
            "universal",
            "not_universal",
            "conditions",
            "verbs",
        ),
    ),
    "opposites": ("sides",),
    "claims": (
        *("work", "perfect", "asserted", "we_will", "fault", "injection", "grants", "courtesy"),
        *("ours_done", "ours_will", "soon", "not_soon", "wished"),
    ),
    "deeds": ("doers", "deeds", "own"),
    "requests": (
        *("data", "secrets", "asked", "giving", "orders", "openers"),
        *("private_ways", "denials", "givers", "pleases", "yours"),
    ),
    "events": ("forms", "open_marks", "done_marks", "will", "coming", "gone", "looking_back", "money_back"),
}
_COMPOUNDED = "topics/topics"
# Countries whose names are also everyday words.
_OTHER_WORDS = frozenset(("jersey", "turkey", "guinea", "jordan", "chad", "china", "mali", "georgia"))
_GAP = 5
_SHORTEST_PREFIX = 2
_SHORTEST_COMPOUND = 9


class Hit(NamedTuple):
    """A phrase found: what the list calls it, and its first and one-past-last token."""

    name: str
    start: int
    end: int


class _Phrase(NamedTuple):
    place: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    place: str
    name: str
    rest: tuple[str, ...]


class Phrases:
    """Phrases with names, indexed by their first word, found in one pass however many they are.

    In German a topic's only word may also end a longer one ("Monatsgebühr").
    """

    def __init__(self, phrases: Iterable[_Phrase], *, compounds: bool = False) -> None:
        self._compounds = compounds
        self._known: dict[str, tuple[_Pattern, ...]] = {}
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        self._longest = 0
        for place, name, text in phrases:
            words = _pattern_words(text)
            index, first = (self._prefix, words[0][:-1]) if words[0].endswith("*") else (self._exact, words[0])
            index.setdefault(first, []).append(_Pattern(place, name, words[1:]))
            self._longest = max(self._longest, len(first)) if index is self._prefix else self._longest

    def find(self, words: Sequence[str]) -> dict[str, list[Hit]]:
        """Every phrase in `words`, by its place, in order of its first word."""
        hits: dict[str, list[Hit]] = {}
        for position, word in enumerate(words):
            starting = self._known.get(word)
            if starting is None:
                starting = self._known[word] = tuple(self._starting(word))
            for pattern in starting:
                end = _match(pattern.rest, words, position + 1) if pattern.rest else position + 1
                if end is not None:
                    hits.setdefault(pattern.place, []).append(Hit(pattern.name, position, end))
        return hits

    def _starting(self, word: str) -> Iterable[_Pattern]:
        direct = [*self._exact.get(word, ()), *self._by_prefix(word)]
        yield from direct
        if (
            self._compounds
            and len(word) >= _SHORTEST_COMPOUND
            and not any(pattern.place == _COMPOUNDED for pattern in direct)
        ):
            for start in range(3, len(word) - 3):
                tails = self._by_prefix(word[start:], shortest=5)
                yield from (pattern for pattern in tails if pattern.place == _COMPOUNDED and not pattern.rest)

    def _by_prefix(self, word: str, shortest: int = _SHORTEST_PREFIX) -> Iterable[_Pattern]:
        for length in range(shortest, min(len(word), self._longest) + 1):
            yield from self._prefix.get(word[:length], ())


def _pattern_words(phrase: str) -> tuple[str, ...]:
    words: list[str] = []
    for chunk in phrase.split():
        if chunk == "*":
            words.append("*")
            continue
        pieces = words_of(chunk.removesuffix("*")) or [chunk]
        words.extend(pieces)
        if chunk.endswith("*"):
            words[-1] += "*"
    return tuple(words)


def _match(rest: tuple[str, ...], words: Sequence[str], at: int) -> int | None:
    for index, wanted in enumerate(rest):
        if wanted == "*":
            ends = (_match(rest[index + 1 :], words, at + skipped) for skipped in range(_GAP + 1))
            return next((end for end in ends if end is not None), None)
        if at >= len(words):
            return None
        if not (words[at].startswith(wanted[:-1]) if wanted.endswith("*") else words[at] == wanted):
            return None
        at += 1
    return at if at <= len(words) else None


@cache
def word_list(name: str) -> Mapping[str, Any]:
    """The word list `name`; every scalar is a string ("no" stays a word)."""
    text = resources.files("assistant.reading").joinpath(f"words/{name}.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return loaded


@cache
def phrasebook(language: str) -> Phrases:
    """Every phrase of a language, each filed under "list/section" and named by its entry (or the section)."""
    phrases = (
        _Phrase(f"{name}/{section}", entry, text)
        for name, sections in _SECTIONS.items()
        for section in sections
        for entry, text in _texts(word_list(name)[section], section, language)
    )
    return Phrases((*phrases, *_countries(language)), compounds=language == "de")


def phrases_of(name: str, sections: Iterable[str], languages: Iterable[str]) -> Phrases:
    """Phrases of one list alone, in several languages at once, filed as in `phrasebook`."""
    every = list(languages)
    return Phrases(
        _Phrase(f"{name}/{section}", entry, text)
        for section in sections
        for language in every
        for entry, text in _texts(word_list(name)[section], section, language)
    )


def _countries(language: str) -> Iterable[_Phrase]:
    """Countries as topics, so that one is known in all languages."""
    for code, name in Locale.parse(language).territories.items():
        if len(code) == 2 and fold(name) not in _OTHER_WORDS:
            yield _Phrase(_COMPOUNDED, f"in {code}", name)
            if language == "de":
                yield _Phrase(_COMPOUNDED, f"in {code}", f"{name}s")


def _texts(entries: Mapping[str, Any], section: str, language: str) -> Iterable[tuple[str, str]]:
    if language in entries:
        yield from ((section, text) for text in entries[language])
    else:
        yield from ((entry, text) for entry, texts in entries.items() for text in texts.get(language, ()))
