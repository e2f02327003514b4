"""The evidence a sentence rests on, read once and ready to be asked what it says."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import regex

from assistant.checks.facts import Facts
from assistant.outcome import Claim
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Reading, Unit, read
from assistant.reading.tokens import stem, words_of
from tools.evidence import Evidence, EvidenceKind, Visibility

_NAME = r"(\p{Lu}[\p{L}'’-]+(?:\s(?:\p{Lu}[\p{L}'’-]*|\d+(?![.,]?\d))\b)*)"
_NOTE = "note: “"
_THING = regex.compile(rf"\b\d+\s?[x×]\s{_NAME}|\b(?:name|product|item|title):?\s{_NAME}")


@dataclass(frozen=True, eq=False)
class Source:
    """One evidence, read."""

    evidence: Evidence
    reading: Reading

    @property
    def id(self) -> str:
        """Its number."""
        return self.evidence.id

    @property
    def is_record(self) -> bool:
        """Whether it tells of this customer rather than of everybody."""
        return self.evidence.kind is EvidenceKind.RECORD

    @cached_property
    def noted(self) -> frozenset[Unit]:
        """What somebody noted on a record in their own words: it may tell why, and moves no money."""
        found: list[Unit] = []
        open_ = False
        for unit in self.reading.units if self.is_record else ():
            open_ = open_ or unit.text.startswith(_NOTE)
            if open_:
                found.append(unit)
            open_ = open_ and "”" not in unit.text
        return frozenset(found)

    @cached_property
    def subjects(self) -> dict[Unit, frozenset[str]]:
        """The reference numbers each unit speaks of: its own, or those of the lines above it."""
        told: dict[Unit, frozenset[str]] = {}
        last: frozenset[str] = frozenset()
        for unit in self.reading.units:
            own = _ids(unit) or (_ids(unit.opening) if unit.opening else frozenset())
            series = {_series(i) for i in own}
            own |= frozenset(i for heading in unit.headings for i in _ids(heading) if _series(i) not in series)
            last = own or last
            told[unit] = last
        return told


@dataclass(frozen=True, slots=True)
class Told:
    """A value as a source tells it."""

    source: Source
    unit: Unit
    mention: Mention


@dataclass(frozen=True, eq=False)
class Sources:
    """The sources a sentence cites, and all others of the turn."""

    cited: Sequence[Source]
    rest: Sequence[Evidence]
    today: date

    @cached_property
    def known_ids(self) -> frozenset[str]:
        """Every reference number that the cited sources name."""
        return frozenset(i for source in self.cited for i in source.reading.ids)

    @cached_property
    def told(self) -> Sequence[Told]:
        """Every value that the cited sources name."""
        return _told(self.cited)

    @cached_property
    def told_elsewhere(self) -> Sequence[Told]:
        """Every value that the other sources name."""
        return _told(_source(item, self.today) for item in self.rest)

    @cached_property
    def things(self) -> frozenset[frozenset[str]]:
        """What the cited records list as bought ("1 × Ridge 30"), each as the stems of its name."""
        texts = (unit.text for source, unit in self.units if source.is_record)
        names = (next(filter(None, match)) for text in texts for match in _THING.findall(text))
        return frozenset(frozenset(map(stem, words_of(name))) for name in names)

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        """For every word and topic of the cited sources how few of their sentences have it, at most 1."""
        counts = Counter(name for _, unit in self.units for name in unit.content)
        return {name: 1 / count for name, count in counts.items()}

    @cached_property
    def units(self) -> Sequence[tuple[Source, Unit]]:
        """Every sentence of the cited sources."""
        return [(source, unit) for source in self.cited for unit in source.reading.units]


def sources_for(claim: Claim, facts: Facts) -> Sources:
    """The sources of a claim."""
    today = facts.now.date()
    cited = [_source(item, today) for item in facts.evidence if item.id in claim.evidence]
    rest = [item for item in facts.evidence if item.id not in claim.evidence]
    return Sources(cited, rest, today)


def visible(source: Source, *, public: bool) -> bool:
    """Whether readers of this part may be told what the source says."""
    allowed = (Visibility.PUBLIC,) if public else (Visibility.PUBLIC, Visibility.CUSTOMER)
    return source.evidence.visibility in allowed


@lru_cache(maxsize=512)
def _source(evidence: Evidence, today: date) -> Source:
    name = evidence.source if evidence.kind is EvidenceKind.POLICY else ""
    text = f"# {name}\n{evidence.text}" if name and name not in evidence.text else evidence.text
    return Source(evidence, read(text, today))


def _told(sources: Iterable[Source]) -> list[Told]:
    return [Told(source, unit, mention) for source in sources for unit, mention in source.reading.mentions]


def _series(reference: str) -> str:
    """What the references of one sort have in common, none of which is part of another: "FA-" of FA-77120."""
    return reference.rstrip("0123456789") or reference


def _ids(unit: Unit) -> frozenset[str]:
    return frozenset(str(value) for m in unit.mentions if m.kind is Kind.ID for value in m.values)
