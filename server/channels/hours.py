"""When an account is answered: opening hours, holidays, who is on call, and clocks that stand still when it is closed.

An account's `hours`:

    time_zone: Europe/London
    open: {mon: ["08:00-20:00"], sat: ["10:00-16:00"]}    # days that are not named are closed
    holidays: [{date: 2026-12-25}, {date: 2026-12-26, open: ["10:00-16:00"]}]
    answer_within_minutes: 180                            # of opening hours
    on_call: [{team: on_call_safety, contact: "+44 20 7946 0000"}]

An account without hours is always open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import to_json

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FURTHEST = 400
"""Days that are looked at for the next opening: an account that is closed for a year has no hours."""

_MINUTES, _SATURDAY = 24 * 60, 5

Span = tuple[time, time]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one like Europe/London") from error
    return name


def _spans(told: Sequence[str]) -> tuple[Span, ...]:
    """`["08:00-12:00", "13:00-20:00"]` as times; the end may be 24:00."""
    spans: list[Span] = []
    for text in told:
        try:
            begin, end = (_time(part) for part in text.split("-"))
        except ValueError:
            raise ValueError(f"{text!r} is no span of time; write it like 08:00-20:00") from None
        if begin >= end:
            raise ValueError(f"{text!r} ends before it begins; split it at midnight")
        if spans and begin < spans[-1][1]:
            raise ValueError(f"{text!r} begins before the span before it has ended")
        spans.append((begin, end))
    return tuple(spans)


def _time(text: str) -> time:
    hour, minute = text.strip().split(":")
    return time.max if text.strip() == "24:00" else time(int(hour), int(minute))


class Holiday(BaseModel):
    """A day with hours of its own; none: closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: date
    open: Annotated[tuple[str, ...], Field(max_length=10)] = ()

    @field_validator("open")
    @classmethod
    def _can_be_read(cls, told: tuple[str, ...]) -> tuple[str, ...]:
        _spans(told)
        return told


class OnCall(BaseModel):
    """Whom to call for a team outside its hours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    team: str = Field(max_length=100)
    contact: str = Field(max_length=300)


class Hours(BaseModel):
    """An account's hours, as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    open: dict[str, tuple[str, ...]] | None = Field(default=None, max_length=7)
    holidays: tuple[Holiday, ...] = Field(default=(), max_length=1_000)
    answer_within_minutes: int = Field(default=180, ge=1, le=60 * 24 * 30)
    on_call: tuple[OnCall, ...] = Field(default=(), max_length=50)

    @field_validator("open")
    @classmethod
    def _can_be_read(cls, told: dict[str, tuple[str, ...]] | None) -> dict[str, tuple[str, ...]] | None:
        for day, spans in (told or {}).items():
            if day not in DAYS:
                raise ValueError(f"{day!r} is no day; write one of {', '.join(DAYS)}")
            _spans(spans)
        if told is not None and not any(told.values()):
            raise ValueError("no day has opening hours; leave `open` out for an account that is always open")
        return told


@dataclass(frozen=True, slots=True)
class Waited:
    """How long something has been waiting: by the clock on the wall, and in opening hours."""

    elapsed: timedelta
    business: timedelta


class Clock:
    """An account's time."""

    def __init__(self, hours: Hours) -> None:
        self._zone = ZoneInfo(hours.time_zone)
        self._week = None if hours.open is None else [_spans(hours.open.get(day, ())) for day in DAYS]
        self._holidays = {holiday.date: _spans(holiday.open) for holiday in hours.holidays}
        self._within = timedelta(minutes=hours.answer_within_minutes)
        self._on_call = {one.team: one.contact for one in hours.on_call}

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there."""
        return self._week is None or any(begin <= at < end for begin, end in self._open_spans(at, 1))

    def next_opening(self, at: datetime) -> datetime | None:
        """When somebody is there again: now, if it is open; None if that is more than a year away."""
        if self.is_open(at):
            return at
        return next((begin for begin, _ in self._open_spans(at, _FURTHEST) if begin > at), None)

    def due(self, received: datetime) -> datetime:
        """When what came in then is to be answered: the goal, counted in opening hours."""
        return self.after(received, self._within)

    def after(self, start: datetime, business: timedelta) -> datetime:
        """The moment at which so much opening time has passed since the start."""
        if self._week is None:
            return start + business
        left = business
        for begin, end in self._open_spans(start, _FURTHEST):
            begin = max(begin, start)
            if end > begin:
                if end - begin >= left:
                    return begin + left
                left -= end - begin
        return start + business

    def day_of(self, at: datetime) -> date:
        """The day that it is then where the account is."""
        return at.astimezone(self._zone).date()

    def at(self, day: date, minute: int) -> datetime:
        """A minute of a day there; the last one is the end of the day."""
        return self._moment(day, time.max if minute >= _MINUTES else time(minute // 60, minute % 60))

    def close_of(self, day: date) -> datetime:
        """When nobody is there any more on a day; on a day on which it is closed, the end of that."""
        spans = self._spans_of(day)
        return self._moment(day, spans[-1][1] if spans else time.max)

    def working_days_after(self, day: date, count: int) -> date:
        """The day on which so many working days have passed: those on which it is open, else Monday to Friday."""
        for _ in range(_FURTHEST):
            if count <= 0:
                break
            day += timedelta(days=1)
            count -= day.weekday() < _SATURDAY if self._week is None else bool(self._spans_of(day))
        return day

    def waited(self, start: datetime, end: datetime) -> Waited:
        """How long it is from start to end; never less than nothing."""
        elapsed = max(end - start, timedelta())
        if self._week is None:
            return Waited(elapsed, elapsed)
        days = min((end - start).days + 2, _FURTHEST) if elapsed else 0
        spans = ((max(begin, start), min(until, end)) for begin, until in self._open_spans(start, days))
        return Waited(elapsed, sum((until - begin for begin, until in spans if until > begin), timedelta()))

    def open_between(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]] | None:
        """The opening times from start to end, in order; None: it is always open."""
        if self._week is None:
            return None
        spans = (
            (max(begin, start), min(until, end)) for begin, until in self._open_spans(start, (end - start).days + 2)
        )
        return [(begin, until) for begin, until in spans if until > begin]

    def on_call(self, team: str) -> str | None:
        """Whom to call for this team."""
        return self._on_call.get(team)

    def _open_spans(self, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The opening times of the day of `start` and of the next days, as moments, in order."""
        first = start.astimezone(self._zone).date()
        for offset in range(days):
            day = first + timedelta(days=offset)
            for begin, end in self._spans_of(day):
                yield self._moment(day, begin), self._moment(day, end)

    def _spans_of(self, day: date) -> Sequence[Span]:
        weekly = self._week[day.weekday()] if self._week is not None else ()
        return self._holidays.get(day, weekly)

    def _moment(self, day: date, at: time) -> datetime:
        """In UTC: local times cannot be subtracted over a change of the clocks."""
        if at == time.max:
            day, at = day + timedelta(days=1), time.min
        return datetime.combine(day, at, self._zone).astimezone(UTC)


def clock_of(hours: Mapping[str, Any]) -> Clock:
    """The clock of an account with these `hours`, which were checked when it was added."""
    return _clock(to_json(dict(hours)))


@lru_cache(maxsize=64)
def _clock(hours: bytes) -> Clock:
    return Clock(Hours.model_validate_json(hours))


def answer_due(hours: Mapping[str, Any], received: datetime) -> datetime:
    """When an account with these `hours` is to answer what came in then."""
    return clock_of(hours).due(received)
