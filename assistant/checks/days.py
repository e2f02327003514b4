"""Which event a day belongs to: in "credited Monday 11 May" the day is that of the credit, whatever else is near."""

from collections.abc import Sequence

from assistant.checks.events import Event, State, events, implies
from assistant.checks.findings import Sentence
from assistant.checks.sources import Told
from assistant.checks.subjects import speaks_of
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_PAID_BACK = frozenset(("refunded", "issued", "credited"))
# What happens on one day only, other than what is sent by one and received by the other.
_DECIDED = frozenset((*_PAID_BACK, "approved", "declined", "booked", "cancelled", "paid", "repaired"))
_DAYS = (Kind.DATE, Kind.WEEKDAY)
_FROM = frozenset(("from", "von", "vom", "de", "del", "du"))
_TO = frozenset(("to", "auf", "zum", "a", "al", "au", "à"))
# Between an event and its day stands no more than this.
_FILLERS = frozenset(("on", "the", ":", ",", "(", "am", "den", "dem", "vom", "el", "día", "le", "du", "at", "since"))


def is_its_day(sentence: Sentence, mention: Mention, best: Told, rival: Told) -> bool:
    """Whether a record tells the one day, not the other, right beside the event that the sentence tells."""
    event = _event_told(sentence, mention)
    if event is None or event.name not in _DECIDED or rival.source is not best.source:
        return False
    return _is_day_of(best, event.name) and not _is_day_of(rival, event.name)


def is_end_of_move(sentence: Sentence, mention: Mention) -> bool:
    """Whether it is told from or to which day something was moved, and not on which: "from 11 July to 18 September"."""
    if mention.kind not in _DAYS:
        return False
    days = [m for m in sentence.unit.mentions if m.kind in _DAYS]
    starts = [m for m in days if _word_before(sentence.unit, m) in _FROM]
    ends = [m for m in days if _word_before(sentence.unit, m) in _TO]
    pairs = ((one, other) for one in starts for other in ends if one.last <= other.first)
    around = (pair for pair in pairs if pair[0].first <= mention.first <= pair[1].last)
    return any(not sentence.parted(one.last, other.first) for one, other in around)


def _word_before(unit: Unit, mention: Mention) -> str:
    return unit.words[mention.first - 1] if mention.first else ""


def is_day_of_event(item: Told) -> bool:
    """Whether a record tells right before the day what happened on it: "postponed on 22 June"."""
    return item.source.is_record and _event_before(item.unit, item.mention) is not None


def day_told(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> Told | None:
    """The day that a record tells of the event instead, if the sentence has another that is not told of it."""
    event = _event_told(sentence, mention)
    if event is None or event.name not in _DECIDED or mention.kind is not Kind.DATE:
        return None
    if any(not item.source.is_record or _is_near(item, event) for item in own):
        return None
    told = [i for i in sentence.sources.told if i.mention.kind is Kind.DATE and _of_same_subject(sentence, mention, i)]
    return next((item for item in told if _is_day_of(item, event.name)), None)


def _of_same_subject(sentence: Sentence, mention: Mention, item: Told) -> bool:
    return item.source.is_record and speaks_of(sentence, mention.first, item.source, item.unit)


def _is_near(item: Told, event: Event) -> bool:
    """Whether the line of the day tells of the event, or of one that makes it true."""
    told = events(item.unit, record=True)
    return any(implies(other.name, event.name) or implies(event.name, other.name) for other in told)


def _event_told(sentence: Sentence, mention: Mention) -> Event | None:
    """The one event of the clause of the day, told as done."""
    if mention.kind not in _DAYS:
        return None
    found = {event.name: event for event in events(sentence.unit) if not _parted(sentence, mention, event)}
    event = next(iter(found.values()), None)
    return event if len(found) == 1 and event is not None and event.state is State.DONE else None


def _parted(sentence: Sentence, mention: Mention, event: Event) -> bool:
    """Whether a clause ends between the two; the commas around a day end none ("am Montag, 4. Mai, angewiesen")."""
    around = {
        i for m in sentence.unit.mentions if m.kind in _DAYS for i in (m.first - 1, *range(m.first, m.last), m.last)
    }
    start, end = min(event.at.start, mention.first), max(event.at.start, mention.first)
    return any(sentence.parted(i, i + 1) for i in range(start, end) if i not in around)


def _is_day_of(item: Told, name: str) -> bool:
    if not item.source.is_record or item.mention.kind not in _DAYS:
        return False
    told = _event_before(item.unit, item.mention)
    if told is None or told.state is not State.DONE:
        return False
    return told.name == name or {told.name, name} <= _PAID_BACK


def _event_before(unit: Unit, mention: Mention) -> Event | None:
    """The event right before a day, weekdays and small words between aside."""
    weekdays = {i for m in unit.mentions if m.kind is Kind.WEEKDAY for i in range(m.first, m.last)}
    ends = {event.at.end: event for event in events(unit, record=True)}
    at = mention.first
    while at > 0:
        if at in ends:
            return ends[at]
        if at - 1 not in weekdays and unit.words[at - 1] not in _FILLERS:
            return None
        at -= 1
    return None
