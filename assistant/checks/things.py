"""Which of several things in the records a sentence speaks of: its words, names and values must be those of one.

A record often tells of several orders, claims, cards or visits, each in an entry of its own. A value that stands in one
entry only, beside words that only another one has, was taken from the wrong one; so was a reference told of a thing
that its entry does not name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.checks.findings import Sentence
from assistant.checks.matching import comparable
from assistant.checks.sources import Source, Told
from assistant.outcome import Finding, Severity
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit, small_words
from assistant.reading.tokens import stem

_KINDS = (Kind.DATE, Kind.MONEY, Kind.TIME, Kind.WEEKDAY)
_NUMBERED = (Kind.ID, Kind.NUMBER)
_MARKS = frozenset((".", ";", "!", "?", ":"))
_SHORT = 2


@dataclass(frozen=True, eq=False)
class Entry:
    """What a record tells of one thing: a sentence with the parts of it between semicolons."""

    source: Source
    units: Sequence[Unit]

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems and topics of all that it says, but the words that stand everywhere."""
        return frozenset(word for unit in self.units for _, word in _telling(unit))

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of its words with a capital that neither open a part nor stand in a value."""
        return frozenset(name for unit in self.units for name in _names(unit))


@lru_cache(maxsize=256)
def entries(source: Source) -> Sequence[Entry]:
    """The entries of a record in order."""
    groups: list[list[Unit]] = []
    for unit in source.reading.units:
        if groups and unit.opening is not None and not _opens_a_thing(unit):
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return [Entry(source, units) for units in groups]


def entry_of(source: Source, unit: Unit) -> Entry:
    """The entry to which a unit belongs."""
    return next(entry for entry in entries(source) if unit in entry.units)


def check_things(sentence: Sentence) -> Iterable[Finding]:
    """At most one finding: a value of another entry than the sentence's words, a reference of another thing."""
    if sentence.text.rstrip().endswith("?"):
        return
    strange = _names_of_two(sentence)
    if strange is not None:
        yield sentence.finding("attachment", Severity.BLOCK, f"“{strange}” is told of another in the records")
        return
    for mention in sentence.unit.mentions:
        places = sentence.told[mention]
        if not places or not all(item.source.is_record for item in places):
            continue
        rival = _of_another_entry(sentence, mention, places) if mention.kind in (*_KINDS, *_NUMBERED) else None
        if rival is not None:
            reason = f"{rival.source.id} says {rival.mention.text} of this, {mention.text} of something else"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return
        if mention.kind is Kind.ID and _of_another_name(sentence, places):
            reason = f"{places[0].source.id} names {mention.text} of something else"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return


def _of_another_entry(sentence: Sentence, mention: Mention, places: Sequence[Told]) -> Told | None:
    """The value of the entry whose words the sentence has, where the entry of its own value shares none of them."""
    own = [entry_of(item.source, item.unit) for item in places]
    if len({id(entry) for entry in own}) != 1 or not own[0].words or mention.unit.startswith("relative"):
        return None
    if any(item.unit in own[0].units for m, items in sentence.told.items() if m is not mention for item in items):
        return None
    told = _telling(sentence.unit)
    shared = {word for _, word in told} & own[0].words
    said = {word for i, word in told if not sentence.parted(min(i, mention.first), max(i, mention.first))} - shared
    if mention.kind in _NUMBERED:
        said -= {word for source, unit in sentence.sources.units if not source.is_record for word in unit.content}
    others = [entry for entry in entries(own[0].source) if said & entry.words and shared <= entry.words]
    if len(others) != 1:
        return None
    values = [Told(others[0].source, unit, other) for unit in others[0].units for other in unit.mentions]
    if mention.kind in _NUMBERED:
        labels = {_label(item) for item in places} - {""}
        return next((item for item in values if item.mention.kind is mention.kind and _label(item) in labels), None)
    return next((item for item in values if comparable(mention, item)), None)


def _label(item: Told) -> str:
    """The word right before a number or a reference, which says of what it is one: "ending 5129", "claim CL-7790"."""
    before = item.unit.tokens[item.mention.first - 1 : item.mention.first] if item.mention.first else []
    return stem(before[0].word) if before and before[0].kind == "word" else ""


def _names_of_two(sentence: Sentence) -> str | None:
    """A name that one entry alone has, beside another that only an entry of the same sort has."""
    if sentence.unit.language == "de":
        return None
    every = [entry for source in sentence.sources.cited if source.is_record for entry in entries(source)]
    held = []
    for index, name in sentence.names:
        holders = [entry for entry in every if name in entry.words]
        if len(holders) == 1 and name in holders[0].names:
            held.append((index, name, holders[0]))
    for at, _, one in held:
        for index, _, other in held:
            if at < index and one is not other and _alike(one, other) and not sentence.parted(at, index):
                token = sentence.unit.tokens[index]
                return sentence.text[token.start : token.end]
    return None


def _alike(one: Entry, other: Entry) -> bool:
    """Whether two entries are of one sort: they open with one word, or each opens a record of its own."""
    if one.source is other.source:
        return one.units[0].stems[:1] == other.units[0].stems[:1]
    return one is entries(one.source)[0] and other is entries(other.source)[0]


def _of_another_name(sentence: Sentence, places: Sequence[Told]) -> bool:
    """Whether all that names a reference names things too, and none of those of which the sentence speaks."""
    said = {name for _, name in sentence.names}
    known = {name for item in places for entry in entries(item.source) for name in entry.names}
    meant = said & known
    if not meant or any(item.source.reading.language == "de" for item in places):
        return False
    own = [entry_of(item.source, item.unit).names for item in places]
    return all(names and not names & said for names in own)


def _telling(unit: Unit) -> Sequence[tuple[int, str]]:
    """The stems and topics that may tell one entry from another, with their tokens: none of values and small words."""
    nothing = small_words(unit.language)
    values = {i for m in unit.mentions for i in range(m.first, m.last)}
    stems = [
        (i, unit.stems[i])
        for i, token in enumerate(unit.tokens)
        if token.kind == "word" and len(token.word) > _SHORT and token.word not in nothing and i not in values
    ]
    return [*stems, *((hit.start, f":{hit.name}") for hit in unit.topics)]


def _opens_a_thing(unit: Unit) -> bool:
    """Whether a part after a semicolon begins with how many of something there are, or with its reference."""
    return bool(unit.content) and any(m.first <= 1 and m.kind in (Kind.NUMBER, Kind.ID) for m in unit.mentions)


def _names(unit: Unit) -> Iterable[str]:
    told = {i for mention in unit.mentions for i in range(mention.first, mention.last)}
    for i, token in enumerate(unit.tokens):
        if i and i not in told and unit.text[token.start].isupper() and unit.words[i - 1] not in _MARKS:
            yield unit.stems[i]
