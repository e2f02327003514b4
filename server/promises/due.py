"""When a promise is due: by the sentence that makes it, on the clock of the account that sent it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assistant.deadlines import BUSINESS_DAY, Deadline, deadline_of
from server.channels.hours import Clock, clock_of

_END = 24 * 60


@dataclass(frozen=True, slots=True)
class Due:
    """When, and the words of the sentence that say so; None where it says nothing and the answer goal counts.

    Of words that may mean two days ("4/12") the earlier counts, and the words are followed by both.
    """

    at: datetime
    said: str | None


def due_of(sentence: str, language: str | None, hours: Mapping[str, Any], made_at: datetime) -> Due:
    """When a promise is due.

    A day ends when the account closes; working days are those on which it is open.

    Args:
        sentence: The promise, as it was sent.
        language: The text's language, where it is known.
        hours: The account's, as they were checked when it was added.
        made_at: When it was sent.
    """
    clock = clock_of(hours)
    stated = deadline_of(sentence, clock.day_of(made_at), language)
    if stated is None:
        return Due(clock.due(made_at), None)
    said = stated.said if stated.or_else is None else f"{stated.said} ({_say(stated.day)} or {_say(stated.or_else)})"
    return Due(_moment(stated, clock, made_at), said)


def _say(day: date | None) -> str:
    return f"{day.day} {day:%B}" if day is not None else ""


def _moment(stated: Deadline, clock: Clock, made_at: datetime) -> datetime:
    today = clock.day_of(made_at)
    if stated.day is not None:
        if stated.minute is not None:
            return clock.at(stated.day, stated.minute)
        # what is said to be done today, after hours, is done today
        close = clock.close_of(stated.day)
        return close if close > made_at else clock.at(stated.day, _END)
    if stated.minute is not None:
        at = clock.at(today, stated.minute)
        return at if at > made_at else clock.at(stated.last_day(clock.working_days_after(today, 1)), stated.minute)
    if stated.unit == BUSINESS_DAY:
        return clock.close_of(clock.working_days_after(today, int(stated.count)))
    if stated.to_the_minute and stated.span is not None:
        return made_at + stated.span
    return clock.close_of(stated.last_day(today))
