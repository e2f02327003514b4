"""Recognises what a customer wants: examples as vectors, and cue words.

Three signs are added up for each intent: how close its nearest examples are, what a linear model learned from all
examples, and how many of its cue words the post holds. The sum becomes a probability by a temperature that fits best
when every example is guessed from the others.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import get_args

import numpy as np
import regex
import yaml
from numpy.typing import NDArray

from assistant.case import Thread
from assistant.guidance import Intent, Language
from assistant.material import IntentGuess
from assistant.plain_words import plain_words
from prompts.phrases import Cue, read_cue
from tools.ports import TextVectors

# The C loader is several times quicker, which shows at every start; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NEAREST = 3
_RIDGE = 1.0
_CUE_WEIGHT = 0.2
_SPOKEN_WEIGHT = 2.0
_CUES_COUNTED = (1.0, 0.4, 0.2)
_SAMPLED = 4
"""Every so many examples' cue words are counted to find the temperature: enough to choose one of these."""
_TEMPERATURES = (0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 1.0)
_GUESSES = 5
_LEAST_CONFIDENCE = 0.01
_LONGEST = 600
_TELLING = 20
_CLEAR = 0.45
# Who was broken into tells that they are locked out, too, and who asks whether it is down tells what does not work.
_OUTRANKS = (("account_hacked", "account_locked_out"), ("is_it_down", "app_or_site_fault"))

Matrix = NDArray[np.float64]


class IntentRecogniser:
    """Guesses the intents of a post.

    The examples are embedded when the first post comes; `vectors` may remember them from one run to the next.
    """

    def __init__(self, intents: Sequence[Intent], vectors: TextVectors) -> None:
        self._intents = tuple(intents)
        self._vectors = vectors
        self._cues: dict[str, tuple[tuple[_Cue, ...], ...]] = {
            language: _read_cues(self._intents, language) for language in get_args(Language)
        }
        self._learned: _Learned | None = None
        self._learning = asyncio.Lock()

    async def guess_thread(self, thread: Thread, language: str) -> tuple[IntentGuess, ...]:
        """The intents of what is asked now; if that is short and says little ("PS4"), of all that they wrote before."""
        guesses = await self.guess(thread.request, language)
        short = len(plain_words(thread.request).split()) < _TELLING
        if len(thread.spoken) == 1 or not short or (guesses and _tells(guesses[0])):
            return guesses
        return await self.guess("\n".join(post.text for post in thread.spoken), language)

    async def guess(self, text: str, language: str) -> tuple[IntentGuess, ...]:
        """The intents that `text` may have, the likeliest first; empty if there is no word in it.

        `language` chooses the cue words; the examples of all languages count, as vectors may know several.
        """
        words = plain_words(text)[-_LONGEST:]
        if not self._intents or not regex.search(r"\p{L}", words):
            return ()
        learned = await self._learn()
        vector = np.asarray(await self._vectors.embed([words]), dtype=np.float64)
        scores = self._rank(learned.score(vector)[0] + _CUE_WEIGHT * self._count_cues(words, language), words, language)
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
                cues = np.array([self._count_cues(text, language) for _, language, text in rows[::_SAMPLED]])
                belongs = np.array([number for number, _, _ in rows])
                self._learned = _Learned.of(vectors, belongs, _CUE_WEIGHT * cues, len(self._intents))
        return self._learned

    def _rank(self, scores: Matrix, text: str, language: str) -> Matrix:
        """The scores, the stronger of two intents first where its own way of speaking is there."""
        numbers = {intent.id: number for number, intent in enumerate(self._intents)}
        spoken = _ways_of_speaking().get(language, {})
        for strong, weak in _OUTRANKS:
            if strong in spoken and strong in numbers and weak in numbers and read_cue(spoken[strong]).found_in(text):
                scores[numbers[strong]] = max(scores[numbers[strong]], scores[numbers[weak]] + 0.1)
        return scores

    def _count_cues(self, text: str, language: str) -> Matrix:
        """How many cue words of each intent the text holds; a word of several intents counts less for each."""
        counted = np.zeros(len(self._intents))
        for number, cues in enumerate(self._cues.get(language) or self._cues["en"]):
            weights = sorted((cue.weight for cue in cues if cue.words.found_in(text)), reverse=True)
            counted[number] = sum(weight * share for weight, share in zip(weights, _CUES_COUNTED, strict=False))
        return counted


