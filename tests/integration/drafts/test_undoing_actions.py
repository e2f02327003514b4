"""What is approved in one click is undone in one: the action waits as long as its text, and goes back with it."""

import pytest

from server.actions import declining
from server.actions.deciding import ActionChanged
from server.actions.kinds import ActionKind
from server.actions.proposing import NoSuchCase, Proposed, propose
from server.actions.states import ActionState
from server.actions.undoing import told_too_late
from server.db import writing
from server.drafts import review
from server.drafts.states import DraftState
from server.models import ActionRow, DraftRow
from server.staff.roles import Role
from tests.fakes.cases import person
from tests.integration.drafts.deeds import BOSS, DeedWorld
from tests.integration.drafts.http import over_http

WE_HAVE = "We have upgraded your order FH-10423 to express delivery."
WE_WILL = "We will upgrade your order FH-10423 to express delivery."
SOCIAL = person("social", Role.SOCIAL)


@pytest.fixture
async def world(engine):
    return await DeedWorld(engine).open()


async def taken_back(world: DeedWorld, draft: str, reason: str = "oops") -> DraftRow:
    return await review.take_back(world.service, BOSS, draft, await world.seen(draft), reason)


async def test_within_the_undo_time_nothing_was_asked_of_the_shop_and_the_action_goes_back(world):
    draft, action = await world.late()
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await world.work()
    assert (await world.act(action.id)).state == ActionState.APPROVED
    await taken_back(world, draft.id)
    back = await world.act(action.id)
    assert (back.state, back.approved_by) == (ActionState.PROPOSED, None)
    await world.pass_time(minutes=2)
    assert (world.writer.times, world.network.said) == ({}, [])
    await world.approve(draft.id, action.id)
    await world.pass_time(minutes=2)
    assert world.writer.times == {action.id: 1}
    assert world.network.said[0][0].text == WE_HAVE


async def test_an_edit_takes_it_back_as_well(world):
    draft, action = await world.late()
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await review.edit(world.service, BOSS, draft.id, await world.seen(draft.id), {"private": "We are looking into it."})
    assert (await world.act(action.id)).state == ActionState.PROPOSED


async def test_a_draft_that_is_written_anew_takes_along_what_was_proposed_with_it(world):
    draft, action = await world.late()
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await review.redraft(world.service, BOSS, draft.id, await world.seen(draft.id), "another tone")
    assert (await world.act(action.id)).state == ActionState.EXPIRED


async def test_what_the_shop_was_asked_for_goes_on_and_is_told(world):
    draft, action = await world.late()
    world.writer.ends, world.writer.blind = ["silent"], True
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await world.pass_time(minutes=10)
    back = await taken_back(world, draft.id)
    assert back.state == DraftState.PENDING
    assert told_too_late(back, [await world.act(action.id)]) == "upgrade shipping of order FH-10423 may have been done"
    await world.settle(action.id, done=True)
    assert told_too_late(back, [await world.act(action.id)]) == "upgrade shipping of order FH-10423 is done"


async def test_what_was_approved_by_itself_stands(world):
    draft, action = await world.late()
    world.writer.ends = ["away"] * 20
    await world.approve_action(action.id)
    await world.approve(draft.id, private=WE_WILL)
    await taken_back(world, draft.id)
    assert (await world.act(action.id)).state == ActionState.APPROVED


async def test_where_the_sum_changes_between_the_two_yeses_the_draft_is_looked_at_again_too(world):
    draft, action = await world.late()
    async with writing(world.engine) as session:
        (await session.get_one(DraftRow, draft.id)).reach = 1_000_000
    await world.approve(draft.id, action.id, by=SOCIAL, private=WE_HAVE)
    async with writing(world.engine) as session:
        (await session.get_one(ActionRow, action.id)).amount = 100
    with pytest.raises(ActionChanged):
        await world.approve(draft.id)
    assert (await world.act(action.id)).state == ActionState.PROPOSED
    back = await world.draft(draft.id)
    assert back.state == DraftState.PENDING
    assert [item["reason"] for item in back.findings if item["rule"] == "stale"] == [
        "upgrade shipping: what it comes to has changed with the records"
    ]


async def test_an_action_that_is_proposed_beside_a_draft_is_of_its_case_and_approved_with_it(world):
    draft, action = await world.late()
    refund = Proposed(action.customer, ActionKind.REFUND, {"order": "FH-10423", "amount": 700}, draft=draft.id)
    beside = await propose(world.service, BOSS, refund)
    assert beside.case == draft.case
    await world.approve(draft.id, action.id, beside.id, private=WE_HAVE)
    assert (await declining.take_back(world.service, BOSS, beside.id, "no")).state == ActionState.PROPOSED


async def test_a_case_that_is_none_is_refused_also_beside_a_draft(world):
    draft, action = await world.late()
    other = Proposed(action.customer, ActionKind.REFUND, {"order": "FH-10423", "amount": 700}, None, "case_x", draft.id)
    with pytest.raises(NoSuchCase):
        await propose(world.service, BOSS, other)


async def test_the_views_say_what_needs_a_yes_and_what_it_is_too_late_for(world):
    draft, action = await world.late()
    async with over_http(world) as desk:
        shown = (await desk.get(BOSS, f"/drafts/{draft.id}")).json()
        [offer] = shown["actions"]
        assert (offer["consent_needed"], offer["consented"], shown["too_late"]) == (False, False, None)
        asked = {"order": "FH-10423", "reason": "no longer needed"}
        consent = {"quote": "Yes, cancel it.", "source": "call"}
        body = {"customer": action.customer, "action": "cancel_order", "arguments": asked, "consent": consent}
        assert (await desk.post(BOSS, "/actions", body)).json()["consent_needed"] is True
        await desk.decide(BOSS, draft.id, "approve", actions=[action.id], private_text=WE_HAVE, confirmed=True)
        await world.pass_time(minutes=2)
        told = (await desk.get(BOSS, f"/drafts/{draft.id}")).json()["too_late"]
        assert told == "upgrade shipping of order FH-10423 is done"
