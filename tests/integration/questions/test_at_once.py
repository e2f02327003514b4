"""Many reps at once: a person is asked one thing, a cap is a cap, and a question has one end."""

import asyncio

import pytest

from server.models import QuestionDayRow
from server.questions.states import AlreadyDecided, NotToBeAskedNow
from tests.integration.questions.world import OTHER, REP, customer, order, question

REPS = 8


async def test_reps_who_speak_to_one_person_at_once_are_given_one_question(world):
    await world.ask_of(question("one"), question("two"), question("three"))
    people = [customer(1), customer("O-1", brand="oak", emails=("ann1@example.com",))]
    for who in people:
        world.sell(who, order(who))
    sessions = [await world.call(people[number % 2]) for number in range(REPS)]
    chosen = await asyncio.gather(*(world.chosen(session) for session in sessions))
    assert [each for each in chosen if each] == [next(each for each in chosen if each)]
    assert len(await world.offers()) == len(await world.suggestions()) == 1


async def test_one_session_that_is_looked_at_twice_at_once_has_one_question(world):
    await world.ask_of(question("one"), question("two"))
    ann = customer()
    session = await world.call(world.sell(ann, order(ann)))
    chosen = await asyncio.gather(*(world.chosen(session) for _ in range(REPS)))
    assert len({each.offer for each in chosen}) == len(await world.offers()) == 1


async def test_no_more_are_offered_than_the_cap_allows(world):
    await world.ask_of(question("one", cap_per_day=3), question("two", cap_per_day=2))
    people = [customer(number) for number in range(REPS)]
    sessions = [await world.call(world.sell(who, order(who))) for who in people]
    chosen = await asyncio.gather(*(world.chosen(session) for session in sessions))
    asked = sorted(each.question for each in chosen if each)
    assert asked == ["one"] * 3 + ["two"] * 2
    world.pass_days(1)
    assert (await world.offered(world.sell(customer("late"), order(customer("late")))))[1] is not None


async def test_what_is_left_aside_leaves_its_place_to_somebody_else(world):
    await world.ask_of(question("one", cap_per_day=1))
    ann, ben = customer(1), customer(2)
    session, _ = await world.offered(world.sell(ann, order(ann)))
    assert (await world.offered(world.sell(ben, order(ben))))[1] is None
    await world.skipped(session)
    assert (await world.offered(ben))[1] is not None
    [day] = await world.rows(QuestionDayRow)
    assert day.taken == 1


async def test_two_offers_of_one_person_that_both_stand_are_not_both_asked(world):
    await world.ask_of(question("one"), question("two"))
    ann = customer()
    first, _ = await world.offered(world.sell(ann, order(ann)))
    world.pass_days(1.1)
    second, _ = await world.offered(ann, by=OTHER)
    ends = await asyncio.gather(world.asked(first), world.asked(second, by=OTHER), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["NotToBeAskedNow", "QuestionOfferRow"]


async def test_an_offer_of_yesterday_takes_one_of_todays_places(world):
    await world.ask_of(question("one", cap_per_day=1))
    ann, ben = customer(1), customer(2)
    early, _ = await world.offered(world.sell(ann, order(ann)))
    world.pass_days(1)
    await world.offered(world.sell(ben, order(ben)))
    with pytest.raises(NotToBeAskedNow, match="its cap for today"):
        await world.asked(early)


@pytest.mark.parametrize("other", ["skipped", "declined", "asked"])
async def test_a_question_has_one_end(world, other):
    await world.ask_of(question("one"))
    ann = customer()
    session, _ = await world.offered(world.sell(ann, order(ann)))
    ends = await asyncio.gather(
        world.asked(session, by=REP), getattr(world, other)(session, by=OTHER), return_exceptions=True
    )
    refused = [end for end in ends if isinstance(end, Exception)]
    assert all(isinstance(end, AlreadyDecided) for end in refused)
    # whoever is asked may still decline
    assert len(refused) == 1 or (other == "declined" and not refused)
