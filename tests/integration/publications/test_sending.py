from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.drafts.voiding import void_draft
from server.models import AccountRow, CaseRow, DraftRow, PostRow, RestRow
from server.publications.publishing import AlreadyOnItsWay, ApprovalDoesNotFit, NothingToSend, stop_unsent
from tests.fakes.network import Turn
from tests.integration.publications.world import PRIVATE, PUBLIC, UNDO, World
from tools.ports import Identity, PortUnavailable
from tools.records import Known


async def test_an_approved_text_is_sent_once_the_undo_time_is_over(world: World):
    draft = await world.approve(PUBLIC)
    await world.run(seconds=UNDO.total_seconds() - 1)
    assert world.network.texts() == []
    assert await world.states(draft) == {"public": "held"}
    await world.run(seconds=1)
    assert world.network.texts() == [PUBLIC]
    assert await world.states(draft) == {"public": "sent"}
    told = [kind for kind in await world.events() if kind.startswith("publication.")]
    assert told == [f"publication.{state}" for state in ("held", "queued", "sending", "sent")]


async def test_a_scheduled_text_waits_for_its_moment(world: World):
    draft = await world.approve(PUBLIC, at=world.clock() + timedelta(hours=3))
    await world.run(seconds=3 * 3600 - 1)
    assert await world.states(draft) == {"public": "held"}
    await world.run(seconds=1)
    assert world.network.texts() == [PUBLIC]


async def test_a_text_cannot_be_scheduled_for_the_past(world: World):
    with pytest.raises(NothingToSend):
        await world.approve(PUBLIC, at=world.clock() - timedelta(seconds=1))


async def test_the_private_part_is_sent_before_the_public_one(world: World):
    await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=10)
    assert [(post.text, post.private) for post in world.network.ours()] == [(PRIVATE, True), (PUBLIC, False)]


async def test_the_public_part_waits_while_nobody_knows_of_the_private_one(world: World):
    world.network.turns.append(Turn.LOSE_SILENTLY)
    world.network.reachable, world.network.can_be_read = True, False
    world.network.before_send = lambda: setattr(world.network, "reachable", False)
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=3600)
    assert await world.states(draft) == {"private": "uncertain", "public": "held"}
    assert world.network.texts() == []


async def test_if_the_private_part_is_refused_the_public_one_goes_back_to_review(world: World):
    world.network.turns.append(Turn.REFUSE)
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=60)
    assert world.network.texts() == []
    assert await world.states(draft) == {"private": "failed", "public": "withdrawn"}
    row = await world.get(DraftRow, draft)
    assert row.state == "pending"
    assert "the text is too long" in (await world.decisions(draft))[-1].reason


async def test_a_public_part_refused_after_the_private_one_was_sent_is_sent_without_repeating_that(world: World):
    world.network.turns.extend([Turn.TAKE, Turn.REFUSE])
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=60)
    assert await world.states(draft) == {"private": "sent", "public": "failed"}
    await world.edit_draft(draft, public_text="See your messages.")
    await world.approve_draft(draft)
    await world.run(seconds=60)
    assert world.network.texts() == [PRIVATE, "See your messages."]


async def test_other_words_for_a_part_that_was_sent_are_refused(world: World):
    world.network.turns.extend([Turn.TAKE, Turn.REFUSE])
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=60)
    await world.edit_draft(draft, private_text="Something else.")
    with pytest.raises(AlreadyOnItsWay):
        await world.approve_draft(draft)


async def test_an_answer_written_anew_does_not_repeat_what_is_out_in_the_same_words(world: World):
    world.network.turns.extend([Turn.TAKE, Turn.REFUSE])
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=60)
    again = await world.approve_beside(draft, "See your messages.")
    await world.run(seconds=60)
    assert await world.states(again) == {"public": "sent"}
    assert world.network.texts() == [PRIVATE, "See your messages."]
    with pytest.raises(NothingToSend, match="not out already"):
        await world.approve_beside(again, "See your messages.")


async def test_a_sent_text_becomes_a_post_of_the_brand_in_the_thread(world: World):
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=10)
    posts = [post for post in await world.posts() if post.role == "brand"]
    target = await world.get(PostRow, (await world.get(DraftRow, draft)).target_post)
    assert [(post.text, post.private_to) for post in posts] == [(PRIVATE, "anna"), (PUBLIC, None)]
    assert {(post.thread, post.in_reply_to) for post in posts} == {(target.thread, target.network_id)}


async def test_the_case_is_closed_when_everything_was_sent(world: World):
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=10)
    case = await world.get(CaseRow, (await world.get(DraftRow, draft)).case)
    assert not case.open


async def test_an_approval_of_another_text_does_not_send_this_one(world: World):
    draft = await world.draft(PUBLIC, None)
    with pytest.raises(ApprovalDoesNotFit):
        await world.approve_draft(draft, approved={"public": "Other words."})


async def test_a_voided_approval_sends_nothing(world: World):
    draft = await world.approve(PUBLIC)
    async with writing(world.engine) as session:
        (approval,) = await world.approvals(session, draft)
        approval.voided_at = world.clock()
    await world.run(seconds=60)
    assert world.network.calls == []
    assert await world.states(draft) == {"public": "withdrawn"}
    assert (await world.get(DraftRow, draft)).state == "pending"


@pytest.mark.parametrize("change", ["edited", "deleted"])
async def test_a_target_that_is_not_what_it_was_on_the_network_stops_the_answer(world: World, change: str):
    draft = await world.approve(PUBLIC, PRIVATE)
    asked = world.network.posts[0]
    asked.text, asked.deleted = ("Never mind", False) if change == "edited" else (asked.text, True)
    await world.run(seconds=60)
    assert world.network.calls == []
    assert await world.states(draft) == {"private": "withdrawn", "public": "withdrawn"}
    assert (await world.get(DraftRow, draft)).state == "pending"
    assert f"the post it answers was {change}" in {decision.reason for decision in await world.decisions(draft)}


