"""What part of a text's vector only tells the thing that it is about: a tent, a lamp.

Posts about one product are alike, whatever is asked: "where is my tent" is nearer to "my tent leaks" than to "where is
my parcel". What is asked is compared without that part (docs/decisions/0022-the-thing-and-the-matter.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

# The C loader is several times quicker, which shows at every start; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ONE_IN = 32
"""Of so many directions in which vectors differ, one is that of things."""


@dataclass(frozen=True, slots=True)
class _Saying:
    """A sentence with each of the goods in it, and with no goods in particular."""

    goods: tuple[str, ...]
    anything: tuple[str, ...]


def thing_texts() -> list[str]:
    """The texts whose vectors `directions_of_things` wants, in this order."""
    return [text for saying in _sayings() for text in (*saying.goods, *saying.anything)]


def directions_of_things(vectors: Matrix) -> Matrix:
    """The directions in which texts differ by the thing that they name: one a row, of length 1.

    `vectors` are those of `thing_texts`.
    """
    return np.linalg.svd(np.vstack(list(_differences(vectors))), full_matrices=False)[2][: vectors.shape[1] // _ONE_IN]


def without_things(vectors: Matrix, directions: Matrix) -> Matrix:
    """The vectors without what lies in the directions of things; those of examples are to be centred.

    Not by `@`: waking BLAS's threads takes longer than a few rows.
    """
    along = np.einsum("ij,kj->ik", vectors, directions)
    rest: Matrix = vectors - np.einsum("ik,kj->ij", along, directions)
    return rest


def _differences(vectors: Matrix) -> Iterator[Matrix]:
    at = 0
    for saying in _sayings():
        between = at + len(saying.goods)
        end = between + len(saying.anything)
        yield vectors[at:between] - vectors[between:end].mean(axis=0)
        at = end


@lru_cache
def _sayings() -> tuple[_Saying, ...]:
    content = (files("assistant") / "things.yaml").read_text(encoding="utf-8")
    languages: dict[str, dict[str, list[str]]] = yaml.load(content, Loader=_LOADER)
    return tuple(
        _Saying(_filled(said, words["goods"]), _filled(said, words["anything"]))
        for words in languages.values()
        for said in words["said"]
    )


def _filled(said: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(said.format(name) for name in names)
