"""Relevance from 0 to 1, calibrated on the corpus itself: how much more than nothing a find has to show for itself.

Cosines mean something else in every corpus and every model: a sentence of the weather reaches as far into one company's
procedures as a good question into another's. So two levels are measured on the corpus: what everyday remarks find there
that no company answers, and what sentences of its own documents find. The threshold lies somewhat less than half-way up
from the first to the second, and lower for a question in another language than English, since a translation is never as
close to a document as a sentence of its own (docs/decisions/0014-relevance.md).
"""

import json
import math
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

from retrieval.corpus import Corpus, Found, Query
from retrieval.embeddings import Matrix
from retrieval.passages import Passage
from retrieval.scope import Scope

THRESHOLD = 0.5
"""Below it a passage does not count as an answer."""

_VERSION = 2
_SAMPLE = 60
_STEEPNESS = 6.0
_WAY_UP = 0.45
_WAY_UP_ACROSS_LANGUAGES = 0.3
_LEXICAL = 1.5
_OTHER_LANGUAGE = "und"


@dataclass(frozen=True, slots=True)
class Levels:
    """What was measured with one model: the documents' spread, the evidence of remarks and that of own sentences.

    `way_up` is where between the two the threshold lies.
    """

    spread: float
    background: float
    own: float
    way_up: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The levels of each of the models whose vectors stand side by side."""

    levels: tuple[Levels, ...]

    def relevance(self, found: Found) -> float:
        """From 0 to 1, rising with the evidence; 0.5 at the threshold."""
        levels = self.levels[found.part]
        reach = max(levels.own - levels.background, 1e-6)
        place = (evidence(found, levels.spread) - levels.background) / reach
        return 1 / (1 + math.exp(-_STEEPNESS * min(5.0, max(-5.0, place - levels.way_up))))

    def to_json(self) -> str:
        """As `from_json` reads it."""
        return json.dumps({"version": _VERSION, "levels": [asdict(levels) for levels in self.levels]})


def from_json(text: str | None) -> Calibration | None:
    """The calibration in `text`, or None if there is none or it was made in another way."""
    if text is None:
        return None
    kept = json.loads(text)
    return Calibration(tuple(Levels(**levels) for levels in kept["levels"])) if kept["version"] == _VERSION else None


def evidence(found: Found, spread: float) -> float:
    """What speaks for a find, in units of `spread`: closeness, its lead over the other documents, title and words."""
    return (found.dense + found.dense_lead + found.title) / spread + _LEXICAL * found.lexical_lead


async def calibrate(
    corpus: Corpus, reads: Sequence[str | None], embed: Callable[[Sequence[str]], Awaitable[Matrix]]
) -> Calibration:
    """Measure the levels on `corpus`; `reads` and `embed` are the embedding's."""
    remarks, sentences = _remarks(), _sentences(corpus.passages)
    texts = [*(text for _, text in remarks), *sentences]
    vectors = await embed(texts)
    levels = []
    for reading in reads:
        language = reading or _OTHER_LANGUAGE
        found = [
            corpus.search(Query(text, vector, language), Scope(), 1)[0]
            for text, vector in zip(texts, vectors, strict=True)
        ]
        foreign, own = found[: len(remarks)], found[len(remarks) :]
        foreign = [find for (tongue, _), find in zip(remarks, foreign, strict=True) if reading in (tongue, None)]
        spread = max(statistics.fmean(find.spread for find in foreign), 1e-6)
        background = statistics.median(evidence(find, spread) for find in foreign)
        reached = statistics.median(evidence(find, spread) for find in own)
        way_up = _WAY_UP if reading or len(reads) == 1 else _WAY_UP_ACROSS_LANGUAGES
        levels.append(Levels(spread, background, reached, way_up))
    return Calibration(tuple(levels))


def _remarks() -> list[tuple[str, str]]:
    """Everyday remarks with their language."""
    lines = (files("retrieval") / "everyday.txt").read_text(encoding="utf-8").splitlines()
    return [(line[:2], line[3:]) for line in lines if line]


def _sentences(passages: Sequence[Passage]) -> list[str]:
    """A line from the middle of each of some passages, evenly drawn, about as long as a question."""
    step = max(1, len(passages) // _SAMPLE)
    chosen = []
    for passage in passages[::step][:_SAMPLE]:
        lines = [line.strip("-*0123456789. ") for line in passage.text.replace(". ", ".\n").splitlines()]
        fitting = [line for line in lines if 20 < len(line) < 200] or [passage.text[:200]]
        chosen.append(fitting[len(fitting) // 2])
    return chosen
