"""Orders documents by how well they answer a query, from five scores that are made comparable first.

Each score is brought to mean 0 and spread 1 over the documents before the weighted sum: cosines of different models and
BM25 have nothing in common but their order and shape. A document's score of a kind is its best passage's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of score counts."""

    passage: float
    title: float
    lexical: float


SHORT = Weights(passage=1.0, title=0.5, lexical=0.5)
"""For a question: the title says what a document is about."""

LONG = Weights(passage=1.0, title=0.0, lexical=1.0)
"""For a story, which has words enough to find documents by, and much that no title speaks of."""

LONG_FROM = 300
"""Characters from which a query is a story."""


def weights_for(query: str) -> Weights:
    """The weights for a query of this length."""
    return SHORT if len(query) < LONG_FROM else LONG


def level(scores: Scores) -> Scores:
    """`scores` with mean 0 and spread 1; all 0 if they do not differ."""
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)


def best_per_owner(scores: Scores, owners: NDArray[np.intp], count: int) -> Scores:
    """The best score among each document's passages; `owners` gives the document of each passage."""
    best = np.full(count, -np.inf, dtype=np.float32)
    np.maximum.at(best, owners, scores)
    return best


def combine(passage: list[Scores], title: list[Scores], lexical: Scores, weights: Weights) -> Scores:
    """One score for each document; `passage` and `title` hold one array for each model."""
    total = weights.lexical * level(lexical)
    for scores in passage:
        total = total + weights.passage * level(scores)
    for scores in title:
        total = total + weights.title * level(scores)
    return np.asarray(total, dtype=np.float32)
