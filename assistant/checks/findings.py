"""A sentence on the bench: what it says, what it rests on, and how a finding about it is written."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assistant.checks.facts import Facts
from assistant.checks.sources import Sources, sources_for
from assistant.outcome import Claim, Finding, Part, Severity
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit, language_of, read, small_words


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
    def names(self) -> list[tuple[int, str]]:
        """Words with a capital that the cited sources write with one too, by token: names of products, places, tiers."""
        written = {
            self.text[t.start : t.end]: i for i, t in reversed(list(enumerate(self.unit.tokens))) if t.kind == "word"
        }
        told = {unit.text[t.start : t.end] for _, unit in self.sources.units for t in unit.tokens if t.kind == "word"}
        small = small_words(self.unit.language)
        topics = (
            {index for hit in self.unit.topics for index in range(hit.start, hit.end)}
            if self.unit.language == "de"
            else set()
        )
        return sorted(
            (index, self.unit.words[index])
            for word, index in written.items()
            if len(word) > 2
            and word[0].isupper()
            and word in told
            and self.unit.words[index] not in small
            and index not in topics
        )

    def names_beside(self, mention: Mention) -> list[str]:
        """The names nearest to a value: those with no other value of its kind between, or all if there are none."""
        others = [m.first for m in self.unit.mentions if m.kind is mention.kind and m is not mention]
        near = [
            word
            for index, word in self.names
            if not any(min(index, mention.first) < other < max(index, mention.first) for other in others)
        ]
        return near or [word for _, word in self.names]

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
