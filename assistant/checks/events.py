"""What a text says has happened, has not, will or can happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.reading.lexicon import Hit, word_list
from assistant.reading.passage import Unit

_REACH, _OBJECT = 7, 4
_WRITTEN = frozenset(
    ("request", "message", "enquiry", "report", "anfrage", "nachricht", "solicitud", "mensaje", "demande")
)
_MONEY = frozenset(("money", "geld", "dinero", "argent"))
_HANDED_OVER = frozenset(("paid", "processed", "issued", "carried_out", "shipped"))


class State(StrEnum):
    """How far an event is told to have come."""

    DONE = "done"
    NOT = "not"
    WILL = "will"
    MAY = "may"


@dataclass(frozen=True, slots=True)
class Event:
    """An event as a text tells it, at a token."""

    name: str
    state: State
    at: Hit


@cache
def _follows() -> Mapping[str, list[str]]:
    follows: Mapping[str, list[str]] = word_list("events")["follows"]
    return follows


@cache
def _alike() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in word_list("events")["alike"])


def implies(told: str, claimed: str) -> bool:
    """Whether an event that happened makes the claimed one true."""
    return told == claimed or claimed in _follows().get(told, ()) or frozenset((told, claimed)) in _alike()


@cache
def _tracks() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(names) for names in word_list("events")["tracks"])


def excludes(told: Event, claimed: Event) -> bool:
    """Whether what is told speaks against the claimed event: the same one otherwise, or another stage."""
    return implies(told.name, claimed.name) or any({told.name, claimed.name} <= track for track in _tracks())


def is_grave(name: str) -> bool:
    """Whether an event must not be claimed where no record tells of it."""
    return name in word_list("events")["grave"]


def is_perfect(unit: Unit, event: Event) -> bool:
    """Whether it is told of one case ("has been", "was", "we have"), not as a rule ("are", "is")."""
    helpers = unit.has("perfect", words="claims")
    at = event.at
    return any(
        0 <= at.start - helper.end <= 4
        or 0 <= helper.start - at.end <= 1
        or (helper.start < at.end and at.start < helper.end)
        for helper in helpers
    )


def events(unit: Unit, *, record: bool = False) -> list[Event]:
    """The events of a unit in order. In a `record` the marks of what is still open count as well."""
    hits = unit.has("forms", words="events")
    longest = [
        h
        for h in hits
        if not any(o.start <= h.start and h.end <= o.end and o.end - o.start > h.end - h.start for o in hits)
    ]
    longest = [hit for hit in longest if not (record and _stops_over(unit, hit)) and not _is_idle(unit, hit)]
    found = [Event(_meant(unit, hit), _state(unit, hit, record=record), hit) for hit in longest]
    return found + _told_by_noun(unit) if record else found


def _stops_over(unit: Unit, hit: Hit) -> bool:
    """Whether a record tells of a stop on the way: "arrived at sorting centre"."""
    return unit.words[hit.start : hit.end] == ["arrived"] and unit.words[hit.end : hit.end + 1] in (["at"], ["in"])


def _is_idle(unit: Unit, hit: Hit) -> bool:
    """Whether it names something, as the tariff "Fixed 18" does, or tells only that we read what was written to us."""
    if hit.name == "received" and _WRITTEN & set(unit.words[hit.end : hit.end + _OBJECT]):
        return True
    numbered = hit.start > 0 and unit.text[unit.tokens[hit.start].start].isupper() and unit.language != "de"
    return numbered and any(token.kind == "number" for token in unit.tokens[hit.end : hit.end + 1])


def _meant(unit: Unit, hit: Hit) -> str:
    """What happened: a refund that was paid or sent was refunded."""
    ends = [topic.end for topic in unit.topics if topic.name == "refunded"]
    ends += [index + 1 for index, word in enumerate(unit.words) if word in _MONEY]
    before = max((end for end in ends if 0 <= hit.start - end <= _REACH), default=None)
    spoken = before is not None and not _broken(unit, before, hit.start)
    return "refunded" if spoken and hit.name in _HANDED_OVER else hit.name


def _told_by_noun(unit: Unit) -> list[Event]:
    """A payment or refund that a record tells by a noun ("refund of 40.00 GBP: done"), unless it calls it open."""
    is_open = unit.has("open_marks", words="events") or unit.has("not_yet") or unit.has("negation")
    state = State.WILL if is_open else State.DONE
    is_done = unit.has("done_marks", words="events")
    return [
        Event(hit.name, state, hit) for hit in unit.topics if hit.name == "paid" or (hit.name == "refunded" and is_done)
    ]


def _state(unit: Unit, hit: Hit, *, record: bool) -> State:
    around = any(mark.start < hit.end and hit.start < mark.end for mark in unit.has("not_yet"))
    if around or _marked(unit, hit, "not_yet", reach_after=3) or _negated(unit, hit):
        return State.NOT
    if _marked(unit, hit, "possible") or _marked(unit, hit, "subordinate", reach=12):
        return State.MAY
    if _marked(unit, hit, "will", words="events") or (
        record and _marked(unit, hit, "open_marks", words="events", reach_after=4)
    ):
        return State.WILL
    return State.DONE


def _negated(unit: Unit, hit: Hit) -> bool:
    kept = [mark for mark in unit.has("conditions") if mark.end <= hit.start or hit.end <= mark.start]
    idle = unit.has("not_negation") + kept
    return any(
        _near(unit, hit, negation, reach=5, after=1) and not any(i.start <= negation.start < i.end for i in idle)
        for negation in unit.has("negation")
    )


def _marked(
    unit: Unit, hit: Hit, section: str, *, words: str = "grammar", reach: int = _REACH, reach_after: int = 0
) -> bool:
    return any(_near(unit, hit, mark, reach=reach, after=reach_after) for mark in unit.has(section, words=words))


def _near(unit: Unit, hit: Hit, mark: Hit, *, reach: int, after: int) -> bool:
    """Whether a mark stands shortly before (or, where that counts, after) the event, with no break between."""
    if mark.start < hit.end and hit.start < mark.end:
        return False
    if mark.end <= hit.start:
        return hit.start - mark.end <= reach and not _broken(unit, mark.end, hit.start)
    return mark.start - hit.end < after and not _broken(unit, hit.end, mark.start)


def _broken(unit: Unit, start: int, end: int) -> bool:
    return any(
        word in (";", ",", ".", "but", "aber", "pero", "mais", "and", "und", "y", "et", ":")
        for word in unit.words[start:end]
    )
