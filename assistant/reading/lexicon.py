"""Finds the phrases of the word lists in a tokenised text.

The lists are the YAML files beside this package, read once. A `*` at the end of a word stands for any ending, a `*` by
itself for up to three words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from assistant.reading.tokens import words_of

LANGUAGES = ("en", "de", "es", "fr")
_GAP = 3
_SHORTEST_PREFIX = 2
_SHORTEST_COMPOUND = 9


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: what the list calls it, and its first and one-past-last token."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    name: str
    rest: tuple[str, ...]


class Phrases:
    """Phrases with names, indexed by their first word."""

    def __init__(self, phrases: Iterable[tuple[str, str]], *, compounds: bool = False) -> None:
        """With `compounds` a phrase's only word may also end a longer one ("Monatsgebühr")."""
        self._compounds = compounds
        self._known: dict[str, tuple[_Pattern, ...]] = {}
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        self._longest = 0
        for name, phrase in phrases:
            words = _pattern_words(phrase)
            index, first = (self._prefix, words[0][:-1]) if words[0].endswith("*") else (self._exact, words[0])
            index.setdefault(first, []).append(_Pattern(name, words[1:]))
            self._longest = max(self._longest, len(first)) if index is self._prefix else self._longest

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Every phrase in `words`, in order of its first word."""
        hits = []
        for position, word in enumerate(words):
            starting = self._known.get(word)
            if starting is None:
                starting = self._known[word] = tuple(self._starting(word))
            for pattern in starting:
                end = _match(pattern.rest, words, position + 1)
                if end is not None:
                    hits.append(Hit(pattern.name, position, end))
        return hits

    def within(self, words: Sequence[str]) -> set[str]:
        """The names of the phrases in `words`."""
        return {hit.name for hit in self.find(words)}

    def _starting(self, word: str) -> Iterable[_Pattern]:
        direct = [*self._exact.get(word, ()), *self._by_prefix(word)]
        yield from direct
        if self._compounds and not direct and len(word) >= _SHORTEST_COMPOUND:
            for start in range(3, len(word) - 3):
                yield from (pattern for pattern in self._by_prefix(word[start:], shortest=5) if not pattern.rest)

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
def phrases(name: str, section: str, language: str) -> Phrases:
    """The phrases of one section and language of a list, each named by its entry (or the section, if it has none)."""
    entries: Mapping[str, Any] = word_list(name)[section]
    if language in entries:
        return Phrases((section, phrase) for phrase in entries[language])
    named = ((key, phrase) for key, texts in entries.items() for phrase in texts.get(language, ()))
    return Phrases(named, compounds=language == "de" and name == "topics")
