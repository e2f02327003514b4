"""Recognises what a customer wants: examples as vectors, and cue words.

Three signs are added up for each intent: how close its nearest examples are, what a linear model learned from all
examples, and how many of its cue words the post holds. The sum becomes a probability by a temperature that fits best
when every example is guessed from the others. The same vectors tell which prepared answers a post is close to.
"""

import asyncio
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar, get_args

import numpy as np
import regex
import yaml

from assistant.case import Thread
from assistant.guidance import Asked, Intent, Language
from assistant.learned import Groups, Learned, Matrix, Reading, sampled, softmax, unit
from assistant.material import IntentGuess
from assistant.plain_words import plain_words
from assistant.sentences import split_sentences
from assistant.things import directions_of_things, thing_texts, without_things
from prompts.phrases import Cue, read_cue
from tools.ports import TextVectors

# The C loader is several times quicker, which shows at every start; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CUE_WEIGHT = 0.15
_SPOKEN_WEIGHT = 2.0
_CUES_COUNTED = (1.0, 0.4, 0.2)
_NEAREST_ASKED = 2
_READINGS = 64
_PREPARED = 16
_GUESSES = 5
_LEAST_CONFIDENCE = 0.01
_LONGEST = 600
_CLEAR = 0.45
_SAYS_LITTLE = frozenset({"praise", "other", "vague"})
_SENTENCE = 4
_SENTENCES = 3
# Who was broken into tells that they are locked out, too, and who asks whether it is down tells what does not work.
_OUTRANKS = (("account_hacked", "account_locked_out"), ("is_it_down", "app_or_site_fault"))

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
DocumentIntent = tuple[str | None, str]
"""A document, or None for what no document answers, and the intent under which it is asked for."""


class IntentRecogniser:
    """Guesses the intents of a post, and tells what it is like.

    The examples, and what people write when a document answers them (`asked`), are embedded when the first post comes;
    `vectors` may remember them from one run to the next.
    """

    def __init__(self, intents: Sequence[Intent], vectors: TextVectors, asked: Sequence[Asked] = ()) -> None:
        self._intents = tuple(intents)
        self._vectors = vectors
        self._rows = _read_examples(self._intents, asked)
        asked_for = [row.asked for row in self._rows]
        self._asked = Groups(asked_for, dict.fromkeys(kind for kind in asked_for if kind is not None))
        self._cues: dict[str, tuple[_CueStart, ...]] = {
            language: tuple(_read_cues(self._intents, language)) for language in get_args(Language)
        }
        self._learned: Learned | None = None
        self._learning = asyncio.Lock()
        self._answers: dict[str, Matrix] = {}
        self._told: dict[tuple[str, ...], Matrix] = {}
        self._readings: dict[str, Reading] = {}

    async def guess_thread(self, thread: Thread, language: str) -> tuple[IntentGuess, ...]:
        """The intents of what is asked now; where that does not tell, of all that they wrote in this thread.

        If it is small talk or anger, the first of its sentences that tells something decides.
        """
        guesses = await self.guess(thread.request, language)
        if guesses and _tells(guesses[0]):
            return guesses
        if len(thread.spoken) > 1:
            story = await self.guess("\n".join(post.text for post in thread.spoken), language)
            if story and _tells(story[0]):
                return story
        if guesses and guesses[0].intent.group in _SAYS_LITTLE:
            for sentence in _sentences(thread.request):
                others = await self.guess(sentence, language)
                if others and _tells(others[0]):
                    return others
        return guesses

    async def guess(self, text: str, language: str) -> tuple[IntentGuess, ...]:
        """The intents that `text` may have, the likeliest first; empty if there is no word in it.

        `language` chooses the cue words; the examples of all languages count, as vectors may know several.
        """
        words = plain_words(text)[-_LONGEST:]
        if not self._intents or not regex.search(r"\p{L}", words):
            return ()
        learned = await self._learn()
        reading = await self._read(words, learned)
        cues = _CUE_WEIGHT * self._count_cues(words, language)
        scores = self._rank(reading.scores[0] + cues, words, language)
        likely = softmax(scores / learned.temperature)
        best = np.argsort(-likely)[:_GUESSES]
        return tuple(
            IntentGuess(self._intents[i], round(float(likely[i]), 4)) for i in best if likely[i] >= _LEAST_CONFIDENCE
        )

    async def likeness(self, text: str) -> dict[DocumentIntent, float]:
        """How much `text` is like what people write when a document answers them, from -1 to 1."""
        words = plain_words(text)[-_LONGEST:]
        if not self._rows or not words:
            return {}
        reading = await self._read(words, await self._learn())
        like = self._asked.nearest(reading.closeness, _NEAREST_ASKED)[0]
        return dict(zip(self._asked.kinds, like.tolist(), strict=True))

    async def closeness(self, text: str, answers: Sequence[str]) -> list[float]:
        """How close `text` is to each of some prepared answers, as against what is common to all of them."""
        words = plain_words(text)[-_LONGEST:]
        if not answers or not self._rows or not words:
            return [0.0] * len(answers)
        learned = await self._learn()
        reading = await self._read(words, learned)
        apart = await self._tell_apart(tuple(answers), learned.things)
        close: list[float] = np.einsum("ij,kj->ik", reading.centred, apart)[0].tolist()
        return close

    async def _tell_apart(self, answers: tuple[str, ...], things: Matrix) -> Matrix:
        """The answers' vectors without what is common to all of them: turn after turn the same ones are prepared."""
        told = self._told.pop(answers, None)
        if told is None:
            missing = [answer for answer in dict.fromkeys(answers) if answer not in self._answers]
            if missing:
                rows = np.asarray(await self._vectors.embed(missing), dtype=np.float64)
                self._answers.update(zip(missing, rows, strict=True))
            rows = np.stack([self._answers[answer] for answer in answers])
            told = unit(without_things(rows - rows.mean(axis=0), things))
        _keep(self._told, answers, told, _PREPARED)
        return told

    async def _read(self, words: str, learned: Learned) -> Reading:
        """One turn asks about the same words several times."""
        reading = self._readings.pop(words, None)
        if reading is None:
            reading = learned.read(np.asarray(await self._vectors.embed([words]), dtype=np.float64))
        _keep(self._readings, words, reading, _READINGS)
        return reading

    async def _learn(self) -> Learned:
        async with self._learning:
            if self._learned is None:
                texts = [*(row.text for row in self._rows), *thing_texts()]
                vectors = np.asarray(await self._vectors.embed(texts), dtype=np.float64)
                # seconds of work, and others wait for the loop meanwhile
                self._learned = await asyncio.to_thread(self._learn_from, *np.split(vectors, [len(self._rows)]))
        return self._learned

    def _learn_from(self, vectors: Matrix, of_things: Matrix) -> Learned:
        cues = np.array([self._count_cues(row.text, row.language) for row in sampled(self._rows)])
        belongs = np.array([row.intent for row in self._rows])
        things = directions_of_things(of_things)
        return Learned.of(vectors, belongs, _CUE_WEIGHT * cues, len(self._intents), things=things)

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
        small, counted = text.casefold(), np.zeros(len(self._intents))
        begun = dict.fromkeys(
            (intent, cue) for start, intent, cue in self._cues.get(language) or self._cues["en"] if start in small
        )
        found: dict[int, list[float]] = {}
        for intent, cue in begun:
            if cue.words.found_in(text):
                found.setdefault(intent, []).append(cue.weight)
        for intent, weights in found.items():
            heaviest = zip(sorted(weights, reverse=True), _CUES_COUNTED, strict=False)
            counted[intent] = sum(weight * share for weight, share in heaviest)
        return counted


