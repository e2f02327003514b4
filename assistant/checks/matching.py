"""Whether a value in a sentence is the value that a source names."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import regex

from assistant.checks.sources import Told
from assistant.reading.lexicon import word_list
from assistant.reading.mentions import Bound, Day, Kind, Mention
from assistant.reading.tokens import stem
from tools.evidence import EvidenceKind

_DAYS = {"day": 1, "week": 7}
_HOURS = {"hour": 1, "day": 24}
_MONTHS = {"month": 1, "year": 12}
_SCALES = (_DAYS, _HOURS, _MONTHS, {"minute": 1, "hour": 60})
_ABOUT = Decimal("0.05")
_WEEKDAY_REACH, _ID_PART = 60, 3
_AT = frozenset(("at", "by", "around", "um", "gegen", "las", "à", "vers"))
_CENTS = regex.compile(r"[.,]\d\d$")
_MEASURES = word_list("numerals")["measures"]
# The measure that each of its names stands for; miles are told apart from points in an airline's "miles" by nobody.
_MEASURE = {stem(name): measure for measure, names in _MEASURES.items() for name in names}
_SMALL = frozenset(stem(word) for words in word_list("grammar")["stopwords"].values() for word in words)
_UNIT_WORDS = {
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "hour": "hours",
    "business_day": "business",
}


def same(mention: Mention, told: Told, today: date) -> bool:
    """Whether `told` names the value of `mention`, in whatever form."""
    compare = _COMPARE.get((mention.kind, told.mention.kind))
    return compare is not None and compare(mention, told, today)


def same_day(one: Mention, other: Mention, today: date) -> bool:
    """Whether two mentions that stand side by side can mean one day."""
    if one.kind is Kind.WEEKDAY and other.kind is Kind.WEEKDAY:
        return True
    if one.kind is other.kind:
        return any(a.fits(b) for a in one.values for b in other.values if isinstance(a, Day) and isinstance(b, Day))
    weekday, day = (one, other) if one.kind is Kind.WEEKDAY else (other, one)
    return _falls_on(weekday, day.values, today, reach=366)


def comparable(mention: Mention, told: Told) -> bool:
    """Whether the two are values of one sort, so that one could have been meant for the other."""
    kinds = (mention.kind, told.mention.kind)
    if kinds == (Kind.MONEY, Kind.MONEY):
        return not (mention.unit and told.mention.unit) or mention.unit == told.mention.unit
    if kinds == (Kind.NUMBER, Kind.NUMBER):
        measures = _measures(mention, told)
        if len(measures) > 1 and measures != {None, "mile"}:
            return False
        return has_cents(mention) == has_cents(told.mention)
    if kinds == (Kind.MONEY, Kind.NUMBER):
        return has_cents(told.mention)
    return mention.kind is told.mention.kind


def has_cents(mention: Mention) -> bool:
    """Whether a number is written like an amount."""
    return _CENTS.search(mention.text) is not None


def _plain(mention: Mention, told: Told, today: date) -> bool:
    return bool(mention.values & told.mention.values) or _about(mention, told.mention)


def _about(mention: Mention, told: Mention) -> bool:
    if mention.bound is not Bound.ABOUT:
        return False
    numbers = [(v, w) for v in mention.values for w in told.values if isinstance(v, Decimal) and isinstance(w, Decimal)]
    return any(w and abs(v - w) / w <= _ABOUT for v, w in numbers)


def _number(mention: Mention, told: Told, today: date) -> bool:
    """Also "four", in a word, for the 16 of "10-16"; but not 5 kg for 5 g."""
    measures = _measures(mention, told)
    if len(measures) > 1 and None not in measures:
        return False
    if _plain(mention, told, today):
        return True
    clock = not any(char.isdigit() for char in mention.text) and bool(mention.span or mention.bound is Bound.UPPER)
    return clock and any(isinstance(v, Decimal) and v + 12 in told.mention.values for v in mention.values)


def _count(mention: Mention, told: Told, today: date) -> bool:
    """Whether a number is the amount told: not if it measures something."""
    return mention.unit not in _MEASURE and _plain(mention, told, today)


def measure(word: str) -> str | None:
    """The measure that a word names: "kg" for kilograms."""
    return _MEASURE.get(stem(word))


def _measures(mention: Mention, told: Told) -> set[str | None]:
    """What the two numbers measure: metres, kilograms; nothing where a number counts things."""
    return {_MEASURE.get(mention.unit), _MEASURE.get(told.mention.unit)}


def _money(mention: Mention, told: Told, today: date) -> bool:
    if mention.unit and told.mention.unit and mention.unit != told.mention.unit:
        return False
    return _plain(mention, told, today)


def _money_from_number(mention: Mention, told: Told, today: date) -> bool:
    """A bare number of a record; whole ones under an amount's key may be minor units."""
    if _plain(mention, told, today):
        return True
    before = told.unit.words[max(0, told.mention.first - 3) : told.mention.first]
    if not {"amount", "price", "balance", "difference", "total"} & set(before):
        return False
    return any(isinstance(v, Decimal) and v * 100 in told.mention.values for v in mention.values)


