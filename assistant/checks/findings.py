"""A sentence on the bench: what it says, what it rests on, and how a finding about it is written."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assistant.checks.facts import Facts
from assistant.checks.sources import Sources, sources_for
from assistant.outcome import Claim, Finding, Part, Severity
from assistant.reading.mentions import Kind
from assistant.reading.passage import Unit, language_of, read


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
        language = language_of(self.text, self.facts.language or "en")
        return read(self.text, self.today, language, whole=True).units[0]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The reference numbers that it names."""
        return frozenset(str(value) for m in self.unit.mentions if m.kind is Kind.ID for value in m.values)

    @cached_property
    def sources(self) -> Sources:
        """What it rests on."""
        return sources_for(self.claim, self.facts)

    def says(self, section: str, *, words: str = "grammar") -> bool:
        """Whether it holds a phrase of that section of a word list."""
        return bool(self.unit.has(section, words=words))

    def finding(self, rule: str, severity: Severity, reason: str) -> Finding:
        """A finding about it."""
        return Finding(rule, severity, self.claim.part, self.text, reason)
