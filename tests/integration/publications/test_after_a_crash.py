"""What becomes of a text when the process that sends it dies, or the network does not answer."""

from datetime import timedelta

import pytest

from server.models import DraftRow
from tests.fakes.network import Turn
from tests.integration.publications.world import PRIVATE, PUBLIC, World


@pytest.mark.parametrize("turn", [Turn.TAKE_AND_DIE, Turn.TAKE_SILENTLY])
async def test_a_text_that_was_taken_without_a_word_is_found_and_not_sent_again(world: World, turn: Turn):
    world.network.turns.append(turn)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=120)
    assert world.network.texts() == [PUBLIC]
    assert len(world.network.calls) == 1
    assert await world.states(draft) == {"public": "sent"}


@pytest.mark.parametrize("turn", [Turn.DIE, Turn.LOSE_SILENTLY])
async def test_a_text_that_never_arrived_is_sent_again_after_looking(world: World, turn: Turn):
    world.network.turns.append(turn)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=120)
    assert world.network.texts() == [PUBLIC]
    assert await world.states(draft) == {"public": "sent"}
    (row,) = await world.publications(draft)
    assert row.attempt == 2


async def test_a_network_that_shows_late_is_not_taken_for_one_that_has_nothing(world: World):
    world.network.settles_after = world.network.visible_after = timedelta(seconds=40)
    world.network.turns.append(Turn.TAKE_AND_DIE)
    await world.approve(PUBLIC)
    await world.run(seconds=30)
    assert len(world.network.calls) == 1
    await world.run(seconds=300)
    assert world.network.texts() == [PUBLIC]


async def test_the_public_part_waits_until_the_lost_private_one_was_found(world: World):
    world.network.visible_after = timedelta(seconds=4)
    world.network.turns.append(Turn.TAKE_AND_DIE)
    await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=120)
    assert world.network.texts() == [PRIVATE, PUBLIC]


@pytest.mark.parametrize("turn", [Turn.TAKE_AND_DIE, Turn.DIE, Turn.TAKE_SILENTLY, Turn.LOSE_SILENTLY])
async def test_where_nobody_can_look_the_text_is_uncertain_and_never_repeated(world: World, turn: Turn):
    world.network.settles_after = None
    world.network.turns.append(turn)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=24 * 3600)
    assert await world.states(draft) == {"public": "uncertain"}
    assert len(world.network.calls) == 1


async def test_an_uncertain_text_is_found_when_the_network_can_be_looked_at_again(world: World):
    world.network.can_be_read = False
    world.network.before_send = lambda: setattr(world.network, "reachable", False)
    world.network.turns.append(Turn.TAKE_SILENTLY)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=3600)
    assert await world.states(draft) == {"public": "uncertain"}
    world.network.reachable = True
    await world.run(seconds=3600)
    assert await world.states(draft) == {"public": "sent"}
    assert len(world.network.calls) == 1


async def test_a_text_that_a_network_keeps_losing_fails_and_goes_back_to_review(world: World):
    world.network.turns.extend([Turn.LOSE_SILENTLY] * 20)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=3600)
    assert await world.states(draft) == {"public": "failed"}
    assert len(world.network.calls) == 5
    assert (await world.get(DraftRow, draft)).state == "pending"


async def test_a_sender_that_lost_its_job_still_writes_down_that_the_text_arrived(world: World):
    world.network.settles_after = None
    draft = await world.approve(PUBLIC)
    world.clock.turn(seconds=10)
    (slow,) = await world.claim()
    taken_over = []

    async def lose_the_job() -> None:
        world.clock.turn(seconds=7)
        taken_over.extend(await world.claim())

    world.network.while_sending = lose_the_job
    await world.work(slow)
    await world.work(taken_over[0])
    assert await world.states(draft) == {"public": "sent"}
    assert world.network.texts() == [PUBLIC]


async def test_a_sender_that_was_too_slow_to_begin_does_not_call(world: World):
    draft = await world.approve(PUBLIC)
    world.network.on_read = lambda: world.clock.turn(seconds=30)
    world.clock.turn(seconds=10)
    (job,) = await world.claim()
    await world.work(job)
    assert world.network.calls == []
    world.network.on_read = lambda: None
    await world.run(seconds=60)
    assert world.network.texts() == [PUBLIC]
    assert await world.states(draft) == {"public": "sent"}


async def test_the_same_words_in_answer_to_the_same_post_are_not_taken_for_one_another(world: World):
    """The search finds the earlier one: nobody can say whether the second was taken."""
    draft = await world.approve(PUBLIC)
    again = await world.approve_beside(draft, PUBLIC)
    world.network.turns.extend([Turn.TAKE, Turn.DIE])
    await world.run(seconds=300)
    assert await world.states(again) == {"public": "uncertain"}
    assert world.network.texts() == [PUBLIC]
