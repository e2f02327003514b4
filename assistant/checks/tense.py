"""Whether a day is told as to come that is over, or as over that is to come."""

from collections.abc import Sequence
from datetime import date

from assistant.checks.events import State, events, is_grave
from assistant.checks.findings import Sentence
from assistant.checks.sources import Told
from assistant.reading.attachment import role, weigh
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Bound, Day, Kind, Mention

_DAYS = (Kind.DATE, Kind.WEEKDAY)
_UNTIL = ("until", "till", "by", "before", "bis", "vor", "hasta", "antes", "jusqu'au", "au", "avant")
_SINCE = ("since", "seit", "desde", "depuis")
_APART = frozenset((*_UNTIL, *_SINCE))
_AHEAD = frozenset(("expected", "promised", "delivery"))
_NAMED = 2  # a weekday and its date stand side by side


def mistimed(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> bool:
    """Whether the tense speaks against every place in `own` that names the day of `mention`."""
    if mention.kind not in _DAYS or mention.unit or mention.bound is Bound.UPPER:
        return False
    if mention.first and sentence.unit.words[mention.first - 1] in _APART:
        return False
    if _told_as_coming(sentence, mention):
        return all(_is_over(item, sentence.today) and not _still_told(mention, item) for item in own)
    return _against_another(sentence, mention, own)


def _told_as_coming(sentence: Sentence, mention: Mention) -> bool:
    """Whether the day's own clause looks ahead ("will arrive on Thursday") and not back ("was to arrive")."""

    def beside(hits: Sequence[Hit]) -> bool:
        return any(not sentence.parted(min(h.start, mention.first), max(h.end, mention.first)) for h in hits)

    unit = sentence.unit
    return beside(unit.has("coming", words="events")) and not beside(unit.has("gone", words="events"))


def _still_told(mention: Mention, item: Told) -> bool:
    """Whether the source itself calls the date the day it is expected on, though it has passed."""
    weights = weigh(item.unit, item.mention)
    return mention.kind is Kind.DATE and bool(role(item.unit, item.mention, weights, wide=True) & _AHEAD)


def _is_over(item: Told, today: date) -> bool:
    """Whether the place names a day gone by, or a weekday in words that look back ("last scanned on Thursday")."""
    day = _day_of(item) or _date_beside(item)
    if day is not None:
        return day < today
    unit = item.unit
    ahead = (
        unit.has("coming", words="events") or unit.has("will", words="events") or unit.has("open_marks", words="events")
    )
    back = unit.has("gone", words="events") or unit.has("looking_back", words="events")
    return item.mention.kind is Kind.WEEKDAY and item.source.is_record and bool(back) and not ahead


def _date_beside(item: Told) -> date | None:
    """The date that stands beside a weekday: "Thursday, 19 November 2026"."""
    if item.mention.kind is not Kind.WEEKDAY:
        return None
    near = (
        Told(item.source, item.unit, other)
        for other in item.unit.mentions
        if other.kind is Kind.DATE
        and (0 <= other.first - item.mention.last < _NAMED or 0 <= item.mention.first - other.last < _NAMED)
    )
    return next((day for day in map(_day_of, near) if day), None)


def _against_another(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> bool:
    """Whether a record names another day that the sentence's tense fits, while this one's it does not."""
    unit = sentence.unit
    if unit.counts[Kind.DATE] + unit.counts[Kind.WEEKDAY] > 1:
        return False
    happened = any(event.state is State.DONE and is_grave(event.name) for event in events(unit))
    to_come = bool(unit.has("will", words="events"))
    if happened == to_come or (to_come and unit.has("perfect", words="claims")):
        return False
    days = [_day_of(item) for item in own]
    others = [_day_of(i) for i in sentence.sources.told if i.source.is_record and i not in own]
    if to_come:
        return all(day and day < sentence.today for day in days) and any(d and d >= sentence.today for d in others)
    return all(day and day > sentence.today for day in days) and any(d and d <= sentence.today for d in others)


def _day_of(item: Told) -> date | None:
    """The one day that a source names in full."""
    day = next(iter(item.mention.values), None)
    return day.as_date() if len(item.mention.values) == 1 and isinstance(day, Day) else None
