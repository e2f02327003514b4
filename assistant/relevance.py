"""Which facts bear on a rep's question: shared words weighed by how rare they are, and what kind of fact is asked for.

Facts of a record are short and say their subject in full, so words decide better than meaning here, in microseconds and
without keeping anything of a customer in a cache.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import regex
import yaml

from tools.evidence import Evidence

_WORD = regex.compile(r"[\p{L}\d]{2,}")
_STEM = 5
_CUE_WEIGHT = 2.0


@lru_cache(maxsize=1)
def _cues() -> dict[str, tuple[str, ...]]:
    """The beginnings of words that ask for each kind of fact."""
    words = files("assistant").joinpath("relevance_words.yaml").read_text(encoding="utf-8")
    return {place: tuple(beginnings.split()) for place, beginnings in yaml.safe_load(words).items()}


def rank_facts(question: str, facts: Sequence[Evidence], *, limit: int) -> list[Evidence]:
    """The facts that bear on the question, best first; those that share nothing with it are left out."""
    asked = _stems(question)
    stems = [_stems(f"{fact.source} {fact.text}") for fact in facts]
    spread = Counter(stem for each in stems for stem in each)
    scores = [
        sum(math.log(1 + len(facts) / spread[stem]) for stem in asked & each) + _cue(question, fact)
        for fact, each in zip(facts, stems, strict=True)
    ]
    order = sorted(range(len(facts)), key=lambda index: (-scores[index], index))
    best = scores[order[0]] if order else 0.0
    return [facts[index] for index in order[:limit] if scores[index] > 0.4 * best > 0]


def _stems(text: str) -> set[str]:
    return {word if word.isdigit() else word[:_STEM] for word in _WORD.findall(text.casefold())}


def _cue(question: str, fact: Evidence) -> float:
    words = _WORD.findall(question.casefold())
    asking = [beginnings for place, beginnings in _cues().items() if place in fact.ref]
    hits: int = sum(word.startswith(beginnings) for beginnings in asking for word in words)
    return _CUE_WEIGHT * hits
