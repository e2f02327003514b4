"""Whether a sentence says one of two words that exclude each other where its source says the other.

"The indoor pool opens on 1 May" misquotes no value, and denies nothing; the source says it of the outdoor pool.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from assistant.checks.alignment import Match
from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import Hit, word_list
from assistant.reading.passage import Unit

_CLOSE, _LEAST = 0.85, 0.5


@cache
def _opposite() -> Mapping[str, str]:
    """The other side of every side."""
    pairs = word_list("opposites")["opposed"]
    return {one: other for first, second in pairs for one, other in ((first, second), (second, first))}


def check_opposites(sentence: Sentence, found: Sequence[Match]) -> Iterable[Finding]:
    """At most one finding: a word whose opposite alone stands in every passage that is near to the sentence."""
    mine = _sides(sentence.unit)
    if not mine or not found or found[0].cover < _LEAST or _turns(sentence.unit):
        return
    near = [match for match in found if match.cover >= found[0].cover * _CLOSE]
    theirs = [_with_headings(match.unit) for match in near]
    for name, hit in mine.items():
        other = _opposite()[name]
        if other not in mine and all(other in sides and name not in sides for sides in theirs):
            said = " ".join(sentence.unit.words[hit.start : hit.end])
            told = " ".join(near[0].unit.text.split()[:8])
            reason = f"“{said}” is the opposite of what {near[0].source.id} says (“{told} …”)"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return


def _sides(unit: Unit) -> dict[str, Hit]:
    return {hit.name: hit for hit in unit.has("sides", words="opposites")}


def _with_headings(unit: Unit) -> frozenset[str]:
    return frozenset(name for part in (unit, *unit.headings) for name in _sides(part))


def _turns(unit: Unit) -> bool:
    """Whether a denial may say the same by the opposite word ("not open" for "closed")."""
    return bool(unit.has("negation") or unit.has("not_yet"))
