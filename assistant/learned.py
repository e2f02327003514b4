"""What examples teach: which kind a text is most like, by its nearest examples and by a linear model over all."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.things import without_things

_NEAREST = 3
_RIDGE = 1.0
_AT_ONCE = 64
"""Texts compared in one step, in which the interpreter does nothing else."""
_SAMPLED = 4
"""Every so many examples serve to find the temperature: enough to choose one of these."""
_TEMPERATURES = (0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 1.0)

Matrix = NDArray[np.float64]
Kind = TypeVar("Kind", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Learned:
    """What the examples taught: their centred vectors, a linear model over them, and the best temperature.

    `things` are the directions in which vectors tell only the thing that a text is about; nothing is learned in them.
    """

    centre: Matrix
    things: Matrix
    examples: Matrix
    neighbours: "Groups[int]"
    weights: Matrix
    shares: Matrix
    temperature: float

    @classmethod
    def of(cls, vectors: Matrix, belongs: NDArray[np.int64], hints: Matrix, kinds: int, *, things: Matrix) -> "Learned":
        """Learn from examples; `belongs` tells each one's kind, `hints` are further scores for every fourth of them.

        The temperature is the one that fits best when each example is guessed from the others.
        """
        centre = vectors.mean(axis=0)
        examples = unit(without_things(vectors - centre, things))
        wanted = np.eye(kinds)[belongs]
        shares = wanted.mean(axis=0)
        inverse = np.linalg.inv(examples.T @ examples + _RIDGE * np.eye(examples.shape[1]))
        weights = inverse @ examples.T @ (wanted - shares)
        # Each example is guessed from the others: the linear model by its closed form, the neighbours without itself.
        leverage = ((examples @ inverse) * examples).sum(axis=1, keepdims=True)
        linear = (examples @ weights + shares - leverage * wanted) / np.maximum(1 - leverage, 1e-6)
        closeness = examples[::_SAMPLED] @ examples.T
        closeness[np.arange(len(closeness)), np.arange(len(examples))[::_SAMPLED]] = -1.0
        neighbours = Groups(belongs.tolist(), range(kinds))
        scores = linear[::_SAMPLED] + neighbours.nearest(closeness, _NEAREST) + hints
        temperature = min(_TEMPERATURES, key=lambda t: _surprise(scores / t, belongs[::_SAMPLED]))
        return cls(centre, things, examples, neighbours, weights, shares, temperature)

    def read(self, vectors: Matrix) -> "Reading":
        """What is like each vector.

        Not by `@`: waking BLAS's threads takes longer than these few rows.
        """
        centred = unit(without_things(vectors - self.centre, self.things))
        closeness: Matrix = np.einsum("ij,kj->ik", centred, self.examples)
        linear: Matrix = np.einsum("ij,jk->ik", centred, self.weights) + self.shares
        return Reading(centred, closeness, linear + self.neighbours.nearest(closeness, _NEAREST))


@dataclass(frozen=True, slots=True)
class Reading:
    """Texts beside the examples, a row for each text.

    `centred` holds their vectors as examples are held, `closeness` how close they are to each example, and `scores` how
    much speaks for each kind.
    """

    centred: Matrix
    closeness: Matrix
    scores: Matrix


class Groups(Generic[Kind]):
    """Some of the examples by kind: which kinds a text is like, from its closeness to each example.

    `belongs` gives each example's kind, None for those that do not count.
    """

    def __init__(self, belongs: Sequence[Kind | None], kinds: Iterable[Kind]) -> None:
        self.kinds = tuple(kinds)
        members: dict[Kind, list[int]] = {kind: [] for kind in self.kinds}
        for number, kind in enumerate(belongs):
            if kind is not None:
                members[kind].append(number)
        self._counts = np.array([len(numbers) for numbers in members.values()], dtype=np.int64)
        most = max([1, *self._counts.tolist()])
        # rows of one length, filled up with the place after the last example, which is close to nothing
        self._members = np.full((len(members), most), len(belongs))
        for row, numbers in zip(self._members, members.values(), strict=True):
            row[: len(numbers)] = numbers

    def nearest(self, closeness: Matrix, few: int) -> Matrix:
        """For each text, the mean closeness of the nearest few examples of each kind; 0 for a kind without examples."""
        if len(closeness) > _AT_ONCE:
            parts = range(0, len(closeness), _AT_ONCE)
            return np.vstack([self.nearest(closeness[part : part + _AT_ONCE], few) for part in parts])
        nothing = np.full((len(closeness), 1), -np.inf)
        close = np.hstack([closeness, nothing])[:, self._members]
        few = min(few, self._members.shape[1])
        kept = np.partition(close, -few, axis=2)[:, :, -few:]
        total = np.where(np.isfinite(kept), kept, 0.0).sum(axis=2)
        means: Matrix = total / np.clip(self._counts, 1, few)
        return means


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


def _surprise(scores: Matrix, belongs: NDArray[np.int64]) -> float:
    return float(-np.log(softmax(scores)[np.arange(len(belongs)), belongs] + 1e-12).mean())
