"""What is told as having happened must have happened, by a record of the same order."""

from collections import Counter
from collections.abc import Iterable

import regex

from assistant.checks.acted import stands_behind
from assistant.checks.alignment import content_between
from assistant.checks.events import Event, State, events, excludes, implies, is_grave, is_perfect
from assistant.checks.findings import Sentence
from assistant.checks.sources import Source
from assistant.checks.subjects import speaks_of
from assistant.checks.things import entry_of
from assistant.outcome import Finding, Severity
from assistant.reading.mentions import Kind
from assistant.reading.passage import Unit, read

_SHORT = 3
_IF = frozenset(("if", "when", "unless", "wenn", "falls", "sofern", "si", "cuando", "lorsque", "quand", "sauf"))
# "It counts as delivered" tells what a rule takes it for.
_COUNTS = frozenset(("counts", "count", "deemed", "considered", "gilt", "gelten", "considera", "considéré"))
_ALREADY = frozenset(("already", "schon", "bereits", "ya", "déjà"))
_UNSURE = ("negation", "not_yet", "possible", "condition", "subordinate")
_DEED = 6
_WE = frozenset(("we", "we've", "wir", "hemos", "he", "avons", "ai", "i've"))
# What we may say of ourselves without a record: that a message was read.
_LIGHT = frozenset(
    (
        *("received", "processing", "requested", "pending", "delayed", "resolved", "carried_out", "lost"),
        *("closed", "opened", "active"),
    )
)
_PART = frozenset(("part", "parts", "one", "teil", "teile", "parte", "partie", "some", "first"))
# A line that tells of one of these tells of something begun, not of what it is for.
_BEGUN = frozenset(("booked", "opened", "requested", "pending", "processing", "preordered"))
# Words for us and for whom we speak to.
_YOURS = frozenset(
    (
        *("you", "your", "yours", "you've", "you're", "we", "we've", "i", "i've"),
        *("sie", "ihr", "ihre", "ihren", "ihrem", "ihrer", "ihnen", "du", "dein", "deine", "deinen", "dir", "wir"),
        *("tu", "tus", "te", "su", "sus", "le", "usted", "ustedes", "hemos", "he", "tienes", "has"),
        *("vous", "votre", "vos", "ton", "ta", "tes", "nous"),
    )
)
# What becomes of an amount rather than of what was ordered for it.
_OF_AMOUNTS = frozenset(("paid", "refunded", "credited", "approved", "declined"))
# Before a participle these tell of any such thing, in the Romance languages with the noun between ("un colis perdu").
_ANY_BEFORE = frozenset(("a", "an", "any", "every", "each", "ein", "eine", "einen", "einem", "einer", "jede", "jeder"))
_ANY_AROUND = frozenset(("un", "una", "une"))
_NO = regex.compile(r"(?P<key>[\p{L}_ ]{3,40}):\s?(?:no|none|false|not \p{L}+)\b", regex.IGNORECASE)


