"""Whether a sentence says one of two words that exclude each other where its source says the other.

"The indoor pool opens on 1 May" misquotes no value, and denies nothing; the source says it of the outdoor pool.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from assistant.checks.alignment import Match, content_between
from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import Hit, word_list
from assistant.reading.passage import Unit

_CLOSE, _LEAST = 0.85, 0.5
_REACH, _BESIDE = 4, 3
_WITHOUT = frozenset(("without", "ohne", "sin", "sans"))
_WITH = frozenset(("with", "mit", "con", "avec"))


@cache
def opposite() -> Mapping[str, str]:
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
        other = opposite()[name]
        if near[0].unit.language != sentence.unit.language and _stands_somewhere(sentence, name):
            continue
        if other not in mine and all(other in sides and name not in sides for sides in theirs):
            said = " ".join(sentence.unit.words[hit.start : hit.end])
            told = " ".join(near[0].unit.text.split()[:8])
            reason = f"“{said}” is the opposite of what {near[0].source.id} says (“{told} …”)"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return


def opposed(one: Unit, other: Unit) -> bool:
    """Whether one says the opposite of a word of the other, so that denying it says the same."""
    theirs = _sides(other)
    return any(opposite()[name] in theirs and name not in theirs for name in _sides(one))


def check_needs(sentence: Sentence, found: Sequence[Match]) -> Iterable[Finding]:
    """At most one finding: "you need the receipt" where a source has "without a receipt", or the other way round."""
    if sentence.unit.has("possible") and not sentence.unit.has("must"):
        return
    mine, spared = _needed(sentence.unit), _spared(sentence.unit)
    for match in found:
        if match.cover < found[0].cover * _CLOSE:
            return
        wrong = (mine & _spared(match.unit)) | (spared & (_needed(match.unit) | _brought(match.unit)))
        if wrong - (mine & spared):
            reason = f"{match.source.id} says the opposite of what must be there: “{match.unit.text[:60]} …”"
            yield sentence.finding("negation", Severity.BLOCK, reason)
            return


def _needed(unit: Unit) -> frozenset[str]:
    """The words after "must", "need" or "required", unless that is denied."""
    if unit.has("negation"):
        return frozenset()
    return frozenset(word for hit in unit.has("must") for word in _after(unit, hit.end, _REACH)) - _spared(unit)


def _spared(unit: Unit) -> frozenset[str]:
    """The words right after "without"."""
    return frozenset(
        word for i, said in enumerate(unit.words) if said in _WITHOUT for word in _after(unit, i + 1, _BESIDE)
    )


def _brought(unit: Unit) -> frozenset[str]:
    """The words right after "with"."""
    return frozenset(
        word for i, said in enumerate(unit.words) if said in _WITH for word in _after(unit, i + 1, _BESIDE)
    )


def _after(unit: Unit, start: int, reach: int) -> frozenset[str]:
    return content_between(unit, start, start + reach)


def _stands_somewhere(sentence: Sentence, name: str) -> bool:
    """Whether a source says the word itself elsewhere; in another language that may be the passage that is meant."""
    return any(name in _sides(unit) for _, unit in sentence.sources.units)


def _sides(unit: Unit) -> dict[str, Hit]:
    return {hit.name: hit for hit in unit.has("sides", words="opposites")}


def _with_headings(unit: Unit) -> frozenset[str]:
    return frozenset(name for part in (unit, *unit.headings) for name in _sides(part))


def _turns(unit: Unit) -> bool:
    """Whether a denial may say the same by the opposite word ("not open" for "closed")."""
    return bool(unit.has("negation") or unit.has("not_yet"))
