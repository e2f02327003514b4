"""Words as searches see them: cut and folded here, so that SQLite and Postgres find the same.

A word is a run of letters and digits, without case and accents: “Größe” is “grosse”, “FH-10423” is the two words “fh”
and “10423” one after the other. Nothing is left out for being common, and nothing is taken back to its stem.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from server.errors import Unprocessable

LONGEST_QUERY = 400
_MOST_TERMS = 20
_SHORTEST_BEGINNING = 2
_LONGEST_WORD = 60
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_TERM = regex.compile(r'(?P<not>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"*]+))(?P<prefix>\*?)')
_NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


class CannotBeSearched(Unprocessable):
    """These words cannot be looked for; the message says what can."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded, and where it stands."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow one another. `prefix`: the last one may go on; `without`: what has it is not wanted."""

    words: tuple[str, ...]
    prefix: bool = False
    without: bool = False

    def begins_at(self, words: Sequence[Word], place: int) -> bool:
        """Whether it stands there in a text."""
        if place + len(self.words) > len(words):
            return False
        *firsts, last = self.words
        if any(words[place + number].folded != wanted for number, wanted in enumerate(firsts)):
            return False
        found = words[place + len(firsts)].folded
        return found.startswith(last) if self.prefix else found == last


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text; `marked`: the search found this."""

    text: str
    marked: bool


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    found = ((_fold(match.group()), match) for match in _WORD.finditer(text))
    return [Word(folded, match.start(), match.end()) for folded, match in found if folded]


def read_query(query: str) -> tuple[Term, ...]:
    """What is looked for: words, "words in a row", the beginning of a word*, -and what must not be there.

    Raises:
        CannotBeSearched: A beginning is too short, or there is too much of it.
    """
    terms = list(_terms(query[:LONGEST_QUERY]))
    if len(terms) > _MOST_TERMS:
        raise CannotBeSearched(f"look for {_MOST_TERMS} words or phrases at most")
    short = next((term for term in terms if term.prefix and len(term.words[-1]) < _SHORTEST_BEGINNING), None)
    if short is not None:
        raise CannotBeSearched(f"write at least {_SHORTEST_BEGINNING} letters before the *")
    return tuple(terms)


def places_of(terms: Sequence[Term], words: Sequence[Word]) -> list[tuple[int, int, Term]]:
    """Where in a text the wanted terms stand: first word, and the word behind the last."""
    wanted = [term for term in terms if not term.without]
    return [
        (place, place + len(term.words), term)
        for place in range(len(words))
        for term in wanted
        if term.begins_at(words, place)
    ]


def snippet(text: str, terms: Sequence[Term], *, longest: int = 200) -> list[Run]:
    """The part of a text in which a search found something, cut at words, with what it found marked."""
    words = words_of(text)
    places = places_of(terms, words)
    spans = sorted({(words[first].start, words[end - 1].end) for first, end, _ in places})
    start, end = _window(text, words, spans[0][0] if spans else 0, longest)
    runs = [Run("…", marked=False)] if start > 0 else []
    at = start
    for begin, stop in spans:
        if begin < at or stop > end:
            continue
        if begin > at:
            runs.append(Run(text[at:begin], marked=False))
        runs.append(Run(text[begin:stop], marked=True))
        at = stop
    if at < end:
        runs.append(Run(text[at:end], marked=False))
    return [*runs, Run("…", marked=False)] if end < len(text) else runs


def _window(text: str, words: Sequence[Word], around: int, longest: int) -> tuple[int, int]:
    if len(text) <= longest:
        return 0, len(text)
    earliest = max(0, around - longest // 3)
    start = next((word.start for word in words if word.start >= earliest), earliest) if earliest else 0
    limit = start + longest
    end = max((word.end for word in words if word.end <= limit), default=limit) if limit < len(text) else len(text)
    return start, max(end, around)


def _terms(query: str) -> Iterator[Term]:
    for match in _TERM.finditer(query):
        words = tuple(word.folded for word in words_of(match["phrase"] or match["word"] or ""))
        if words:
            yield Term(words, prefix=bool(match["prefix"]), without=bool(match["not"]))


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold()).casefold().translate(_NOT_DECOMPOSED)
    return "".join(letter for letter in plain if letter.isalnum())[:_LONGEST_WORD]