def check_status(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every event that the records tell otherwise or do not tell."""
    if sentence.text.rstrip().endswith("?"):
        return
    yield from _refused(sentence)
    records = [(source, unit) for source, unit in sentence.sources.units if source.is_record]
    for event in events(sentence.unit):
        if _is_supposed(sentence.unit, event):
            continue
        about = [pair for pair in records if _tells_of(event, *pair) and speaks_of(sentence, event.at.start, *pair)]
        about = _named(about, sentence, event)
        about = [pair for pair in about if not _in_part(sentence, pair[1])] or about
        told = [(source, other) for source, unit in about for other in events(unit, record=True)]
        if event.state is State.DONE and not _general(sentence, event):
            yield from _done(sentence, event, told)
        elif event.state is State.NOT and not _general(sentence, event):
            yield from _denied(sentence, event, told)
    yield from _already(sentence)


def _is_supposed(unit: Unit, event: Event) -> bool:
    """Whether it stands in an if-clause, or follows one as what a rule makes of it ("then it counts as lost")."""
    conditions = [hit for hit in unit.has("condition") if unit.words[hit.start] in _IF and hit.end <= event.at.start]
    opened = [hit for hit in conditions if hit.start <= 1 or unit.words[hit.start - 1] == ","]
    if any(not {",", ";", "."} & set(unit.words[hit.end : event.at.start]) for hit in opened):
        return True
    return bool(opened) and bool(_COUNTS & set(unit.words[max(0, event.at.start - _SHORT) : event.at.end + 1]))


def _already(sentence: Sentence) -> Iterable[Finding]:
    """What is "already" so, in words that no closed line of the records has: it may be planned only."""
    unit = sentence.unit
    records = [entry for source, entry in sentence.sources.units if source.is_record]
    marks = [index for index, word in enumerate(unit.words) if word in _ALREADY]
    values = any(item.source.is_record for items in sentence.told.values() for item in items)
    unsure = any(unit.has(section) for section in _UNSURE) or unit.has("will", words="events")
    if not marks or not records or unsure or not _is_of_customer(unit):
        return
    told = {event.name for entry in records for event in events(entry, record=True) if event.state is State.DONE}
    if any(implies(name, event.name) for event in events(unit) for name in told):
        return
    said = content_between(unit, marks[0] + 1, len(unit.words)) - {name for _, name in sentence.names}
    if not any(entry.language == unit.language for entry in records):
        said = frozenset(name for name in said if name[0] == ":")
    closed = [entry for entry in records if not _is_open(entry)]
    if said and not values and not any(said & (entry.content | set(entry.stems)) for entry in closed):
        yield sentence.finding("status", Severity.BLOCK, "no record says that this has happened already")


def _is_of_customer(unit: Unit) -> bool:
    """Whether it speaks to the customer, and not of what is so for everybody ("Tanken ist schon im Preis drin")."""
    return bool(_YOURS & set(unit.words)) or any(mention.kind is Kind.ID for mention in unit.mentions)


def _refused(sentence: Sentence) -> Iterable[Finding]:
    """What a record answers with "no" ("accepted: no"), told as if it were so."""
    unit = sentence.unit
    if unit.has("will", words="events") or any(mention.unit.startswith("relative") for mention in unit.mentions):
        return
    if unit.has("negation") or unit.has("condition") or unit.has("possible") or unit.has("not_yet"):
        return
    for source, entry in sentence.sources.units:
        for match in _NO.finditer(entry.text) if source.is_record else ():
            named = read(match["key"], sentence.today, entry.language, whole=True).units[0].content
            if named and named <= unit.content | set(unit.stems):
                yield sentence.finding("status", Severity.BLOCK, f"{source.id} says “{match.group()}”")
                return


def _named(records: list[tuple[Source, Unit]], sentence: Sentence, event: Event) -> list[tuple[Source, Unit]]:
    """The records that tell what became of a thing that the sentence names; all, if none does."""
    names = set(sentence.names_beside(event.at.start))
    every = frozenset().union(*(_numbered(unit) for _, unit in records))
    several = Counter(name for name, _ in every)
    labels = {pair for pair in _numbered(sentence.unit) & every if several[pair[0]] > 1}
    records = [(s, unit) for s, unit in records if labels & _all_numbered(unit)] or records
    if event.name in _OF_AMOUNTS:
        records = _of_its_values(sentence, records) or records
    named = [(s, unit) for s, unit in records if any(map(unit.names, names)) and events(unit, record=True)]
    return named or records


def _of_its_values(sentence: Sentence, records: list[tuple[Source, Unit]]) -> list[tuple[Source, Unit]]:
    """The lines of the entries in which alone an amount of the sentence stands, where those tell of events."""
    amounts = (items for mention, items in sentence.told.items() if mention.kind is Kind.MONEY and items)
    told = [items for items in amounts if all(item.source.is_record for item in items)]
    if len(told) != 1:
        return []
    entries_ = {id(entry_of(item.source, item.unit)) for item in told[0]}
    found = [(s, unit) for s, unit in records if id(entry_of(s, unit)) in entries_]
    return found if any(events(unit, record=True) for _, unit in found) else []


def _numbered(unit: Unit) -> frozenset[tuple[str, str]]:
    """Things told apart by a number after their name: "shipment 1", "order 80377"."""
    counted = {mention.first for mention in unit.mentions if mention.kind in (Kind.NUMBER, Kind.ID)}
    return frozenset(
        (unit.stems[i - 1], unit.words[i])
        for i in counted
        if i and unit.tokens[i - 1].kind == "word" and len(unit.words[i - 1]) > _SHORT
    )


def _all_numbered(unit: Unit) -> frozenset[tuple[str, str]]:
    """Those of a line and, where it has none of its own of that name, of the lines above it."""
    own = _numbered(unit)
    above = frozenset(pair for heading in unit.headings for pair in _numbered(heading))
    return own | frozenset(pair for pair in above if pair[0] not in {name for name, _ in own})


def _in_part(sentence: Sentence, unit: Unit) -> bool:
    """Whether a line tells that something happened in part, which the sentence says neither so nor by its value."""
    if any(item.unit is unit for items in sentence.told.values() for item in items):
        return False
    partial = [{hit.name for hit in u.has("scope")} for u in (unit, sentence.unit)]
    return "partial" in partial[0] - partial[1] and not _PART & set(sentence.unit.words)


def _done(sentence: Sentence, event: Event, told: list[tuple[Source, Event]]) -> Iterable[Finding]:
    name = event.name.replace("_", " ")
    if any(other.state is State.DONE and implies(other.name, event.name) for _, other in told):
        return
    if stands_behind(sentence):
        return
    told = [(source, other) for source, other in told if excludes(other, event)]
    grave = is_grave(event.name) or (event.name not in _LIGHT and _ours(sentence, event))
    if not told and not (grave and _perfect(sentence, event)):
        return
    for source, unit in sentence.sources.units if not told else ():
        if _tells_of(event, source, unit) and (
            _says_so(unit, event) or (source.is_record and _hints(sentence, unit, event))
        ):
            return
    if told:
        source, other = told[0]
        reason = f"{source.id} does not say {name}; it says {_words(other)}"
    else:
        reason = f"no record says that this is {name}"
    yield sentence.finding("status", Severity.BLOCK, reason)


def _tells_of(event: Event, source: Source, unit: Unit) -> bool:
    """Whether such a line can tell of such an event: a note on an order pays nobody."""
    return event.name not in _OF_AMOUNTS or unit not in source.noted


def _ours(sentence: Sentence, event: Event) -> bool:
    """Whether it is told as our own deed: "we have blocked it"."""
    unit = sentence.unit
    return any(word in _WE for word in unit.words[max(0, event.at.start - _DEED) : event.at.end]) and not any(
        sentence.parted(i, event.at.start) for i in range(event.at.start) if unit.words[i] in _WE
    )


def _denied(sentence: Sentence, event: Event, told: list[tuple[Source, Event]]) -> Iterable[Finding]:
    if any(other.name == event.name and other.state is not State.DONE for _, other in told):
        return
    for source, other in told:
        if other.state is State.DONE and other.name == event.name:
            yield sentence.finding("status", Severity.BLOCK, f"{source.id} says the opposite: {_words(other)}")
            return


def _says_so(unit: Unit, event: Event) -> bool:
    return any(
        other.name == event.name and other.state is State.DONE and is_perfect(unit, other) for other in events(unit)
    )


def _hints(sentence: Sentence, unit: Unit, event: Event) -> bool:
    """Whether a line tells of it in a noun or in a form of the same word ("credit of 74.20 booked"), and as done."""
    if event.name == "refunded" or _is_open(unit) or _BEGUN & {other.name for other in events(unit, record=True)}:
        return False
    topics = {hit.name for hit in sentence.unit.topics if hit.start < event.at.end and event.at.start < hit.end}
    stems = {
        sentence.unit.stems[i] for i in range(event.at.start, event.at.end) if len(sentence.unit.words[i]) > _SHORT
    }
    return bool(topics & {hit.name for hit in unit.topics} or stems & set(unit.stems))


def _is_open(unit: Unit) -> bool:
    return bool(unit.has("open_marks", words="events") or unit.has("not_yet") or unit.has("negation"))


def _words(event: Event) -> str:
    name = event.name.replace("_", " ")
    return {
        State.DONE: name,
        State.NOT: f"not {name}",
        State.WILL: f"{name} still to come",
        State.MAY: f"{name} possible",
    }[event.state]


def _perfect(sentence: Sentence, event: Event) -> bool:
    return is_perfect(sentence.unit, event)


def _general(sentence: Sentence, event: Event) -> bool:
    """Whether the word only describes ("returned items") and a policy is quoted."""
    policies = [unit for source, unit in sentence.sources.units if not source.is_record]
    if policies and _describes(sentence.unit, event):
        return True
    if _perfect(sentence, event):
        after = sentence.unit.words[event.at.end : event.at.end + 1]
        return len(policies) == len(sentence.sources.units) and after in (["items"], ["orders"], ["goods"])
    if len(policies) == len(sentence.sources.units):
        return True
    return any(other.name == event.name for unit in policies for other in events(unit))


def _describes(unit: Unit, event: Event) -> bool:
    """Whether the word tells of any such thing, not of one that is known: "a lost parcel", "un colis perdu"."""
    start, end = event.at.start, event.at.end
    if end - start > 1 or not start:
        return False
    if unit.language in ("en", "de"):
        following = unit.tokens[end : end + 1]
        return unit.words[start - 1] in _ANY_BEFORE and bool(following) and following[0].kind == "word"
    return unit.words[max(0, start - 2)] in _ANY_AROUND and unit.tokens[start - 1].kind == "word"
