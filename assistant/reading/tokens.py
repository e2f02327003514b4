"""Cuts a text into words, numbers and marks, and reduces words to what they have in common."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

_ELISION = r"(?:l|d|n|c|s|j|m|t|qu|jusqu|lorsqu|puisqu)(?=['’]\p{L})['’]"
_MONEY_AFTER = r"(?=\s?(?:[€£$]|(?:EUR|USD|GBP|CHF|euros?)\b))"
_TOKEN = regex.compile(
    rf"""
    (?P<word>(?<![\p{{L}}])(?i:{_ELISION}) | \p{{L}}[\p{{L}}\p{{M}}]*(?:['’]\p{{L}}[\p{{L}}\p{{M}}]*)*)
    | (?P<hyphen>(?<=\p{{L}})-(?=\p{{L}}))
    | (?P<number>\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?:,\d{{1,2}}(?!\d)|{_MONEY_AFTER})|\d+(?:[.,]\d+)*)
    | (?P<mark>[^\s\p{{L}}\p{{N}}])
    """,
    regex.VERBOSE,
)
_ENDINGS = ("ungen", "ing", "ung", "ies", "ées", "és", "ée", "é", "ed", "es", "en", "er", "em", "s", "e", "n", "t")
_CLITIC = "'s"
_STEM = 6


class Token(NamedTuple):
    """A piece of a text; `word` is folded (lower case, plain apostrophes), `kind` is word, number or mark."""

    word: str
    kind: str
    start: int
    end: int


def fold(text: str) -> str:
    """`text` without case and with plain apostrophes."""
    return text.lower() if text.isascii() else text.casefold().replace("’", "'")


@lru_cache(maxsize=1024)
def tokenise(text: str) -> Sequence[Token]:
    """The tokens of `text` in order."""
    tokens = []
    small = text.lower() if text.isascii() else None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind == "hyphen":
            continue
        start, end = match.span()
        word = fold(match.group()) if small is None else small[start:end]
        tokens.append(Token(word.rstrip("'") if kind == "word" else word, kind, start, end))
    return tokens


def words_of(text: str) -> list[str]:
    """The folded tokens of `text`."""
    return [token.word for token in tokenise(text)]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What forms of a word share, roughly and alike in all four languages."""
    word = word.removesuffix(_CLITIC)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:_STEM]
