"""An older backup was put back: the database has forgotten what was sent since, and nothing of that is sent again."""

from datetime import timedelta

import pytest

from server.channels.intake import take
from server.channels.protocol import Incoming
from server.db import writing
from server.models import AccountRow, DraftRow, PostRow
from server.publications import pausing
from server.publications.restoring import ANSWERED, CANNOT_LOOK, Restored, note_restoring
from server.publications.settling import settle_not_sent
from tests.integration.publications.world import PRIVATE, PUBLIC, World

OTHER_WORDS = "We have looked into it, and your tent is on its way."


async def restore(world: World) -> Restored:
    """Say that the database was restored; its pause is lifted by whoever has looked at what it holds."""
    async with writing(world.engine) as session:
        found = await note_restoring(session, world.clock())
    async with writing(world.engine) as session:
        held = await pausing.held_by(session, found.pause, world.clock(), too_old=timedelta(hours=4), brands=None)
        await pausing.lift(
            session,
            found.pause.id,
            seen=[item.publication.id for item in held],
            brands=None,
            by="machine",
            now=world.clock(),
            too_old=timedelta(hours=4),
        )
    return found


async def forgotten(world: World, draft: str, text: str, *, private: bool = False) -> str:
    """Our account has answered after the backup was made: the network has it, and this database does not know."""
    row = await world.get(DraftRow, draft)
    account = await world.get(AccountRow, row.account)
    target = await world.get(PostRow, row.target_post)
    told = world.network.write(account.handle, text)
    told.reply_to, told.recipient, told.private = target.network_id, target.author, private
    return told.id


async def test_what_was_sent_after_the_backup_is_found_and_not_sent_again(world: World):
    draft = await world.approve(PUBLIC, PRIVATE)
    await forgotten(world, draft, PRIVATE, private=True)
    await forgotten(world, draft, PUBLIC)
    world.clock.turn(seconds=3600)
    found = await restore(world)
    assert (found.to_send, found.to_decide) == (2, 0)
    await world.run(seconds=120)
    assert world.network.texts() == [PRIVATE, PUBLIC]
    assert await world.states(draft) == {"private": "sent", "public": "sent"}


async def test_what_was_not_sent_is_sent_after_looking(world: World):
    draft = await world.approve(PUBLIC)
    await restore(world)
    await world.run(seconds=120)
    assert world.network.texts() == [PUBLIC]
    assert await world.states(draft) == {"public": "sent"}


async def test_nothing_is_sent_before_somebody_has_looked(world: World):
    await world.approve(PUBLIC)
    async with writing(world.engine) as session:
        await note_restoring(session, world.clock())
    await world.run(seconds=3600)
    assert world.network.texts() == []


async def test_a_draft_that_was_approved_after_the_backup_too_is_not_sent_twice(world: World):
    draft = await world.draft(PUBLIC, None)
    await forgotten(world, draft, PUBLIC)
    world.clock.turn(seconds=24 * 3600)
    found = await restore(world)
    assert (found.to_send, found.to_decide) == (0, 1)
    await world.approve_draft(draft)
    await world.run(seconds=120)
    assert world.network.texts() == [PUBLIC]
    assert await world.states(draft) == {"public": "sent"}


async def test_a_network_that_does_not_answer_is_asked_until_it_does(world: World):
    draft = await world.draft(PUBLIC, None)
    await forgotten(world, draft, PUBLIC)
    world.clock.turn(seconds=24 * 3600)
    await restore(world)
    await world.approve_draft(draft)
    world.network.reachable = False
    await world.run(seconds=120)
    world.network.reachable = True
    await world.run(seconds=3600)
    assert world.network.texts() == [PUBLIC]
    assert await world.states(draft) == {"public": "sent"}


async def test_where_nobody_can_look_a_person_says_once_whether_it_was_sent(world: World):
    world.network.settles_after = None
    draft = await world.approve(PUBLIC)
    await restore(world)
    await world.run(seconds=120)
    (row,) = await world.publications(draft)
    assert (row.state, row.error) == ("uncertain", CANNOT_LOOK)
    assert world.network.calls == []
    async with writing(world.engine) as session:
        await settle_not_sent(
            session,
            row.id,
            send_again=True,
            brands=frozenset({"fernhollow"}),
            by="staff_1",
            reason="nothing there",
            now=world.clock(),
        )
    await world.run(seconds=120)
    assert world.network.texts() == [PUBLIC]


async def test_the_same_words_that_the_network_tells_of_are_taken_for_the_text_itself(world: World):
    draft = await world.approve(PUBLIC)
    there = await forgotten(world, draft, PUBLIC)
    world.clock.turn(seconds=3600)
    await restore(world)
    await tell(world, draft, there)
    await world.run(seconds=120)
    assert world.network.texts() == [PUBLIC]
    assert await world.states(draft) == {"public": "sent"}


@pytest.mark.parametrize("told", ["before the approval", "after the approval"])
async def test_an_answer_in_other_words_is_seen_by_a_person_before_another_goes_out(world: World, told: str):
    draft = await world.draft(PUBLIC, None)
    there = await forgotten(world, draft, OTHER_WORDS)
    world.clock.turn(seconds=3600)
    await restore(world)
    if told == "before the approval":
        await tell(world, draft, there)
        world.clock.turn(seconds=1)
        await world.approve_draft(draft)
    else:
        await world.approve_draft(draft)
        world.clock.turn(seconds=1)
        await tell(world, draft, there)
    await world.run(seconds=120)
    row = await world.get(DraftRow, draft)
    if told == "before the approval":
        assert world.network.texts() == [OTHER_WORDS, PUBLIC]
    else:
        assert world.network.texts() == [OTHER_WORDS]
        assert row.state == "pending"
        assert any(ANSWERED in (decision.reason or "") for decision in await world.decisions(draft))


async def tell(world: World, draft: str, network_id: str) -> None:
    """The network tells of everything since the backup once more."""
    row = await world.get(DraftRow, draft)
    target = await world.get(PostRow, row.target_post)
    post = world.network.post(network_id)
    event = Incoming(
        post.id, target.network_id, post.author, post.text, post.at, in_reply_to=post.reply_to, from_brand=True
    )
    async with writing(world.engine) as session:
        account = await session.get_one(AccountRow, row.account)
        await take(session, account, [event], world.clock(), quiet=timedelta(minutes=3))


async def test_what_was_posted_since_is_answered_without_looking(world: World):
    await restore(world)
    world.clock.turn(seconds=1)
    looked: list[None] = []
    world.network.on_find = lambda: looked.append(None)
    await world.approve(PUBLIC)
    await world.run(seconds=120)
    assert world.network.texts() == [PUBLIC]
    assert looked == []
