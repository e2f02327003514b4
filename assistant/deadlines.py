"""By when a sentence says that something will be done: a day, a time of day, or so long from now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import regex

from assistant.led_by import comes_before, is_led, is_led_by_at, is_long_past, is_of_a_thing
from assistant.reading.lexicon import LANGUAGES, Hit, Phrases, phrases_of
from assistant.reading.mentions import Day, Kind, Mention
from assistant.reading.passage import Unit, language_of, read

BUSINESS_DAY = "business_day"
_SPANS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_COUNTED = frozenset({*_SPANS, BUSINESS_DAY})
_WITHIN_A_DAY = frozenset(("second", "minute", "hour"))
_DAY = timedelta(days=1)
# "by 4/12": a day and a month without a year, which English writes in either order.
_SLASHED = regex.compile(r"(?<![\w/.,-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/-]|[.,]\d)")
_NEXT_WEEK = frozenset(("next", "nächsten", "nächster", "nächste"))
_AFTER_IT = frozenset(("prochain",))
_LONG_PAST = 180  # days: a day without a year that is longer ago is next year's
_WEEK = 7
_FRIDAY, _SATURDAY = 4, 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """A `day`, perhaps with the `minute` of it; or a `minute` of this day or the next; or `count` of a `unit` from now.

    `said` is how the sentence puts it. `or_else` is another day that it may mean as well: "4/12"; `day` is the earlier.
    """

    said: str
    day: date | None = None
    minute: int | None = None
    count: Decimal = Decimal(0)
    unit: str = ""
    or_else: date | None = None

    @property
    def span(self) -> timedelta | None:
        """How long from now, where that is said and does not depend on when somebody works."""
        length = _SPANS.get(self.unit)
        return length * float(self.count) if length is not None else None

    @property
    def to_the_minute(self) -> bool:
        """Whether the span is counted from the very moment, and not from day to day."""
        return self.unit in _WITHIN_A_DAY

    def last_day(self, today: date) -> date:
        """The last day on which it is kept; working days are Monday to Friday."""
        if self.day is not None:
            return self.day
        if self.unit == BUSINESS_DAY:
            return _working_days_after(today, int(self.count))
        return today + (self.span or timedelta())


def deadline_of(sentence: str, today: date, language: str | None = None) -> Deadline | None:
    """When it will be done at the latest, as the sentence says it; None if it does not.

    Days that are past, spans of time that are no time from now ("a two-year warranty") and the dates of orders are
    none. Of several the last one counts, but before all others one that is led by a word such as "by" or "within".

    Args:
        sentence: What was said.
        today: The day on which, where it was said.
        language: Its language, where that is known.
    """
    unit = read(sentence, today, language_of(sentence, language or "en"), whole=True).units[0]
    found = [*_ends(unit, today), *_spoken_spans(unit), *_slashed(unit, today), *_feasts(unit, today)]
    times = [mention for mention in unit.mentions if mention.kind is Kind.TIME]
    minute = max((int(str(value)) for value in times[-1].values), default=None) if times else None
    led = [item for item in found if is_led(unit, item[0])] or found
    if not led:
        at = Deadline(times[-1].text, minute=minute) if times and is_led_by_at(unit, times[-1].first) else None
        return _end_of(unit, today) or at
    first, end = max(led, key=lambda item: (item[1].last_day(today), item[0]))
    if end.day is None or minute is None:
        return end
    start, until = min(unit.tokens[first].start, times[-1].start), times[-1].end
    after = sentence.find(end.said, unit.tokens[first].start)
    return Deadline(sentence[start : max(until, after + len(end.said))], end.day, minute, or_else=end.or_else)


def _ends(unit: Unit, today: date) -> Iterable[tuple[int, Deadline]]:
    """The days and spans that it names, each with its first token."""
    for mention in unit.mentions:
        first = _first_of(unit, mention)
        if mention.kind is Kind.DATE and not is_of_a_thing(unit, mention):
            yield from ((first, end) for end in _of_date(unit, mention, today))
        elif mention.kind is Kind.WEEKDAY:
            day = _weekday(unit, mention, today)
            yield first, Deadline(mention.text, max(day - _DAY, today) if comes_before(unit, first) else day)
        elif _is_counted(mention) and is_led(unit, first):
            count = max(value for value in mention.values if isinstance(value, Decimal))
            yield first, Deadline(mention.text, count=count, unit=mention.unit)


def _is_counted(mention: Mention) -> bool:
    return mention.kind is Kind.DURATION and mention.unit in _COUNTED and mention.span != "low"


def _first_of(unit: Unit, mention: Mention) -> int:
    """The first token of a mention, or of the range that it ends."""
    if mention.span != "high":
        return mention.first
    return min(m.first for m in unit.mentions if m.span == "low" and m.last <= mention.first)


def _of_date(unit: Unit, mention: Mention, today: date) -> Iterable[Deadline]:
    named = [value for value in mention.values if isinstance(value, Day)]
    if not mention.unit and unit.language != "en" and "/" in mention.text:
        first, second = mention.text.split("/")[:2]
        named = [value for value in named if (value.day, value.month) == (int(first), int(second))] or named
    days = [day for value in named if (day := _coming(value, today))]
    if not days:
        return
    if comes_before(unit, mention.first):
        begins = min(days).replace(day=1) if all(value.day is None for value in named) else min(days)
        yield Deadline(mention.text, max(begins - _DAY, today))
    elif mention.unit:  # "this week" holds seven days: the whole span
        yield Deadline(mention.text, max(days))
    else:  # "03/04/2026" may be two days: the earlier, and both are told
        two = len(set(days)) > 1 and "/" in mention.text
        yield Deadline(mention.text, min(days), or_else=max(days) if two else None)


def _weekday(unit: Unit, mention: Mention, today: date) -> date:
    """The coming one; "next Friday", said in the week of another Friday that is to come, is the one after that."""
    ahead = min((int(str(day)) - today.weekday() - 1) % _WEEK + 1 for day in mention.values)
    before, after = unit.words[: mention.first][-1:], unit.words[mention.last :][:1]
    if not (_NEXT_WEEK.isdisjoint(before) and _AFTER_IT.isdisjoint(after)) and today.weekday() + ahead < _WEEK:
        ahead += _WEEK
    return today + timedelta(days=ahead)


def _spoken_spans(unit: Unit) -> Iterable[tuple[int, Deadline]]:
    """Spans without a number: "within a fortnight", "in a few days", "within the hour"."""
    for hit in _found(unit, "spans"):
        if is_led(unit, hit.end - 1) and not is_long_past(unit, hit.start):
            count, name = hit.name.split()
            yield hit.start, Deadline(_text_of(unit, hit), count=Decimal(count), unit=name)


def _slashed(unit: Unit, today: date) -> Iterable[tuple[int, Deadline]]:
    """A day and a month with a slash between. Of two that it may mean the earlier one counts, and both are told."""
    for match in _SLASHED.finditer(unit.text):
        first = next(index for index, token in enumerate(unit.tokens) if token.end > match.start())
        a, b = int(match["a"]), int(match["b"])
        readings = [Day(b, a), Day(a, b)] if unit.language == "en" else [Day(b, a)]
        days = sorted({day for one in readings if (day := _coming(one, today)) is not None})
        if days and is_led(unit, first):
            early = timedelta(days=1 if comes_before(unit, first) else 0)
            yield first, Deadline(match.group(), max(days[0] - early, today), or_else=days[-1] if days[1:] else None)


def _feasts(unit: Unit, today: date) -> Iterable[tuple[int, Deadline]]:
    """Days that have a name: "before Christmas"."""
    for hit in _found(unit, "feasts"):
        month, number = hit.name.split()
        day = _coming(Day(int(month), int(number)), today)
        if day is not None and is_led(unit, hit.start):
            until = max(day - _DAY, today) if comes_before(unit, hit.start) else day
            yield hit.start, Deadline(_text_of(unit, hit), until)


def _end_of(unit: Unit, today: date) -> Deadline | None:
    """The end of the day, of the week or of the month."""
    hit = next(iter(_found(unit, "end_of")), None)
    if hit is None:
        return None
    days = {
        "day": today,
        "week": today + timedelta(days=(_FRIDAY - today.weekday()) % _WEEK),
        "month": _last_of(today.month, today.year),
    }
    return Deadline(_text_of(unit, hit), days[hit.name])


def _found(unit: Unit, section: str) -> Sequence[Hit]:
    return _phrases().find(unit.words).get(f"promises/{section}", ())


def _text_of(unit: Unit, hit: Hit) -> str:
    return unit.text[unit.tokens[hit.start].start : unit.tokens[hit.end - 1].end]


@cache
def _phrases() -> Phrases:
    return phrases_of("promises", ("end_of", "spans", "feasts"), LANGUAGES)


def _coming(day: Day, today: date) -> date | None:
    """The day that is meant, if it is not past; of a month its last day."""
    years: Sequence[int] = (day.year,) if day.year else (today.year, today.year + 1)
    for year in years:
        meant = _last_of(day.month, year) if day.day is None else Day(day.month, day.day, year).as_date()
        if meant is not None and meant >= today:
            return meant
        if meant is not None and (today - meant).days <= _LONG_PAST:
            return None
    return None


def _last_of(month: int, year: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _working_days_after(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
