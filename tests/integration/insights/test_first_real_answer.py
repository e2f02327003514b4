"""From the network's time of a post to the first reply that says something: by hand, and as it is measured."""

from datetime import UTC, datetime, timedelta

from server.insights.measured import Part
from tests.integration.insights.week import MONDAY, Week, at

HOURS = {
    "time_zone": "Europe/London",
    "open": {
        **{day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "sat": ["10:00-18:00"],
        "sun": ["00:00-06:00", "10:00-16:00"],
    },
}


def hours(part: Part) -> float:
    assert part.value is not None
    return part.value / 3600


async def test_half_and_nine_in_ten_of_those_who_waited(week: Week):
    # ten posts, answered after 1, 2, … 10 hours: half of 5 and 6 is 5.5, and nine in ten waited no longer than 9
    for number in range(1, 11):
        week.answered(week.case(f"w{number}"), at(0, 1), at(0, 1 + number))
    parts = await week.measure("first_real_answer")
    assert (hours(parts["median_elapsed"]), hours(parts["p90_elapsed"])) == (5.5, 9)
    # the account is always open
    assert (hours(parts["median_business"]), hours(parts["p90_business"])) == (5.5, 9)
    assert (parts["answered"].numerator, parts["answered"].denominator) == (10, 10)
    assert not parts["p90_elapsed"].at_least


async def test_who_still_waits_counts_at_their_age(week: Week):
    week.now = at(2)
    week.answered(week.case("a"), at(0, 0), at(0, 1))
    week.answered(week.case("b"), at(0, 0), at(0, 3))
    silent = week.post(week.case("c"), at(0, 0))
    week.answered(week.case("d"), at(0, 0), at(0, 5), holding=True)  # a holding text answers nothing
    parts = await week.measure("first_real_answer")
    # 1, 3, 48 and 48 hours: the middles are 3 and 48
    assert hours(parts["median_elapsed"]) == 25.5
    assert hours(parts["p90_elapsed"]) == 48
    assert parts["median_elapsed"].at_least
    assert [parts["unanswered"].numerator, parts["unanswered"].denominator] == [2, 4]
    assert silent.id in {record.id for record in parts["unanswered"].records}


async def test_a_value_that_depends_on_nobody_who_waits_is_final(week: Week):
    week.now = at(2)
    for number in range(3):
        week.answered(week.case(f"a{number}"), at(0, 0), at(0, 1))
    week.post(week.case("c"), at(0, 0))
    parts = await week.measure("first_real_answer")
    assert (hours(parts["median_elapsed"]), parts["median_elapsed"].at_least) == (1, False)
    assert (hours(parts["p90_elapsed"]), parts["p90_elapsed"].at_least) == (48, True)


async def test_opening_hours_and_the_night_in_which_the_clocks_go_back(week: Week):
    week.account("shop", hours=HOURS)
    saturday = datetime(2026, 10, 24, tzinfo=UTC)  # London is an hour ahead until Sunday 01:00 UTC
    shop = {"account": "pine-shop"}
    # Saturday 17:30 in London is 16:30 UTC; answered on Sunday at 10:30 there, which is 10:30 UTC: 18 hours.
    # It was open from 17:30 to 18:00, from 00:00 to 06:00, which are 7 hours in this night, and from 10:00 to 10:30.
    week.answered(
        week.case("a", **shop), saturday + timedelta(hours=16, minutes=30), saturday + timedelta(hours=34, minutes=30)
    )
    parts = await week.measure("first_real_answer", begin=saturday, end=saturday + timedelta(days=1))
    assert hours(parts["median_elapsed"]) == 18
    assert hours(parts["median_business"]) == 8


async def test_a_weekend_and_a_holiday_are_no_opening_time(week: Week):
    week.account("shop", hours={**HOURS, "holidays": [{"date": "2026-11-13"}]})
    case = week.case("a", account="pine-shop")
    # Thursday 16:00 to Saturday 11:00: 43 hours; Thursday 16 to 17, Friday is a holiday, Saturday 10 to 11
    week.answered(case, at(3, 16), at(5, 11))
    parts = await week.measure("first_real_answer")
    assert (hours(parts["median_elapsed"]), hours(parts["median_business"])) == (43, 2)


async def test_an_answer_is_to_what_was_posted_before_it_was_written(week: Week):
    case = week.case("a")
    first, second = week.post(case, at(0, 0)), week.post(case, at(0, 1))
    week.answer(week.draft(case, second), at(0, 2))
    late = week.post(case, at(0, 1.5))  # while that was being sent
    week.answer(week.draft(case, late), at(0, 6))
    parts = await week.measure("first_real_answer")
    # 2 hours for the first, 1 for the second, 4.5 for the one that the first answer did not know of
    waited = {record.id: record.values["elapsed_s"] for record in parts["answered"].records}
    assert waited == {first.id: 7200, second.id: 3600, late.id: 4.5 * 3600}


async def test_what_was_edited_waits_since_it_was_posted(week: Week):
    case = week.case("a")
    post = week.post(case, at(0, 0), version=2, edited_at=at(0, 3))
    week.answer(week.draft(case, post), at(0, 4))
    assert hours((await week.measure("first_real_answer"))["median_elapsed"]) == 4


async def test_a_text_that_was_taken_back_is_no_answer_and_its_correction_is(week: Week):
    case = week.case("a")
    draft = week.draft(case, week.post(case, at(0, 0)))
    wrong = week.answer(draft, at(0, 1), state="withdrawn")
    parts = await week.measure("first_real_answer")
    assert parts["unanswered"].numerator == 1
    correction = week.draft(case, week.rows[1])  # type: ignore[arg-type]
    week.answer(correction, at(0, 5), corrects=wrong.publication)
    assert hours((await week.measure("first_real_answer"))["median_elapsed"]) == 5


async def test_what_is_left_unanswered_and_what_was_deleted_waits_for_nothing(week: Week):
    thanks, gone, spam = week.case("a"), week.case("b"), week.case("c")
    week.draft(thanks, week.post(thanks, at(0, 0)), state="no_reply", reason="thanks")
    week.post(gone, at(0, 0), deleted_at=at(0, 1))
    week.draft(spam, week.post(spam, at(0, 0)), state="rejected")
    again = week.post(spam, at(1, 0))  # after it was decided: nobody has looked at this one
    parts = await week.measure("first_real_answer")
    assert [parts[name].numerator for name in ("left_unanswered", "deleted", "unanswered")] == [2, 1, 1]
    assert [record.id for record in parts["unanswered"].records] == [again.id]


async def test_what_an_incident_s_text_answers_is_answered_when_it_was_sent(week: Week):
    for number in range(3):
        week.answered(week.case(f"a{number}"), at(0, 0), at(0, 1 + number), incident="incident_1")
    assert hours((await week.measure("first_real_answer"))["median_elapsed"]) == 2


async def test_only_posts_of_the_span_of_the_brand_and_of_the_channel_count(week: Week):
    week.account("mastodon")
    week.account("x", brand="fir")
    week.answered(week.case("a"), at(0, 0), at(0, 1))
    week.answered(week.case("b", account="pine-mastodon"), at(0, 0), at(0, 2))
    week.answered(week.case("c", account="fir-x"), at(0, 0), at(0, 3))
    week.answered(week.case("d", team="payments"), at(0, 0), at(0, 4))
    week.answered(week.case("e"), MONDAY - timedelta(seconds=1), at(0, 4))
    week.answered(week.case("f"), at(7, 0), at(8, 0))
    every = await week.measured("first_real_answer")
    assert every.n == 3
    assert hours((await week.measure("first_real_answer", channel="Mastodon"))["median_elapsed"]) == 2
    assert hours((await week.measure("first_real_answer", team="payments"))["median_elapsed"]) == 4
    assert (await week.measured("first_real_answer", brands=frozenset({"oak"}))).n == 0
    assert (await week.measured("first_real_answer", brands=frozenset({"fir"}))).n == 1
