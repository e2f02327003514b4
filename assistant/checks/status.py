"""What is told as having happened must have happened, by a record of the same order."""

from collections.abc import Iterable

import regex

from assistant.checks.events import Event, State, events, excludes, implies, is_grave
from assistant.checks.findings import Sentence
from assistant.checks.sources import Source
from assistant.checks.subjects import speaks_of
from assistant.outcome import Finding, Severity
from assistant.reading.passage import Unit, read

_SHORT = 3
_NO = regex.compile(r"(?P<key>[\p{L}_ ]{3,40}):\s?(?:no|none|false|not \p{L}+)\b", regex.IGNORECASE)


def check_status(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every event that the records tell otherwise or do not tell."""
    if sentence.text.rstrip().endswith("?"):
        return
    yield from _refused(sentence)
    records = [(source, unit) for source, unit in sentence.sources.units if source.is_record]
    for event in events(sentence.unit):
        about = _named([pair for pair in records if speaks_of(sentence, event.at.start, *pair)], sentence, event)
        told = [(source, other) for source, unit in about for other in events(unit, record=True)]
        if event.state is State.DONE and not _general(sentence, event):
            yield from _done(sentence, event, told)
        elif event.state is State.NOT and not _general(sentence, event):
            yield from _denied(sentence, event, told)


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
    named = [(s, unit) for s, unit in records if any(map(unit.names, names)) and events(unit, record=True)]
    return named or records


def _done(sentence: Sentence, event: Event, told: list[tuple[Source, Event]]) -> Iterable[Finding]:
    name = event.name.replace("_", " ")
    if any(other.state is State.DONE and implies(other.name, event.name) for _, other in told):
        return
    told = [(source, other) for source, other in told if excludes(other, event)]
    if not told and (not is_grave(event.name) or not _perfect(sentence, event)):
        return
    if any(_says_so(unit, event) or _hints(sentence, unit, event) for _, unit in sentence.sources.units if not told):
        return
    if told:
        source, other = told[0]
        reason = f"{source.id} does not say {name}; it says {_words(other)}"
    else:
        reason = f"no record says that this is {name}"
    yield sentence.finding("status", Severity.BLOCK, reason)


def _denied(sentence: Sentence, event: Event, told: list[tuple[Source, Event]]) -> Iterable[Finding]:
    if any(other.name == event.name and other.state is not State.DONE for _, other in told):
        return
    for source, other in told:
        if other.state is State.DONE and other.name == event.name:
            yield sentence.finding("status", Severity.BLOCK, f"{source.id} says the opposite: {_words(other)}")
            return


def _says_so(unit: Unit, event: Event) -> bool:
    return any(
        other.name == event.name and other.state is State.DONE and _is_perfect(unit, other) for other in events(unit)
    )


def _hints(sentence: Sentence, unit: Unit, event: Event) -> bool:
    """Whether a line tells of it in a noun or in a form of the same word ("credit of 74.20 booked"), and as done."""
    if event.name == "refunded" or _is_open(unit):
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
    return _is_perfect(sentence.unit, event)


def _is_perfect(unit: Unit, event: Event) -> bool:
    """Whether it is told of one case ("has been", "was", "we have"), not as a rule ("are", "is")."""
    helpers = unit.has("perfect", words="claims")
    at = event.at
    return any(
        0 <= at.start - helper.end <= 4
        or 0 <= helper.start - at.end <= 1
        or (helper.start < at.end and at.start < helper.end)
        for helper in helpers
    )


def _general(sentence: Sentence, event: Event) -> bool:
    """Whether the word only describes ("returned items") and a policy is quoted."""
    policies = [unit for source, unit in sentence.sources.units if not source.is_record]
    if _perfect(sentence, event):
        after = sentence.unit.words[event.at.end : event.at.end + 1]
        return len(policies) == len(sentence.sources.units) and after in (["items"], ["orders"], ["goods"])
    if len(policies) == len(sentence.sources.units):
        return True
    return any(other.name == event.name for unit in policies for other in events(unit))
