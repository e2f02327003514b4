"""BM25 over pieces of words: each word counts by its runs of four characters.

Pieces find "refunds" for "refund", "Rückgabefrist" for "Rückgabe" and misspelt words without a stemmer or a list of
stop words for any language, and measured better than words on short questions and long stories alike
(docs/decisions/0012-lexical-pieces-of-words.md).
"""

import logging
from collections.abc import Sequence

import bm25s
import numpy as np
import regex
from numpy.typing import NDArray

_WORD = regex.compile(r"[\p{L}\p{N}]+")
_LENGTH = 4
_LEAST = 4

# the library asks for its own debugging lines as soon as it is imported
logging.getLogger("bm25s").setLevel(logging.WARNING)


def pieces(text: str) -> list[str]:
    """The runs of four characters of every word, its borders marked; shorter words whole."""
    found: list[str] = []
    for word in _WORD.findall(text.casefold()):
        marked = f"_{word}_"
        found.extend(marked[at : at + _LENGTH] for at in range(max(1, len(marked) - _LENGTH + 1)))
    return found


def shared_words(query: str, text: str) -> list[str]:
    """The words of `text`, each once, that share at least half of a word of `query`; small words aside."""
    wanted = [set(pieces(word)) for word in _WORD.findall(query) if len(word) >= _LEAST]
    found = dict.fromkeys(word for word in _WORD.findall(text) if len(word) >= _LEAST)
    return [word for word in found if any(2 * len(asked & set(pieces(word))) >= len(asked) for asked in wanted)]


class LexicalIndex:
    """BM25 scores of a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._scores = bm25s.BM25(k1=1.5, b=0.75)
        if any(cut := [pieces(text) for text in texts]):
            self._scores.index(cut, show_progress=False)
        else:
            self._count = 0

    def scores(self, query: str) -> NDArray[np.float32]:
        """One score for each text, 0 where nothing is shared."""
        wanted = pieces(query)
        if not self._count or not wanted:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._scores.get_scores(wanted), dtype=np.float32)
