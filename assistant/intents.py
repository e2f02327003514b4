"""Recognises what a customer wants: examples as vectors, and cue words.

Three signs are added up for each intent: how close its nearest examples are, what a linear model learned from all
examples, and how many of its cue words the post holds. The sum becomes a probability by a temperature that fits best
when every example is guessed from the others.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from assistant.guidance import LANGUAGES, Intent
from assistant.material import IntentGuess
from assistant.plain_words import plain_words
from tools.ports import TextVectors

_NEAREST = 3
_RIDGE = 1.0
_CUE_WEIGHT = 0.2
_CUES_COUNTED = (1.0, 0.6, 0.3)
_TEMPERATURES = (0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 1.0)
_GUESSES = 5
_LEAST_CONFIDENCE = 0.01
_LONGEST = 600

Matrix = NDArray[np.float64]


class IntentRecogniser:
    """Guesses the intents of a post. The examples are embedded when the first post comes; `vectors` may remember them."""

    def __init__(self, intents: Sequence[Intent], vectors: TextVectors) -> None:
        self._intents = tuple(intents)
        self._vectors = vectors
        self._cues = {language: _read_cues(self._intents, language) for language in LANGUAGES}
        self._learned: _Learned | None = None
        self._learning = asyncio.Lock()

    async def guess(self, text: str, language: str) -> tuple[IntentGuess, ...]:
        """The intents that `text` may have, the likeliest first; empty if there is no word in it.

        `language` chooses the cue words; the examples of all languages count, as vectors may know several.
        """
        words = plain_words(text)[-_LONGEST:]
        if not self._intents or not regex.search(r"\p{L}", words):
            return ()
        learned = await self._learn()
        vector = np.asarray(await self._vectors.embed([words]), dtype=np.float64)
        scores = learned.score(vector)[0] + _CUE_WEIGHT * self._count_cues(words, language)
        likely = _softmax(scores / learned.temperature)
        best = np.argsort(-likely)[:_GUESSES]
        return tuple(
            IntentGuess(self._intents[i], round(float(likely[i]), 4)) for i in best if likely[i] >= _LEAST_CONFIDENCE
        )

    async def _learn(self) -> "_Learned":
        async with self._learning:
            if self._learned is None:
                rows = [
                    (number, language, plain_words(example))
                    for number, intent in enumerate(self._intents)
                    for language, examples in intent.examples.items()
                    for example in examples
                ]
                vectors = np.asarray(await self._vectors.embed([text for _, _, text in rows]), dtype=np.float64)
                cues = np.array([self._count_cues(text, language) for _, language, text in rows])
                belongs = np.array([number for number, _, _ in rows])
                self._learned = _Learned.of(vectors, belongs, _CUE_WEIGHT * cues, len(self._intents))
        return self._learned

    def _count_cues(self, text: str, language: str) -> Matrix:
        """How many cue words of each intent the text holds; a word of several intents counts less for each."""
        counted = np.zeros(len(self._intents))
        for number, cues in enumerate(self._cues.get(language) or self._cues["en"]):
            weights = sorted((cue.weight for cue in cues if cue.pattern.search(text)), reverse=True)
            counted[number] = sum(weight * share for weight, share in zip(weights, _CUES_COUNTED, strict=False))
        return counted


@dataclass(frozen=True, slots=True)
class _Cue:
    pattern: regex.Pattern[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Learned:
    """What the examples taught: their centred vectors, a linear model over them, and the best temperature."""

    centre: Matrix
    examples: Matrix
    belongs: NDArray[np.int64]
    weights: Matrix
    shares: Matrix
    temperature: float

    @classmethod
    def of(cls, vectors: Matrix, belongs: NDArray[np.int64], cues: Matrix, intents: int) -> "_Learned":
        centre = vectors.mean(axis=0)
        examples = _unit(vectors - centre)
        wanted = np.eye(intents)[belongs]
        shares = wanted.mean(axis=0)
        inverse = np.linalg.inv(examples.T @ examples + _RIDGE * np.eye(examples.shape[1]))
        weights = inverse @ examples.T @ (wanted - shares)
        # Each example is guessed from the others: the linear model by its closed form, the neighbours without itself.
        leverage = np.einsum("ij,jk,ik->i", examples, inverse, examples)[:, None]
        linear = (examples @ weights + shares - leverage * wanted) / np.maximum(1 - leverage, 1e-6)
        closeness = examples @ examples.T
        np.fill_diagonal(closeness, -1.0)
        scores = linear + _nearest(closeness, belongs, intents) + cues
        temperature = min(_TEMPERATURES, key=lambda t: _surprise(scores / t, belongs))
        return cls(centre, examples, belongs, weights, shares, temperature)

    def score(self, vectors: Matrix) -> Matrix:
        """For each vector, how much speaks for each intent."""
        centred = _unit(vectors - self.centre)
        closeness = centred @ self.examples.T
        return centred @ self.weights + self.shares + _nearest(closeness, self.belongs, len(self.shares))


def _nearest(closeness: Matrix, belongs: NDArray[np.int64], intents: int) -> Matrix:
    """The mean closeness of the nearest few examples of each intent; 0 for an intent without examples."""
    scores = np.zeros((len(closeness), intents))
    for number in range(intents):
        own = closeness[:, belongs == number]
        if own.shape[1]:
            scores[:, number] = np.sort(own, axis=1)[:, -_NEAREST:].mean(axis=1)
    return scores


def _read_cues(intents: Sequence[Intent], language: str) -> tuple[tuple[_Cue, ...], ...]:
    words = [tuple(dict.fromkeys(word.casefold() for word in intent.words.get(language, ()))) for intent in intents]
    shared = Counter(word for own in words for word in own)
    return tuple(
        tuple(_Cue(_starts_with(word), (0.5 + 0.25 * min(4, len(word.split()))) / shared[word]) for word in own)
        for own in words
    )


def _starts_with(word: str) -> regex.Pattern[str]:
    """A pattern for the phrase at the start of a word, with at most a short ending ("refund" finds "refunds")."""
    escaped = regex.escape(word, special_only=True, literal_spaces=True)
    return regex.compile(rf"(?<![\p{{L}}\p{{N}}]){escaped}\p{{L}}{{0,2}}(?!\p{{L}})", regex.IGNORECASE)


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _softmax(scores: Matrix) -> Matrix:
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Matrix = grown / grown.sum(axis=-1, keepdims=True)
    return shares


def _surprise(scores: Matrix, belongs: NDArray[np.int64]) -> float:
    return float(-np.log(_softmax(scores)[np.arange(len(belongs)), belongs] + 1e-12).mean())