def _tells(guess: IntentGuess) -> bool:
    """Whether a guess says what the matter is, surely enough to look no further back."""
    return guess.confidence >= _CLEAR and guess.intent.group not in ("praise", "other", "vague")


@dataclass(frozen=True, slots=True)
class _Cue:
    words: Cue
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
        leverage = ((examples @ inverse) * examples).sum(axis=1, keepdims=True)
        linear = (examples @ weights + shares - leverage * wanted) / np.maximum(1 - leverage, 1e-6)
        closeness = examples @ examples.T
        np.fill_diagonal(closeness, -1.0)
        scores = (linear + _nearest(closeness, belongs, intents))[::_SAMPLED] + cues
        temperature = min(_TEMPERATURES, key=lambda t: _surprise(scores / t, belongs[::_SAMPLED]))
        return cls(centre, examples, belongs, weights, shares, temperature)

    def score(self, vectors: Matrix) -> Matrix:
        """For each vector, how much speaks for each intent.

        Not by `@`: waking BLAS's threads takes longer than these few rows.
        """
        centred = _unit(vectors - self.centre)
        closeness = np.einsum("ij,kj->ik", centred, self.examples)
        linear: Matrix = np.einsum("ij,jk->ik", centred, self.weights) + self.shares
        return linear + _nearest(closeness, self.belongs, len(self.shares))


def _nearest(closeness: Matrix, belongs: NDArray[np.int64], intents: int) -> Matrix:
    """The mean closeness of the nearest few examples of each intent; 0 for an intent without examples.

    The examples of an intent stand side by side: `belongs` is sorted.
    """
    scores = np.zeros((len(closeness), intents))
    bounds = np.searchsorted(belongs, np.arange(intents + 1))
    for number, (first, end) in enumerate(pairwise(bounds)):
        if first < end:
            kept = min(_NEAREST, end - first)
            scores[:, number] = np.partition(closeness[:, first:end], -kept, axis=1)[:, -kept:].mean(axis=1)
    return scores


def _read_cues(intents: Sequence[Intent], language: Language) -> tuple[tuple[_Cue, ...], ...]:
    """The cue words of the intents' own entries, each by itself, and the ways of speaking of intent_cues.yaml."""
    words = [tuple(dict.fromkeys(word.casefold() for word in intent.words.get(language) or ())) for intent in intents]
    shared = Counter(word for own in words for word in own)
    spoken = _ways_of_speaking().get(language, {})
    return tuple(
        (
            *(_Cue(read_cue([word]), (0.5 + 0.25 * min(4, len(word.split()))) / shared[word]) for word in own),
            *(_Cue(read_cue(spoken[intent.id]), _SPOKEN_WEIGHT) for _ in range(intent.id in spoken)),
        )
        for intent, own in zip(intents, words, strict=True)
    )


@lru_cache
def _ways_of_speaking() -> dict[str, dict[str, list[str]]]:
    content = (files("assistant") / "intent_cues.yaml").read_text(encoding="utf-8")
    spoken: dict[str, dict[str, list[str]]] = yaml.load(content, Loader=_LOADER)
    return spoken


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _softmax(scores: Matrix) -> Matrix:
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Matrix = grown / grown.sum(axis=-1, keepdims=True)
    return shares


def _surprise(scores: Matrix, belongs: NDArray[np.int64]) -> float:
    return float(-np.log(_softmax(scores)[np.arange(len(belongs)), belongs] + 1e-12).mean())
