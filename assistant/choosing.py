"""Which prepared answer a post asks for: every answer of every public document in question is weighed at once.

Five signs count: how likely the answer's intent is, how likely any that its document answers, how much the post is like
what people write when that document answers them, how well the document as a whole answers the post, and how close the
post is to the answer's own words. A product that is named speaks for its documents and against other products'. One
more candidate is that nothing prepared answers it. A document is as likely as its likeliest answer, however many it
has; which of its answers is told, is decided by their words. The weights were fitted on labelled posts
(docs/decisions/0020-choosing-the-answer.md).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import regex

from assistant.stems import stems
from tools.records import Answer, Passage

_LIKELY = 0.7
_ABOUT = 1.0
_HARDLY = 0.1
"""A document none of whose answers is for what the post is about would have to be asked for in so many words."""
_SHARED = 0.7
"""Where many documents answer an intent, each of them is less likely the one."""
_LIKE = 15.0
_RELEVANT = 0.4
_CLOSE = 10.5
_NAMED = 1.0
_OTHER_PRODUCT = -1.4
_UNANSWERED = 1.3
_LIKE_UNANSWERED = 6.0
_NAMES_OF_ONE = 3
_LIKELY_WITHIN = 0.1
_LIKE_WITHIN = 8.0
_CLOSE_WITHIN = 12.0
_SHARED_WORDS = 1.0
"""Within a document what is asked says little: its answers are told apart by their own words."""
_UNLIKELY = 0.002
_IRRELEVANT = 0.01
_AS_LIKE = 0.01
_NEIGHBOUR = 0.7
"""A document that is asked for under other intents is like this much of the best of them."""
_UNCAPITALISED = regex.compile(r"\b\p{Ll}{4,}")
_NAME = regex.compile(r"(?<=[\p{L},(] ?)\b\p{Lu}\p{L}{3,}")

Asked = Mapping[tuple[str | None, str], float]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A prepared answer, the passage that opens its document, and how close the post is to its words."""

    passage: Passage
    answer: Answer
    closeness: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A prepared answer and the probability that it is what is asked for; `alone`: one document has its intent."""

    passage: Passage
    answer: Answer
    share: float
    alone: bool = False


def choose(
    candidates: Sequence[Candidate], *, likely: Mapping[str, float], asked: Asked, words: str
) -> tuple[Choice, ...]:
    """The candidates with their shares, the best first. What is left of 1 is that none of them answers.

    Args:
        candidates: Every prepared answer that may be told here and now.
        likely: How likely each intent is.
        asked: How much the post is like what is asked of each document, see `IntentRecogniser.likeness`.
        words: The post, for products that it names.
    """
    none = _UNANSWERED + _LIKE_UNANSWERED * max((like for (to, _), like in asked.items() if to is None), default=0.0)
    among, said = _Among.of(candidates, likely, asked), stems(words)
    best: dict[str, float] = {}
    for candidate in candidates:
        name = candidate.passage.document
        best[name] = max(best.get(name, -math.inf), _weigh(candidate, among, said))
    documents = _shares({None: none, **{name: weight + among.about(name) for name, weight in best.items()}})
    within = [_weigh_within(candidate, among, said) for candidate in candidates]
    choices = [
        Choice(
            candidate.passage,
            candidate.answer,
            documents[candidate.passage.document] * part,
            alone=among.documents[candidate.answer.intent] == 1,
        )
        for candidate, part in zip(candidates, _parts(candidates, within), strict=True)
    ]
    return tuple(sorted(choices, key=lambda choice: -choice.share))


def is_beyond(asked: Asked) -> bool:
    """Whether a post is as much like what no document answers as like anything that one does."""
    answered = max((like for (document, _), like in asked.items() if document is not None), default=1.0)
    return max((like for (document, _), like in asked.items() if document is None), default=-1.0) >= answered - _AS_LIKE


def _weigh(candidate: Candidate, among: "_Among", words: frozenset[str]) -> float:
    passage, intent = candidate.passage, candidate.answer.intent
    return (
        _LIKELY * math.log(among.likely.get(intent, 0.0) + _UNLIKELY)
        - _SHARED * math.log(among.documents[intent])
        + _LIKE * _likeness(candidate, among)
        + _RELEVANT * math.log(passage.relevance + _IRRELEVANT)
        + _CLOSE * candidate.closeness
        + among.of_product(passage, words)
    )


def _weigh_within(candidate: Candidate, among: "_Among", words: frozenset[str]) -> float:
    return (
        _LIKELY_WITHIN * math.log(among.likely.get(candidate.answer.intent, 0.0) + _UNLIKELY)
        + _LIKE_WITHIN * _likeness(candidate, among)
        + _CLOSE_WITHIN * candidate.closeness
        + _SHARED_WORDS * len(words & _told(candidate.answer.text))
    )


def _parts(candidates: Sequence[Candidate], within: Sequence[float]) -> list[float]:
    """What part of its document's share each answer has."""
    by_document: dict[str, dict[int, float]] = {}
    for number, candidate in enumerate(candidates):
        by_document.setdefault(candidate.passage.document, {})[number] = within[number]
    parts = {number: part for weights in by_document.values() for number, part in _shares(weights).items()}
    return [parts[number] for number in range(len(candidates))]