async def test_a_network_that_cannot_be_read_is_trusted_on_what_it_told(world: World):
    world.network.can_be_read = False
    await world.approve(PUBLIC)
    await world.run(seconds=10)
    assert world.network.texts() == [PUBLIC]


async def test_an_unreachable_network_is_tried_again_until_it_answers(world: World):
    world.network.reachable = False
    draft = await world.approve(PUBLIC)
    await world.run(seconds=600)
    assert await world.states(draft) == {"public": "queued"}
    world.network.reachable = True
    await world.run(seconds=600)
    assert world.network.texts() == [PUBLIC]


async def test_what_waits_for_too_long_goes_back_to_review(engine: AsyncEngine):
    world = await World(engine, too_old_minutes=20).open()
    world.network.reachable = False
    draft = await world.approve(PUBLIC)
    await world.run(seconds=1800)
    world.network.reachable = True
    await world.run(seconds=3600)
    assert world.network.calls == []
    assert (await world.get(DraftRow, draft)).state == "pending"


async def test_a_network_that_asks_to_wait_is_not_asked_by_anybody_before(world: World):
    world.network.turns.append(Turn.DELAY)
    first = await world.approve(PUBLIC)
    second = await world.approve("Another answer.", author="ben")
    elsewhere = await world.approve("On another network.", account="acc-m", author="cleo")
    await world.run(seconds=10 + 89)
    assert len([call for call in world.network.calls if call.recipient != "cleo"]) == 1
    assert await world.states(first) == {"public": "queued"}
    assert await world.states(elsewhere) == {"public": "sent"}
    await world.run(seconds=2)
    assert await world.states(first) == await world.states(second) == {"public": "sent"}


async def test_an_account_that_was_removed_sends_nothing(world: World):
    draft = await world.approve(PUBLIC)
    async with writing(world.engine) as session:
        (await session.get_one(AccountRow, "acc-x")).removed_at = world.clock()
    await world.run(seconds=60)
    assert world.network.calls == []
    assert (await world.get(DraftRow, draft)).state == "pending"


async def test_what_is_stopped_in_time_is_never_sent_and_can_be_approved_again(world: World):
    draft = await world.approve(PUBLIC, PRIVATE)
    async with writing(world.engine) as session:
        assert await void_draft(session, await session.get_one(DraftRow, draft), "an order changed", world.clock())
    await world.run(seconds=60)
    assert world.network.calls == []
    await world.approve_draft(draft)
    await world.run(seconds=60)
    assert world.network.texts() == [PRIVATE, PUBLIC]


async def test_what_was_sent_cannot_be_stopped(world: World):
    draft = await world.approve(PUBLIC)
    await world.run(seconds=10)
    async with writing(world.engine) as session:
        assert not await stop_unsent(session, draft, "the customer wrote again", world.clock())
    assert await world.states(draft) == {"public": "sent"}


async def test_approving_twice_replaces_what_waits(world: World):
    draft = await world.approve(PUBLIC)
    async with writing(world.engine) as session:
        for approval in await world.approvals(session, draft):
            approval.voided_at = world.clock()
    await world.edit_draft(draft, public_text="Better words.")
    await world.approve_draft(draft)
    await world.run(seconds=60)
    assert world.network.texts() == ["Better words."]


class Shop:
    """Whom the shop knows, when it answers."""

    answers = True

    async def identify(self, **_who: object) -> Identity:
        if not self.answers:
            raise PortUnavailable("customers")
        return Identity(Known.UNKNOWN)


async def rest_on_a_link(world: World, draft: str) -> None:
    async with writing(world.engine) as session:
        session.add(RestRow(draft=draft, kind="link", ref="link_1", digest="as it was"))


async def test_a_fact_that_has_changed_sends_the_draft_back_to_review(world: World):
    world.desk.ports = SimpleNamespace(customers=Shop())
    draft = await world.approve(PUBLIC)
    await rest_on_a_link(world, draft)
    await world.run(seconds=60)
    assert world.network.calls == []
    assert (await world.get(DraftRow, draft)).state == "pending"
    assert "linked otherwise" in (await world.publications(draft))[0].withdraw_reason


async def test_what_cannot_be_checked_waits(world: World):
    world.desk.ports = SimpleNamespace(customers=Shop())
    world.desk.ports.customers.answers = False
    draft = await world.approve(PUBLIC)
    await rest_on_a_link(world, draft)
    await world.run(seconds=600)
    assert world.network.calls == []
    assert (await world.get(DraftRow, draft)).state == "approved"
    world.desk.ports.customers.answers = True
    await world.run(seconds=60)
    assert (await world.get(DraftRow, draft)).state == "pending"


async def test_a_fault_of_ours_does_not_leave_a_text_waiting_for_ever(world: World):
    object.__setattr__(world.service, "channel", lambda account: 1 / 0)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=3600)
    assert (await world.get(DraftRow, draft)).state == "pending"
    assert "its log says why" in (await world.publications(draft))[0].withdraw_reason


async def test_a_fault_of_ours_while_looking_leaves_the_text_to_people(world: World):
    world.network.turns.append(Turn.DIE)
    world.network.on_find = lambda: 1 / 0
    draft = await world.approve(PUBLIC)
    await world.run(seconds=3600)
    (row,) = await world.publications(draft)
    assert (row.state, row.error) == ("uncertain", "Deskside failed at it again and again; its log says why")
    assert len(world.network.calls) == 1
