"""Finds danger by what a post means, where no pattern's words are in it: a small network over sentence vectors.

What it learned stands in meaning.json, made by tests/evals/learn_screen.py. Vectors of another model mean nothing to
it; beside such a model it finds nothing.
"""

import asyncio
import base64
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.plain_words import plain_words
from assistant.screening.patterns import CATEGORIES, Hit, category
from assistant.sentences import split_sentences
from tools.ports import PortUnavailable, TextVectors

logger = logging.getLogger(__name__)

SENTENCES = 6
"""At most so many sentences of a post are read one by one, the last ones; a request comes last."""

_LONGEST = 600
_FEWEST_WORDS = 3

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer over centred vectors; an output for each category and a last one for harmless.

    A danger's score is how much more speaks for all categories together than for harmless, in natural logarithms.
    """

    centre: Matrix
    inner: Matrix
    inner_bias: Matrix
    outer: Matrix
    outer_bias: Matrix

    def read(self, vectors: Matrix) -> tuple[Matrix, NDArray[np.int64]]:
        """For each vector the danger's score, and the number of the category that it is nearest to."""
        hidden = np.maximum(unit(vectors - self.centre) @ self.inner + self.inner_bias, 0)
        outputs = hidden @ self.outer + self.outer_bias
        dangers, harmless = outputs[:, :-1], outputs[:, -1]
        scores: Matrix = np.logaddexp.reduce(dangers, axis=1) - harmless
        return scores, dangers.argmax(axis=1)


@dataclass(frozen=True, slots=True)
class Learned:
    """A network, the model whose vectors it reads, and from which scores on it is believed.

    A post is read sentence by sentence only if, as a whole, it scores `worth_reading` or more; a sentence's score is
    lowered by `company` times what the whole post falls short of 0.
    """

    fingerprint: str
    network: Network
    threshold: float
    worth_reading: float
    company: float


class DangerRecogniser:
    """Tells which category of danger a text reads like.

    Args:
        vectors: Embeddings of texts.
        fingerprint: The model that `vectors` come from. If the network was not taught with it, nothing is ever found.
        learned: The network; that of meaning.json unless given.
    """

    def __init__(self, vectors: TextVectors, fingerprint: str, learned: Learned | None = None) -> None:
        self._vectors = vectors
        learned = learned or load_learned()
        self._learned = learned if learned.fingerprint == fingerprint else None
        if self._learned is None:
            logger.warning("danger is screened by words alone: nothing was learned from vectors of %s", fingerprint)

    async def find(self, text: str) -> Hit | None:
        """The category that `text` or one of its sentences reads like, with those words; None if it reads harmless."""
        if self._learned is None:
            return None
        try:
            return await self._find(text, self._learned)
        except PortUnavailable as error:
            logger.warning("a post was screened by words alone: %s", error)
            return None

    async def _find(self, text: str, learned: Learned) -> Hit | None:
        whole = whole_words(text)
        if not any(character.isalpha() for character in whole):
            return None
        score, nearest = await self._read(whole, learned)
        best, found, words = score, nearest, whole
        if score >= learned.worth_reading:
            sentences = sentences_of(text)
            read = await asyncio.gather(*(self._read(sentence, learned) for sentence in sentences))
            for sentence, (own, nearest) in zip(sentences, read, strict=True):
                own += learned.company * min(0.0, score)
                if own > best:
                    best, found, words = own, nearest, sentence
        return Hit(category(CATEGORIES[found]), words) if best >= learned.threshold else None

    async def _read(self, words: str, learned: Learned) -> tuple[float, int]:
        # each by itself: a text that comes alone is a customer's and is not remembered on disk
        vectors = np.asarray(await self._vectors.embed([words]), dtype=np.float32)
        scores, nearest = learned.network.read(vectors)
        return float(scores[0]), int(nearest[0])


def whole_words(text: str) -> str:
    """The words of a post as they are embedded: as for recognising intents, so that one vector serves both."""
    return plain_words(text)[-_LONGEST:]


def sentences_of(text: str) -> list[str]:
    """The last sentences of a text of several, those of hardly any words left out."""
    sentences = [plain_words(sentence)[-_LONGEST:] for sentence in split_sentences(text)]
    telling = [sentence for sentence in dict.fromkeys(sentences) if len(sentence.split()) >= _FEWEST_WORDS]
    return telling[-SENTENCES:] if len(sentences) > 1 else []


def unit(rows: Matrix) -> Matrix:
    """The rows with length 1."""
    scaled: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return scaled


@lru_cache(maxsize=1)
def load_learned() -> Learned:
    """What meaning.json holds."""
    content = files("assistant").joinpath("screening", "meaning.json").read_text(encoding="utf-8")
    return learned_from_json(json.loads(content))


def learned_from_json(fields: Mapping[str, Any]) -> Learned:
    """The reverse of `learned_as_json`, but for the rounding of the weights."""
    network = Network(**{name: _unpack(fields["network"][name]) for name in Network.__slots__})
    numbers = {name: float(fields[name]) for name in ("threshold", "worth_reading", "company")}
    return Learned(fingerprint=str(fields["fingerprint"]), network=network, **numbers)


def learned_as_json(learned: Learned) -> dict[str, Any]:
    """For a JSON file: each weight is kept in a byte."""
    return {
        "fingerprint": learned.fingerprint,
        "threshold": learned.threshold,
        "worth_reading": learned.worth_reading,
        "company": learned.company,
        "network": {name: _pack(getattr(learned.network, name)) for name in Network.__slots__},
    }


def _pack(values: Matrix) -> dict[str, Any]:
    step = float(np.abs(values).max()) / 127 or 1.0
    return {
        "shape": list(values.shape),
        "step": step,
        "bytes": base64.b64encode(np.round(values / step).astype(np.int8).tobytes()).decode("ascii"),
    }


def _unpack(fields: Mapping[str, Any]) -> Matrix:
    shape: Sequence[int] = fields["shape"]
    whole = np.frombuffer(base64.b64decode(fields["bytes"]), dtype=np.int8)
    values: Matrix = (whole.astype(np.float32) * float(fields["step"])).reshape(shape)
    return values
