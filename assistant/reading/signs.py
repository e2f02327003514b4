"""One form for every sign: a digit in any script is a digit, a full-width letter a letter, and the unseen is gone.

What is looked for by its form (card numbers, phone numbers) is looked for in this form, so that no script hides it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Letters that stand beside numbers ("nº") have a plain form that reads as another word.
_KEPT = frozenset(("Lo", "Lm"))


@dataclass(frozen=True, slots=True)
class Signs:
    """A text in plain signs, and where each of them (and the end) stood in the text as it was written."""

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text stood, from its first sign to behind its last."""
        return self.places[start], self.places[end - 1] + 1


def plain_signs(text: str) -> Signs:
    """`text` with every sign in its plain form, without the signs that nobody sees."""
    if text.isascii():
        return Signs(text, range(len(text) + 1))
    signs = [(plain, place) for place, char in enumerate(text) for plain in (_plain(char),) if plain]
    return Signs("".join(plain for plain, _ in signs), [*(place for _, place in signs), len(text)])


def plain_digits(text: str) -> str:
    """`text`, as long as it was, with the digits of all scripts as 0 to 9."""
    return text if text.isascii() else "".join(map(_digit, text))


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Pd":
        return "-"
    plain = unicodedata.normalize("NFKC", _digit(char))
    return char if len(plain) != 1 or category in _KEPT else plain


@lru_cache(maxsize=4096)
def _digit(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
