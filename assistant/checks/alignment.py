"""Finds the sentence of a source that a statement follows, by the words and topics they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.findings import Sentence
from assistant.checks.sources import Source
from assistant.reading.passage import Unit
from tools.evidence import EvidenceKind

_BREAKS = frozenset((";", ",", ":", "(", ")", "–", "—", "-", "!"))
_STOPS = frozenset((";", ":", ")", "!"))
_JOINS = frozenset(("and", "und", "y", "et"))
_HEADING_SHARE = 0.5
_VALUE_SHARE = 0.35
_NEAR_BEST = 0.8
_ENOUGH, _ENOUGH_ABROAD, _LEAST_SHARED = 0.6, 0.75, 2


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a unit that can be true or false by itself: its tokens' range and its words and topics."""

    unit: Unit
    start: int
    end: int
    content: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A unit of a source and how much of the statement stands in it, from 0 to 1."""

    source: Source
    unit: Unit
    cover: float
    shared: int
    valued: bool = False


@lru_cache(maxsize=2048)
def clauses(unit: Unit) -> Sequence[Clause]:
    """The clauses of a unit, cut at marks and at words like "but" where both sides say something."""
    contrast = {hit.start for hit in unit.has("contrast")}
    cuts = [i for i, token in enumerate(unit.tokens) if token.word in _BREAKS or token.word in _JOINS or i in contrast]
    bounds = [0, *cuts, len(unit.tokens)]
    made: list[Clause] = []
    start = 0
    for end in bounds[1:]:
        content = content_between(unit, start, end)
        if end == len(unit.tokens) or (
            (len(content) >= 2 or unit.words[end] in _STOPS)
            and _has_verb(unit, start, end)
            and (_has_verb(unit, end, len(unit.tokens)) or unit.words[end] == ")")
        ):
            made.append(Clause(unit, start, end, content))
            start = end
    return made


def _has_verb(unit: Unit, start: int, end: int) -> bool:
    """Whether something is said between the two tokens, and not only listed."""
    return any(start <= hit.start < end and not _is_in_name(unit, hit.start) for hit in unit.has("verbs"))


def _is_in_name(unit: Unit, index: int) -> bool:
    """Whether a word ends a name: "Keep" in "Lantern Keep"."""
    before, token = unit.tokens[max(0, index - 1)], unit.tokens[index]
    return (
        unit.language != "de" and index > 0 and unit.text[token.start].isupper() and unit.text[before.start].isupper()
    )


def says_something(clause: Clause) -> bool:
    """Whether a clause is a statement, not an entry of a list: it has a verb we know, or is a whole sentence."""
    unit = clause.unit
    whole = (clause.start, clause.end) == (0, len(unit.tokens)) and unit.words[-1:] == ["."] and ":" not in unit.words
    return _has_verb(unit, clause.start, clause.end) or (whole and unit.text[0].isupper() and not unit.mentions)


def content_between(unit: Unit, start: int, end: int) -> frozenset[str]:
    """The words and topics of the tokens from `start` to `end`."""
    whole = unit.content
    topics = {f":{hit.name}" for hit in unit.topics if start <= hit.start < end}
    stems = {unit.stems[i] for i in range(start, min(end, len(unit.stems))) if unit.stems[i] in whole}
    return frozenset(topics | stems)


def matches(sentence: Sentence) -> list[Match]:
    """Every unit of the cited sources that shares something with the statement, the best first.

    What customers wrote is no source, and nor is what stands under the heading of something else.
    """
    wanted = sentence.unit.content
    if not wanted:
        return []
    valued = {item.unit for items in sentence.told.values() for item in items}
    found = []
    for source, unit in sentence.sources.units:
        if unit in sentence.beside or source.evidence.kind is EvidenceKind.POST:
            continue
        theirs = unit.content
        comparable = (
            wanted
            if unit.language == sentence.unit.language
            else {name for name in wanted if name[0] == ":" or name in theirs}
        )
        shared = len(comparable & theirs)
        under = {name for heading in unit.headings for name in heading.content} - theirs
        cover = (shared + _HEADING_SHARE * len(comparable & under)) / max(1, len(comparable))
        cover += _VALUE_SHARE * (unit in valued)
        if shared:
            found.append(Match(source, unit, min(cover, 1.0), shared + (unit in valued), unit in valued))
    return sorted(found, key=lambda match: -match.cover)


def covered(sentence: Sentence, unit: Unit) -> float:
    """How much of what the statement shares with any of its sources stands in `unit`, rare words counting most.

    Words that no source has cost nothing: they may be other words for the same.
    """
    rarity = sentence.sources.rarity
    wanted = {name: rarity[name] for name in sentence.unit.content if name in rarity}
    under = {name for heading in unit.headings for name in heading.content}
    if unit.opening is not None:
        under |= unit.opening.content
    reached = sum(
        weight * (1.0 if name in unit.content else _HEADING_SHARE)
        for name, weight in wanted.items()
        if name in unit.content or name in under
    )
    return reached / sum(wanted.values()) if wanted else 0.0


def close(sentence: Sentence, match: Match) -> bool:
    """Whether enough of the statement stands there to compare them."""
    enough = _ENOUGH if match.unit.language == sentence.unit.language else _ENOUGH_ABROAD
    return match.shared >= _LEAST_SHARED and match.cover >= enough


def best_matches(found: Sequence[Match]) -> list[Match]:
    """The matches that are nearly as good as the best; where some name the same values, only those."""
    if any(match.valued for match in found):
        found = [match for match in found if match.valued]
    return [match for match in found if match.cover >= found[0].cover * _NEAR_BEST]
