"""What examples teach: which kind a text is most like, by its nearest examples and by a linear model over all."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_NEAREST = 3
_RIDGE = 1.0
_SAMPLED = 4
"""Every so many examples serve to find the temperature: enough to choose one of these."""
_TEMPERATURES = (0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 1.0)

Matrix = NDArray[np.float64]
Kind = TypeVar("Kind", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Learned:
    """What the examples taught: their centred vectors, a linear model over them, and the best temperature."""

    centre: Matrix
    examples: Matrix
    belongs: NDArray[np.int64]
    weights: Matrix
    shares: Matrix
    temperature: float

    @classmethod
    def of(cls, vectors: Matrix, belongs: NDArray[np.int64], hints: Matrix, kinds: int) -> "Learned":
        """Learn from examples; `belongs` is sorted, `hints` are further scores for every fourth of them.

        The temperature is the one that fits best when each example is guessed from the others.
        """
        centre = vectors.mean(axis=0)
        examples = unit(vectors - centre)
        wanted = np.eye(kinds)[belongs]
        shares = wanted.mean(axis=0)
        inverse = np.linalg.inv(examples.T @ examples + _RIDGE * np.eye(examples.shape[1]))
        weights = inverse @ examples.T @ (wanted - shares)
        # Each example is guessed from the others: the linear model by its closed form, the neighbours without itself.
        leverage = ((examples @ inverse) * examples).sum(axis=1, keepdims=True)
        linear = (examples @ weights + shares - leverage * wanted) / np.maximum(1 - leverage, 1e-6)
        closeness = examples[::_SAMPLED] @ examples.T
        closeness[np.arange(len(closeness)), np.arange(len(examples))[::_SAMPLED]] = -1.0
        scores = linear[::_SAMPLED] + _nearest(closeness, belongs, kinds) + hints
        temperature = min(_TEMPERATURES, key=lambda t: _surprise(scores / t, belongs[::_SAMPLED]))
        return cls(centre, examples, belongs, weights, shares, temperature)

    def closeness(self, vectors: Matrix) -> Matrix:
        """How close each vector is to each example.

        Not by `@`: waking BLAS's threads takes longer than these few rows.
        """
        close: Matrix = np.einsum("ij,kj->ik", unit(vectors - self.centre), self.examples)
        return close

    def score(self, vectors: Matrix) -> Matrix:
        """For each vector, how much speaks for each kind."""
        linear: Matrix = np.einsum("ij,jk->ik", unit(vectors - self.centre), self.weights) + self.shares
        return linear + _nearest(self.closeness(vectors), self.belongs, len(self.shares))


class Groups(Generic[Kind]):
    """Some of the examples by kind: which kinds a text is like, from its closeness to each example."""

    def __init__(self, kinds: Sequence[Kind | None]) -> None:
        members: dict[Kind, list[int]] = {}
        for number, kind in enumerate(kinds):
            if kind is not None:
                members.setdefault(kind, []).append(number)
        self._members = {kind: np.array(numbers) for kind, numbers in members.items()}

    def likeness(self, closeness: Matrix, nearest: int) -> dict[Kind, float]:
        """The mean closeness of the nearest few examples of each kind."""
        return {kind: float(np.sort(closeness[numbers])[-nearest:].mean()) for kind, numbers in self._members.items()}


def sampled(rows: Sequence[Row]) -> Sequence[Row]:
    """The examples of which `Learned.of` wants hints."""
    return rows[::_SAMPLED]


def unit(rows: Matrix) -> Matrix:
    """Each row at length 1."""
    normal: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return normal


def softmax(scores: Matrix) -> Matrix:
    """Scores as shares of 1, row by row."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Matrix = grown / grown.sum(axis=-1, keepdims=True)
    return shares


def _nearest(closeness: Matrix, belongs: NDArray[np.int64], kinds: int) -> Matrix:
    """The mean closeness of the nearest few examples of each kind; 0 for a kind without examples.

    The examples of a kind stand side by side: `belongs` is sorted.
    """
    scores = np.zeros((len(closeness), kinds))
    bounds = np.searchsorted(belongs, np.arange(kinds + 1))
    for number, (first, end) in enumerate(pairwise(bounds)):
        if first < end:
            kept = min(_NEAREST, end - first)
            scores[:, number] = np.partition(closeness[:, first:end], -kept, axis=1)[:, -kept:].mean(axis=1)
    return scores


def _surprise(scores: Matrix, belongs: NDArray[np.int64]) -> float:
    return float(-np.log(softmax(scores)[np.arange(len(belongs)), belongs] + 1e-12).mean())
