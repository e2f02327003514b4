"""Opening hours, holidays and the clocks that stand still when it is closed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.channels.hours import Hours, answer_due, clock_of

WEEKDAYS = {day: ["09:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
LONDON = {"time_zone": "Europe/London", "open": WEEKDAYS, "answer_within_minutes": 120}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_is_open_from_the_first_minute_to_the_last_one_before_closing():
    clock = clock_of(LONDON)
    friday = {"08:59": False, "09:00": True, "11:59": True, "12:00": False, "13:00": True, "17:00": False}
    assert {time: clock.is_open(at(f"2026-11-20T{time}")) for time in friday} == friday
    assert not clock.is_open(at("2026-11-21T10:00"))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20T11:00", "2026-11-20T14:00"),  # over lunch
        ("2026-11-20T16:30", "2026-11-23T10:30"),  # over a weekend
        ("2026-11-21T03:00", "2026-11-23T11:00"),  # on a weekend
        ("2026-11-20T15:00", "2026-11-20T17:00"),  # exactly at closing
    ],
)
def test_an_answer_is_due_by_opening_hours(received, due):
    assert answer_due(LONDON, at(received)) == at(due)


def test_a_holiday_has_hours_of_its_own_or_none():
    hours = {**LONDON, "holidays": [{"date": "2026-11-20"}, {"date": "2026-11-21", "open": ["10:00-11:00"]}]}
    clock = clock_of(hours)
    assert not clock.is_open(at("2026-11-20T10:00"))
    assert clock.next_opening(at("2026-11-20T10:00")) == at("2026-11-21T10:00")
    assert clock.due(at("2026-11-20T10:00")) == at("2026-11-23T10:00")


def test_hours_are_local_on_both_sides_of_a_change_of_the_clocks():
    clock = clock_of(LONDON)
    assert clock.next_opening(at("2026-10-23T18:00")) == at("2026-10-26T09:00")
    assert clock.next_opening(at("2026-10-22T18:00")) == at("2026-10-23T08:00")


def test_a_night_shift_on_the_night_the_clocks_change_is_an_hour_longer():
    clock = clock_of({"time_zone": "Europe/London", "open": {"sat": ["20:00-24:00"], "sun": ["00:00-06:00"]}})
    waited = clock.waited(at("2026-10-24T12:00"), at("2026-10-25T12:00"))
    assert waited.business == timedelta(hours=4 + 7)


def test_both_clocks_are_shown():
    waited = clock_of(LONDON).waited(at("2026-11-20T16:00"), at("2026-11-23T10:00"))
    assert (waited.elapsed, waited.business) == (timedelta(days=2, hours=18), timedelta(hours=2))


def test_an_account_without_hours_is_always_open():
    clock = clock_of({})
    assert clock.is_open(at("2026-12-25T03:00"))
    assert answer_due({}, at("2026-12-25T03:00")) == at("2026-12-25T06:00")


def test_who_is_on_call_is_known_by_team():
    clock = clock_of({"on_call": [{"team": "on_call_safety", "contact": "+44 20 7946 0018"}]})
    assert clock.on_call("on_call_safety") == "+44 20 7946 0018"
    assert clock.on_call("community") is None


@pytest.mark.parametrize(
    "hours",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc/passwd"},
        {"open": {"monday": ["09:00-17:00"]}},
        {"open": {"mon": ["9-17"]}},
        {"open": {"mon": ["17:00-09:00"]}},
        {"open": {"mon": ["09:00-17:00", "16:00-18:00"]}},
        {"open": {"mon": []}},
        {"holidays": [{"date": "2026-02-30"}]},
        {"holidays": [{"date": "2026-12-25", "open": ["noon"]}]},
        {"answer_within_minutes": 0},
        {"opens": "always"},
    ],
)
def test_hours_that_cannot_be_meant_are_refused(hours):
    with pytest.raises(ValidationError):
        Hours.model_validate(hours)


@given(
    start=st.integers(0, 60 * 24 * 600).map(lambda minutes: at("2026-01-01") + timedelta(minutes=minutes)),
    minutes=st.integers(1, 5_000),
)
def test_the_time_until_something_is_due_is_the_goal_in_opening_hours(start, minutes):
    clock = clock_of(LONDON)
    business = timedelta(minutes=minutes)
    due = clock.after(start, business)
    assert clock.waited(start, due).business == business