def example_texts(intents: Sequence[Intent], asked: Sequence[Asked]) -> list[str]:
    """Every text whose vector a recogniser of these wants to know, as it asks for it."""
    return [*(row.text for row in _read_examples(tuple(intents), asked)), *thing_texts()]


def _keep(kept: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keep what was taken out or made as the newest, and no more than the newest `most`."""
    kept[key] = value
    while len(kept) > most:
        del kept[next(iter(kept))]


def _tells(guess: IntentGuess) -> bool:
    """Whether a guess says what the matter is, surely enough to look no further back."""
    return guess.confidence >= _CLEAR and guess.intent.group not in _SAYS_LITTLE


@dataclass(frozen=True, slots=True, eq=False)
class _Cue:
    words: Cue
    weight: float


_CueStart = tuple[str, int, _Cue]
"""How one of a cue's phrases begins, and the intent that it is a cue of."""


@dataclass(frozen=True, slots=True)
class _Example:
    intent: int
    language: str
    text: str
    asked: DocumentIntent | None


def _read_examples(intents: Sequence[Intent], asked: Sequence[Asked]) -> tuple[_Example, ...]:
    """The examples of each intent, those for which a document is known included; an intent's stand side by side."""
    return tuple(
        _Example(number, language, plain_words(post), kind)
        for number, intent in enumerate(intents)
        for posts, kind in (
            (intent.examples, None),
            *((entry.posts, (entry.document, entry.intent)) for entry in asked if entry.intent == intent.id),
        )
        for language, written in posts.items()
        for post in written
    )


def _sentences(text: str) -> Sequence[str]:
    """The sentences of a longer text that say something, if there are several."""
    sentences = [sentence for sentence in split_sentences(plain_words(text)) if len(sentence.split()) >= _SENTENCE]
    return sentences[:_SENTENCES] if len(sentences) > 1 else ()


def _read_cues(intents: Sequence[Intent], language: Language) -> Iterator[_CueStart]:
    """The cue words of the intents' own entries, each by itself, and the ways of speaking of intent_cues.yaml."""
    words = [tuple(dict.fromkeys(word.casefold() for word in intent.words.get(language) or ())) for intent in intents]
    shared = Counter(word for own in words for word in own)
    spoken = _ways_of_speaking().get(language, {})
    for number, (intent, own) in enumerate(zip(intents, words, strict=True)):
        cues = [_Cue(read_cue([word]), (0.5 + 0.25 * min(4, len(word.split()))) / shared[word]) for word in own]
        cues += [_Cue(read_cue(spoken[intent.id]), _SPOKEN_WEIGHT) for _ in range(intent.id in spoken)]
        yield from ((start, number, cue) for cue in cues for start in cue.words.starts)


@lru_cache
def _ways_of_speaking() -> dict[str, dict[str, list[str]]]:
    content = (files("assistant") / "intent_cues.yaml").read_text(encoding="utf-8")
    spoken: dict[str, dict[str, list[str]]] = yaml.load(content, Loader=_LOADER)
    return spoken
