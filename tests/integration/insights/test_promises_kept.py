"""Kept by the time that was sent first, of all that were due: by hand, and as it is measured."""

from typing import Any

from tests.integration.insights.week import Week, at


def kept(when: Any) -> dict[str, Any]:
    return {"state": "kept", "settled_at": when}


async def numbers(week: Week, **wanted: Any) -> dict[str, float]:
    return {name: part.numerator for name, part in (await week.measure("promises_kept", **wanted)).items()}


async def test_only_what_was_done_by_then_is_kept(week: Week):
    sent = week.answered(week.case("a"), at(0), at(0, 1))
    week.promise(sent, at(1), sentence=0, **kept(at(1)))
    week.promise(sent, at(1), sentence=1, **kept(at(1, 1)))
    week.promise(sent, at(1), sentence=2)
    week.promise(sent, at(1), sentence=3, state="withdrawn", settled_at=at(0, 2))
    week.promise(sent, None, sentence=4)  # it was never due
    week.promise(sent, at(9), sentence=5)  # due in another week
    parts = await week.measure("promises_kept")
    # one of four
    assert (parts["kept_in_time"].value, parts["kept_in_time"].denominator) == (1 / 4, 4)
    assert [parts[name].numerator for name in ("kept_late", "withdrawn", "broken")] == [1, 1, 1]


async def test_what_was_kept_nobody_knows_when_is_neither_in_time_nor_broken(week: Week):
    sent = week.answered(week.case("a"), at(0), at(0, 1))
    week.promise(sent, at(1), **kept(None))
    assert await numbers(week) == {"kept_in_time": 0, "kept_late": 0, "kept_undated": 1, "withdrawn": 0, "broken": 0}


async def test_what_is_not_due_yet_is_not_broken(week: Week):
    week.now = at(2)
    sent = week.answered(week.case("a"), at(0), at(0, 1))
    week.promise(sent, at(3), sentence=0)
    week.promise(sent, at(4), sentence=1, **kept(at(1)))
    assert (await week.measured("promises_kept")).n == 0


async def test_moving_a_promise_does_not_move_its_time(week: Week):
    sent = week.answered(week.case("a"), at(0), at(0, 1))
    moved = week.promise(sent, at(1), **kept(at(3)))
    moved.due = at(4)
    assert await numbers(week) == {"kept_in_time": 0, "kept_late": 1, "kept_undated": 0, "withdrawn": 0, "broken": 0}


async def test_a_correction_that_says_it_again_is_the_same_promise_since_it_was_said_first(week: Week):
    for name, done in (("early", at(1)), ("late", at(3))):
        case = week.case(name)
        first = week.answered(case, at(0), at(0, 1), state="withdrawn")
        week.promise(first, at(2), state="withdrawn", settled_at=at(0, 5))
        second = week.answered(case, at(0), at(0, 4), state="withdrawn", corrects=first.publication)
        week.promise(second, at(2, 4), state="withdrawn", settled_at=at(0, 9))
        third = week.answered(case, at(0), at(0, 8), corrects=second.publication)
        week.promise(third, at(4), **kept(done))
    # two promises, not six; one was kept by the time that was sent first
    assert await numbers(week) == {"kept_in_time": 1, "kept_late": 1, "kept_undated": 0, "withdrawn": 0, "broken": 0}


async def test_what_a_correction_promises_besides_is_a_promise_of_its_own(week: Week):
    case = week.case("a")
    first = week.answered(case, at(0), at(0, 1), state="withdrawn")
    week.promise(first, at(2), said="We will call you.", state="withdrawn", settled_at=at(0, 4))
    second = week.answered(case, at(0), at(0, 4), corrects=first.publication)
    week.promise(second, at(3), said="We will write to you.", **kept(at(1)))
    assert await numbers(week) == {"kept_in_time": 1, "kept_late": 0, "kept_undated": 0, "withdrawn": 1, "broken": 0}


async def test_an_incident_s_update_is_owed_to_everybody(week: Week):
    for number in range(3):
        sent = week.answered(week.case(f"a{number}"), at(0), at(0, 1), incident="incident_1")
        week.promise(sent, at(1), **(kept(at(0, 20)) if number else {}))
    assert (await numbers(week))["kept_in_time"] == 2


async def test_promises_of_a_channel_and_of_a_team(week: Week):
    week.account("mastodon")
    week.promise(week.answered(week.case("a", team="orders"), at(0), at(0, 1)), at(1))
    week.promise(week.answered(week.case("b", account="pine-mastodon"), at(0), at(0, 1)), at(1), **kept(at(0, 2)))
    assert (await numbers(week, channel="mastodon"))["kept_in_time"] == 1
    assert (await numbers(week, team="orders"))["broken"] == 1