def _duration(mention: Mention, told: Told, today: date) -> bool:
    other = told.mention
    if mention.unit == other.unit:
        return _plain(mention, told, today)
    for scale in _SCALES:
        if mention.unit in scale and other.unit in scale:
            mine = {v * scale[mention.unit] for v in mention.values if isinstance(v, Decimal)}
            theirs = {v * scale[other.unit] for v in other.values if isinstance(v, Decimal)}
            return bool(mine & theirs)
    return False


def _duration_from_number(mention: Mention, told: Told, today: date) -> bool:
    """`return_window_days: 60` names its unit in the key; "under 12" is an age."""
    before = told.unit.words[max(0, told.mention.first - 4) : told.mention.first]
    word = _UNIT_WORDS.get(mention.unit, "")
    is_age = mention.unit == "year" and told.mention.bound is not Bound.EXACT
    named = (word in before or is_age) and bool(mention.values & told.mention.values)
    return named or _duration_from_tail(mention, told)


def _duration_from_tail(mention: Mention, told: Told) -> bool:
    """Whether the unit was left out as it stands in the same line: "55 EUR an hour, 245 EUR for five"."""
    after = told.unit.tokens[told.mention.last : told.mention.last + 1]
    return (not after or after[0].kind == "mark") and bool(mention.values & told.mention.values)


def _duration_from_date(mention: Mention, told: Told, today: date) -> bool:
    """Whether "in 3 days" or "3 days ago" is the day told."""
    if mention.unit not in _DAYS or mention.span:
        return False
    for value in mention.values:
        if not isinstance(value, Decimal) or value != int(value) or value > 400:
            continue
        span = timedelta(days=int(value) * _DAYS[mention.unit])
        if any(_fits_day(other, today + span) or _fits_day(other, today - span) for other in told.mention.values):
            return True
    return False


def _fits_day(value: object, day: date) -> bool:
    return isinstance(value, Day) and value.day is not None and value.fits(Day.of(day))


def _days(mention: Mention, told: Told, today: date) -> bool:
    return any(
        mine.fits(theirs)
        for mine in mention.values
        for theirs in told.mention.values
        if isinstance(mine, Day) and isinstance(theirs, Day) and (mine.day is None or theirs.day is not None)
    )


def _weekday_of_date(mention: Mention, told: Told, today: date) -> bool:
    return _falls_on(mention, told.mention.values, today, reach=_WEEKDAY_REACH)


def _falls_on(weekday: Mention, days: Iterable[object], today: date, *, reach: int) -> bool:
    """Whether one of the days is that day of the week, not further than `reach` days off; open months fit any."""
    for value in days:
        if isinstance(value, Day) and value.day is None:
            return True
        if isinstance(value, Day) and value.day is not None:
            try:
                day = date(value.year or today.year, value.month, value.day)
            except ValueError:
                continue
            if day.weekday() in weekday.values and abs((day - today).days) <= reach:
                return True
    return False


def _hour(mention: Mention, told: Told, today: date) -> bool:
    """Whether a bare number is the full hour told: "by 11", "until 6"; what it counts makes it no hour."""
    if mention.bound is Bound.EXACT and mention.unit and mention.unit not in _SMALL:
        return False
    return any(isinstance(v, Decimal) and {v * 60, v * 60 + 720} & told.mention.values for v in mention.values)


def _asked_hour(mention: Mention, told: Told, today: date) -> bool:
    """Whether a time is the full hour of which the customer asks: "can I come at 8?"."""
    asked = told.source.evidence.kind is EvidenceKind.POST
    at = set(told.unit.words[max(0, told.mention.first - 2) : told.mention.first]) & _AT
    return asked and bool(at) and _hour(told.mention, replace(told, mention=mention), today)


def _id_part(mention: Mention, told: Told, today: date) -> bool:
    return any(
        len(str(mine)) >= _ID_PART and str(theirs).endswith(str(mine))
        for mine in mention.values
        for theirs in told.mention.values
    )


_COMPARE: dict[tuple[Kind, Kind], Callable[[Mention, Told, date], bool]] = {
    **{(kind, kind): _plain for kind in Kind},
    (Kind.NUMBER, Kind.NUMBER): _number,
    (Kind.MONEY, Kind.MONEY): _money,
    (Kind.MONEY, Kind.NUMBER): _money_from_number,
    (Kind.NUMBER, Kind.MONEY): _count,
    (Kind.DURATION, Kind.DURATION): _duration,
    (Kind.DURATION, Kind.NUMBER): _duration_from_number,
    (Kind.DURATION, Kind.DATE): _duration_from_date,
    (Kind.NUMBER, Kind.DURATION): _plain,
    (Kind.PERCENT, Kind.NUMBER): _plain,
    (Kind.NUMBER, Kind.PERCENT): _plain,
    (Kind.DATE, Kind.DATE): _days,
    (Kind.WEEKDAY, Kind.DATE): _weekday_of_date,
    (Kind.NUMBER, Kind.ID): _id_part,
    (Kind.ID, Kind.NUMBER): _plain,
    (Kind.PHONE, Kind.ID): _id_part,
    (Kind.ID, Kind.PHONE): _id_part,
    (Kind.NUMBER, Kind.TIME): _hour,
    (Kind.TIME, Kind.NUMBER): _asked_hour,
}
