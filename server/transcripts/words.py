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
class Term:
    """Words that follow one another. `prefix`: the last one may go on; `without`: what has it is not wanted."""

    words: tuple[str, ...]
    prefix: bool = False
    without: bool = False

    def places(self, words: Sequence[str]) -> list[int]:
        """Where in the words of a text it begins."""
        first, rest, length = self.words[0], self.words[1:], len(self.words)
        if self.prefix and not rest:
            return [place for place, word in enumerate(words) if word.startswith(first)]
        begun = [place for place, word in enumerate(words) if word == first] if first in words else []
        return [place for place in begun if self._goes_on(words[place + 1 : place + length])] if rest else begun

    def _goes_on(self, words: Sequence[str]) -> bool:
        *between, last = self.words[1:]
        if len(words) <= len(between) or list(words[:-1]) != between:
            return False
        return words[-1].startswith(last) if self.prefix else words[-1] == last


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text; `marked`: the search found this."""

    text: str
    marked: bool


def words_of(text: str) -> list[str]:
    """The words of a text, in order."""
    return [folded for word in _WORD.findall(text) if (folded := _fold(word))]


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


def found_in(text: str, terms: Sequence[Term]) -> int:
    """How many of the wanted terms stand in a text."""
    words = words_of(text)
    return sum(1 for term in terms if not term.without and term.places(words))


def snippet(text: str, terms: Sequence[Term], *, longest: int = 200) -> list[Run]:
    """The part of a text in which a search found something, cut at words, with what it found marked."""
    standing = [(folded, match.span()) for match in _WORD.finditer(text) if (folded := _fold(match.group()))]
    words, spans = [folded for folded, _ in standing], [span for _, span in standing]
    marked = sorted(
        (spans[place][0], spans[place + len(term.words) - 1][1])
        for term in terms
        if not term.without
        for place in term.places(words)
    )
    start, end = _window(text, spans, marked[0][0] if marked else 0, longest)
    runs = [Run("…", marked=False)] if start > 0 else []
    at = start
    for begin, stop in marked:
        if begin < at or stop > end:
            continue
        if begin > at:
            runs.append(Run(text[at:begin], marked=False))
        runs.append(Run(text[begin:stop], marked=True))
        at = stop
    if at < end:
        runs.append(Run(text[at:end], marked=False))
    return [*runs, Run("…", marked=False)] if end < len(text) else runs


def _window(text: str, spans: Sequence[tuple[int, int]], around: int, longest: int) -> tuple[int, int]:
    """From the beginning of a word to the end of one, with `around` in the first third."""
    if len(text) <= longest:
        return 0, len(text)
    earliest = max(0, around - longest // 3)
    start = next((begin for begin, _ in spans if begin >= earliest), earliest) if earliest else 0
    limit = start + longest
    return start, len(text) if limit >= len(text) else max((stop for _, stop in spans if stop <= limit), default=limit)


def _terms(query: str) -> Iterator[Term]:
    for match in _TERM.finditer(query):
        words = tuple(words_of(match["phrase"] or match["word"] or ""))
        if words:
            yield Term(words, prefix=bool(match["prefix"]), without=bool(match["not"]))


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold()).casefold().translate(_NOT_DECOMPOSED)
    return "".join(letter for letter in plain if letter.isalnum())[:_LONGEST_WORD]
