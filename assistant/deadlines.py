"""By when a sentence says that something will be done: a day, a time of day, or so long from now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from assistant.reading.lexicon import LANGUAGES, Phrases, phrases_of, word_list
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
_NEAR = 4
_LONG_PAST = 180  # days: a day without a year that is longer ago is next year's
_WEEK = 7
_FRIDAY, _SATURDAY = 4, 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """A `day`, perhaps with the `minute` of it; or a `minute` of this day or the next; or `count` of a `unit` from now.

    `said` is how the sentence puts it.
    """

    said: str
    day: date | None = None
    minute: int | None = None
    count: Decimal = Decimal(0)
    unit: str = ""

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

    Days that are past, and spans of time that are no time from now ("a two-year warranty"), are none. Of several the
    last one counts, but before all others one that is led by a word such as "by" or "within".

    Args:
        sentence: What was said.
        today: The day on which, where it was said.
        language: Its language, where that is known.
    """
    unit = read(sentence, today, language_of(sentence, language or "en"), whole=True).units[0]
    found = [(_is_led(unit, mention), mention, end) for mention, end in _ends(unit, today)]
    times = [mention for mention in unit.mentions if mention.kind is Kind.TIME]
    minute = max((int(str(value)) for value in times[-1].values), default=None) if times else None
    led = [item for item in found if item[0]] or found
    if not led:
        return _end_of(unit, today) or (
            Deadline(times[-1].text, minute=minute) if times and _is_led(unit, times[-1]) else None
        )
    _, mention, end = max(led, key=lambda item: (item[2].last_day(today), item[1].start))
    if end.day is None or minute is None:
        return end
    said = sentence[min(mention.start, times[-1].start) : max(mention.end, times[-1].end)]
    return Deadline(said, end.day, minute)


def _ends(unit: Unit, today: date) -> Iterable[tuple[Mention, Deadline]]:
    for mention in unit.mentions:
        if mention.kind is Kind.DATE:
            days = [day for value in mention.values if isinstance(value, Day) if (day := _coming(value, today))]
            if days:
                # "this week" holds seven days, "03/04" may be two: the whole span, but the earlier reading
                yield mention, Deadline(mention.text, max(days) if mention.unit else min(days))
        elif mention.kind is Kind.WEEKDAY:
            ahead = min((int(str(day)) - today.weekday() - 1) % _WEEK + 1 for day in mention.values)
            yield mention, Deadline(mention.text, today + timedelta(days=ahead))
        elif _is_time_from_now(unit, mention):
            count = max(value for value in mention.values if isinstance(value, Decimal))
            yield mention, Deadline(mention.text, count=count, unit=mention.unit)


def _is_time_from_now(unit: Unit, mention: Mention) -> bool:
    counted = mention.kind is Kind.DURATION and mention.unit in _COUNTED and mention.span != "low"
    return counted and _is_led(unit, mention)


def _end_of(unit: Unit, today: date) -> Deadline | None:
    """The end of the day, of the week or of the month."""
    hit = next(iter(_phrases().find(unit.words).get("promises/end_of", ())), None)
    if hit is None:
        return None
    days = {
        "day": today,
        "week": today + timedelta(days=(_FRIDAY - today.weekday()) % _WEEK),
        "month": _last_of(today.month, today.year),
    }
    return Deadline(unit.text[unit.tokens[hit.start].start : unit.tokens[hit.end - 1].end], days[hit.name])


@cache
def _phrases() -> Phrases:
    return phrases_of("promises", ("end_of",), LANGUAGES)


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


def _is_led(unit: Unit, mention: Mention) -> bool:
    """Whether a word such as "by" or "within" stands right before it, or before the range that it ends."""
    leading = set(word_list("promises")["by_then"][unit.language])
    begin = mention.first
    if mention.span == "high":
        begin = min(m.first for m in unit.mentions if m.span == "low" and m.last <= mention.first)
    return bool(leading & set(unit.words[max(0, begin - _NEAR) : begin]))


def _working_days_after(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