def _shares(weights: Mapping[Key, float]) -> dict[Key, float]:
    """Weights as shares of 1."""
    most = max(weights.values())
    grown = {key: math.exp(weight - most) for key, weight in weights.items()}
    total = sum(grown.values())
    return {key: each / total for key, each in grown.items()}


@dataclass(frozen=True, slots=True)
class _Among:
    """What one candidate is weighed against: `documents` counts those for each intent, `names` each name's.

    `heard` is how likely the post is about anything that a document answers, `likest` the most that it is like anything
    that is asked of a document.
    """

    likely: Mapping[str, float]
    asked: Asked
    heard: Mapping[str, float]
    likest: Mapping[str | None, float]
    documents: Mapping[str, int]
    names: Mapping[str, int]

    @classmethod
    def of(cls, candidates: Sequence[Candidate], likely: Mapping[str, float], asked: Asked) -> "_Among":
        intents = {(candidate.passage.document, candidate.answer.intent) for candidate in candidates}
        texts = {candidate.passage.document: candidate.passage.text for candidate in candidates}
        titles = dict.fromkeys(candidate.passage.title for candidate in candidates)
        spread = _spread(tuple(texts.values()), tuple(titles))
        likest: dict[str | None, float] = {}
        for (document, _), like in asked.items():
            likest[document] = max(like, likest.get(document, like))
        heard: dict[str, float] = defaultdict(float)
        for document, intent in intents:
            heard[document] += likely.get(intent, 0.0)
        return cls(likely, asked, heard, likest, Counter(intent for _, intent in intents), spread)

    def about(self, document: str) -> float:
        """Against a document that answers what the post is hardly about, whichever of its answers is told."""
        most = max(self.heard.values())
        return _ABOUT * math.log((self.heard[document] + _HARDLY) / (most + _HARDLY))

    def of_product(self, passage: Passage, words: frozenset[str]) -> float:
        """For the documents of a product that is named, against those of others; a name of many is no product's.

        Who writes in a hurry writes names without capitals; what is a word of the documents, too, is no name.
        """
        if passage.product is None:
            return 0.0
        if any(0 < self.names.get(name, 0) <= _NAMES_OF_ONE for name in _names(passage.text) & words):
            return _NAMED
        return 0.0 if words & _told(passage.product) else _OTHER_PRODUCT


def _likeness(candidate: Candidate, among: _Among) -> float:
    """Where nobody wrote down what is asked of a document, its answer's own words stand in."""
    document = candidate.passage.document
    own = among.asked.get((document, candidate.answer.intent))
    if own is not None:
        return own
    neighbour = among.likest.get(document)
    return max(candidate.closeness, 0.0) if neighbour is None else _NEIGHBOUR * neighbour


@lru_cache(maxsize=64)
def _spread(texts: tuple[str, ...], titles: tuple[str, ...]) -> Mapping[str, int]:
    """How many of the texts have each name in them; what is written without a capital anywhere is none."""
    plain = frozenset[str]().union(*map(_plain, (*texts, *titles)))
    return Counter(name for text in texts for name in _names(text) - plain)


@lru_cache(maxsize=2048)
def _told(words: str) -> frozenset[str]:
    """The stems of an answer, or of a product's name."""
    return stems(words)


@lru_cache(maxsize=2048)
def _names(text: str) -> frozenset[str]:
    """The words of a document that may be names of products ("Ridgeline"), as stems."""
    return stems(" ".join(_NAME.findall(text)))


@lru_cache(maxsize=2048)
def _plain(text: str) -> frozenset[str]:
    """The words of a document that are written without a capital, as stems."""
    return stems(" ".join(_UNCAPITALISED.findall(text)))
