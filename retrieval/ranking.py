"""Orders documents by how well they answer a query, from scores that are made comparable first.

Each score is brought to mean 0 and spread 1 over the documents before the weighted sum: cosines of different models and
BM25 have nothing in common but their order and shape. A document's score of a kind is its best passage's. What was
tried and measured stands in docs/decisions/0013-ranking.md.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from retrieval.documents import Document

Scores = NDArray[np.float32]

_WORD = regex.compile(r"[\p{L}\p{N}]+")
_COMMON = 0.2
"""A word in more than this share of the products' names ("account", "card") does not tell them apart."""

_FAMILY_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of score counts: the passages' and the titles' vectors, words, a product named, its family."""

    passage: float
    title: float
    lexical: float
    product: float
    family: float


QUESTION = Weights(passage=1.0, title=0.5, lexical=0.5, product=1.0, family=0.0)
"""A question is about what some title says."""

STORY = Weights(passage=1.0, title=0.0, lexical=1.5, product=0.5, family=0.3)
"""A long story speaks of several things and has words enough to find documents by; answers lie close together."""

QUESTION_UP_TO, STORY_FROM = 200, 400
"""Characters; in between, the weights pass gradually from the one to the other."""


def weights_for(query: str) -> Weights:
    """The weights for a query of this length."""
    share = min(1.0, max(0.0, (len(query) - QUESTION_UP_TO) / (STORY_FROM - QUESTION_UP_TO)))
    mixed = (q + share * (s - q) for q, s in zip(astuple(QUESTION), astuple(STORY), strict=True))
    return Weights(*mixed)


def level(scores: Scores) -> Scores:
    """`scores` with mean 0 and spread 1; all 0 if they do not differ."""
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)


def best_of_each(scores: Scores, starts: NDArray[np.intp]) -> Scores:
    """The best score among each document's passages, which begin at `starts` and follow one another."""
    return np.asarray(np.maximum.reduceat(scores, starts), dtype=np.float32)


class Products:
    """Recognises in a text which products' documents it speaks of: by the words that set a product's name apart."""

    def __init__(self, documents: Sequence[Document]) -> None:
        names = {
            document.product: _WORD.findall(document.product.casefold()) for document in documents if document.product
        }
        seen: dict[str, int] = {}
        for words in names.values():
            for word in set(words):
                seen[word] = seen.get(word, 0) + 1
        telling = {
            name: [word for word in words if seen[word] <= max(1, _COMMON * len(names))] or words
            for name, words in names.items()
        }
        self._phrases = [_phrase(words) for words in telling.values()]
        numbers = {name: number for number, name in enumerate(telling)}
        # documents without a product point at one more place, which is always 0
        self._product = np.array([numbers.get(document.product or "", len(telling)) for document in documents], np.intp)

    def named_in(self, query: str) -> Scores:
        """1 for each document whose product `query` names, else 0."""
        text = _phrase(_WORD.findall(query.casefold()))
        said = np.array([*(phrase in text for phrase in self._phrases), False], dtype=np.float32)
        return said[self._product]


def _phrase(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


class Families:
    """Documents of one category and product. When several of them fit, the others become likelier too."""

    def __init__(self, documents: Sequence[Document]) -> None:
        members: dict[tuple[str | None, str | None], list[int]] = {}
        for number, document in enumerate(documents):
            if document.category or document.product:
                members.setdefault((document.category, document.product), []).append(number)
        self._members = [np.array(numbers) for numbers in members.values()]

    def support(self, scores: Scores) -> Scores:
        """For each document the mean of its family's best scores; its own for one without a family."""
        support = scores.copy()
        for numbers in self._members:
            best = np.sort(scores[numbers])[-_FAMILY_DEPTH:]
            support[numbers] = best.mean()
        return support
