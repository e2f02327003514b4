"""A sentence on the bench: what it says, what it rests on, and how a finding about it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assistant.checks.facts import Facts
from assistant.checks.matching import same
from assistant.checks.sections import Section, named, named_section
from assistant.checks.sources import Sources, Told, sources_for
from assistant.outcome import Claim, Finding, Part, Severity
from assistant.reading.lexicon import LANGUAGES
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit, language_of, read, telling_nothing
from assistant.reading.tokens import fold, stem

_PARTING = frozenset((",", ";", ":", "and", "und", "y", "et", "but", "aber", "pero", "mais"))


@dataclass(frozen=True, eq=False)
class Sentence:
    """A claim, read, with its sources and the facts of the turn."""

    claim: Claim
    facts: Facts

    @property
    def text(self) -> str:
        """As it is written."""
        return self.claim.sentence

    @property
    def public(self) -> bool:
        """Whether everyone reads it."""
        return self.claim.part is Part.PUBLIC

    @property
    def today(self) -> date:
        """The day from which "tomorrow" is counted."""
        return self.facts.now.date()

    @cached_property
    def unit(self) -> Unit:
        """What it says."""
        # a customer may write what we have no words of; what is said to them is read all the same
        known = self.facts.language if self.facts.language in LANGUAGES else "en"
        language = language_of(self.text, known)
        return read(self.text, self.today, language, whole=True).units[0]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The reference numbers that it names."""
        return frozenset(str(value) for m in self.unit.mentions if m.kind is Kind.ID for value in m.values)

    @cached_property
    def names(self) -> list[tuple[int, str]]:
        """Stems of the words that the cited sources write with a capital, by token: products, places, tiers."""
        covered = {index for m in self.unit.mentions for index in range(m.first, m.last)}
        if self.unit.language == "de":
            covered |= {index for hit in self.unit.topics for index in range(hit.start, hit.end)}
        written = {stem(fold(word)) for _, unit in self.sources.units for word in unit.capitals}
        recorded = {stem(fold(w)) for source, unit in self.sources.units if source.is_record for w in unit.inner}
        nothing = telling_nothing(self.unit.language)
        topics = {index for hit in self.unit.topics for index in range(hit.start, hit.end)}
        return [
            (index, self.unit.stems[index])
            for index, token in enumerate(self.unit.tokens)
            if index not in covered
            and token.kind == "word"
            and token.word not in nothing
            and (
                self.unit.stems[index] in written
                if self.text[token.start].isupper()
                else self.unit.stems[index] in recorded and index not in topics
            )
        ]

    def names_beside(self, first: int, others: Sequence[int] = (), *, carried: bool = True) -> list[str]:
        """The names a token belongs to: its clause's, else (`carried`) the last before it; none beyond `others`."""
        near = [(i, word) for i, word in self.names if not any(min(i, first) < o < max(i, first) for o in others)]
        here = [word for i, word in near if not self.parted(min(i, first), max(i, first))]
        before = [(i, word) for i, word in near if i < first]
        return here or [word for i, word in before if carried and not self.parted(i, before[-1][0])]

    def parted(self, start: int, end: int) -> bool:
        """Whether a clause ends between two tokens."""
        return any(word in _PARTING for word in self.unit.words[start:end])

    @cached_property
    def sources(self) -> Sources:
        """What it rests on."""
        return sources_for(self.claim, self.facts)

    @cached_property
    def told(self) -> Mapping[Mention, Sequence[Told]]:
        """For each of its values the places in the cited sources that name it."""
        return {
            mention: [item for item in self.sources.told if same(mention, item, self.today)]
            for mention in self.unit.mentions
        }

    @cached_property
    def section(self) -> tuple[Section, Sequence[Section]] | None:
        """The section of a policy that it names by its heading, and those that tell the same of something else."""
        return named_section(named(self.unit), self.sources)

    @cached_property
    def beside(self) -> frozenset[Unit]:
        """The units that tell of something else than the section it names."""
        return frozenset(unit for other in (self.section or (None, ()))[1] for unit in other.units)

    def says(self, section: str, *, words: str = "grammar") -> bool:
        """Whether it holds a phrase of that section of a word list."""
        return bool(self.unit.has(section, words=words))

    def finding(self, rule: str, severity: Severity, reason: str) -> Finding:
        """A finding about it."""
        return Finding(rule, severity, self.claim.part, self.text, reason)
