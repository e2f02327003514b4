"""Moving the demo's world to another day: whatever happened, was promised or is told of moves by as many days."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date

from server.shop.invented.world import NOW, write

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")
_MONTHS = tuple(format_date(date(2000, month, 1), "MMMM", locale="en") for month in range(1, 13))
_IN_WORDS = re.compile(rf"\b(?P<day>\d{{1,2}}) (?P<month>{'|'.join(_MONTHS)})(?: (?P<year>\d{{4}}))?\b")
_ORDINAL = re.compile(r"\d{1,2}(st|nd|rd|th)")


def days_until(moment: datetime) -> timedelta:
    """By how much the world moves so that its moment is the last such time of day before this one: whole days."""
    return timedelta(days=(moment - NOW).days)


def moved(told: Any, by: timedelta) -> Any:  # noqa: ANN401 - whatever the import format holds
    """The same, so much later: days and moments, by themselves and in words as "17 November"."""
    if not by:
        return told
    if isinstance(told, Mapping):
        return {name: moved(value, by) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [moved(value, by) for value in told]
    if isinstance(told, date):  # a datetime is one, too
        return told + by
    return _moved_words(told, by) if isinstance(told, str) else told


def _moved_words(told: str, by: timedelta) -> str:
    if _ISO_DAY.fullmatch(told):
        return write(date.fromisoformat(told) + by)
    if _ISO_MOMENT.fullmatch(told):
        return write(datetime.fromisoformat(told) + by)
    return _IN_WORDS.sub(lambda found: _later(found, by), told)


def _later(found: re.Match[str], by: timedelta) -> str:
    month = _MONTHS.index(found["month"]) + 1
    later = date(int(found["year"] or NOW.year), month, int(found["day"])) + by
    return f"{later.day} {_MONTHS[later.month - 1]}" + (f" {later.year}" if found["year"] else "")


def renamed(says: str, day: date, language: str) -> str:
    """Words that name a day, for this day: "the 17th" with its number, "tuesday" by its name in that language."""
    if _ORDINAL.search(says):
        return _ORDINAL.sub(f"{day.day}{_ending(day.day)}", says)
    name: str = format_date(day, "EEEE", locale=language)
    return name if says[0].isupper() else name.lower()


def _ending(number: int) -> str:
    return "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
