"""Which order (booking, account, …) a part of a sentence speaks of."""

from assistant.checks.findings import Sentence
from assistant.checks.sources import Source
from assistant.reading.mentions import Kind
from assistant.reading.passage import Unit

_JOINS = frozenset((",", ";", "and", "und", "y", "et", "but", "aber", "pero", "mais"))


def subject_at(sentence: Sentence, token: int) -> frozenset[str]:
    """The reference numbers that stand before the token, the last of them, or else those of its own clause."""
    named = [m for m in sentence.unit.mentions if m.kind is Kind.ID]
    before = [m for m in named if m.first <= token]
    if before:
        return frozenset(str(value) for value in before[-1].values)
    after = next((m for m in named if m.first > token), None)
    if after is None or (len(named) > 1 and _JOINS & set(sentence.unit.words[token : after.first])):
        return frozenset()
    return frozenset(str(value) for value in after.values)


def speaks_of(sentence: Sentence, token: int, source: Source, unit: Unit) -> bool:
    """Whether what a source says there is about the same thing as the sentence at that token, as far as it is named."""
    if not sentence.ids or not source.is_record:
        return True
    mine = subject_at(sentence, token) & sentence.sources.known_ids
    subjects = source.subjects[unit]
    return not subjects or not mine or bool(mine & subjects)
