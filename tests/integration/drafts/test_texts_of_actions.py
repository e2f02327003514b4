"""What is said of an action: one click approves both, the action comes first, and no text is ahead of it."""

from dataclasses import replace

import pytest

from server.actions.deciding import ActionNotFound
from server.actions.declining import take_back
from server.actions.states import ActionState
from server.db import writing
from server.drafts import review
from server.drafts.acting import OtherActions
from server.drafts.approvals import Blocked
from server.drafts.states import DraftState
from server.errors import NotAllowed
from server.models import DraftRow, PublicationRow
from server.settings import SHIPPED_KNOWLEDGE
from server.staff.roles import Permission, Role
from tests.fakes.cases import person
from tests.integration.drafts.deeds import BOSS, DeedWorld

WE_HAVE = "We have upgraded your order FH-10423 to express delivery."
WE_WILL = "We will upgrade your order FH-10423 to express delivery."
WE_CAN = "We can upgrade your order FH-10423 to express delivery."
SOCIAL = person("social", Role.SOCIAL)
REP = person("rep", Role.REP)


@pytest.fixture
async def world(engine, tmp_path):
    world = await DeedWorld(engine).open()
    world.folder = tmp_path
    return world


async def test_one_click_approves_both_and_the_action_is_done_before_its_text_is_sent(world):
    draft, action = await world.late()
    approved = await world.approve(draft.id, action.id, private=WE_HAVE)
    assert approved.state == DraftState.APPROVED
    assert (await world.act(action.id)).state == ActionState.APPROVED
    assert world.network.said == []

    await world.pass_time(minutes=2)
    assert (await world.act(action.id)).state == ActionState.DONE
    assert world.writer.times == {action.id: 1}
    assert [outgoing.private for outgoing, _ in world.network.said] == [True, False]
    assert world.network.said[0][0].text == WE_HAVE
    assert all(states == {action.id: ActionState.DONE} for _, states in world.network.said)


async def test_nobody_says_we_have_before_it_is_done_nor_we_will_before_it_is_approved(world):
    draft, action = await world.late()
    for words in (WE_HAVE, WE_WILL):
        with pytest.raises(Blocked):
            await world.approve(draft.id, private=words)
    await world.approve_action(action.id)
    with pytest.raises(Blocked):
        await world.approve(draft.id, private=WE_HAVE)
    await world.approve(draft.id, private=WE_WILL)


@pytest.mark.parametrize(
    "words",
    [
        "Your order FH-10423 is now on express delivery.",
        "We moved your order FH-10423 to express delivery this morning.",
        "Deine Bestellung FH-10423 geht jetzt per Express.",
    ],
)
async def test_nobody_says_that_it_stands_done_before_it_does(world, words):
    draft, action = await world.late()
    with pytest.raises(Blocked, match="nobody has done this"):
        await world.approve(draft.id, private=words)
    await world.approve_action(action.id)
    with pytest.raises(Blocked, match="nobody has done this"):
        await world.approve(draft.id, private=words)


async def test_what_can_be_done_may_be_said_before(world):
    draft, _ = await world.late()
    edited = await review.edit(world.service, BOSS, draft.id, await world.seen(draft.id), {"private": WE_CAN})
    assert not [item for item in edited.findings if item["rule"] == "promise"]


async def test_words_that_were_edited_before_are_approved_together_with_their_action(world):
    draft, action = await world.late()
    await review.edit(world.service, BOSS, draft.id, await world.seen(draft.id), {"private": WE_HAVE})
    with pytest.raises(Blocked):
        await world.approve(draft.id)
    await world.approve(draft.id, action.id)
    await world.pass_time(minutes=2)
    assert world.network.said[0][0].text == WE_HAVE


@pytest.mark.parametrize("ends", [["refuse"], ["lost", "refuse"]])
async def test_what_is_not_done_brings_the_draft_back_and_nothing_is_sent(world, ends):
    draft, action = await world.late()
    world.writer.ends = list(ends)
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await world.pass_time(minutes=5)
    assert (await world.act(action.id)).state == ActionState.FAILED
    back = await world.draft(draft.id)
    assert back.state == DraftState.PENDING
    [why] = [item["reason"] for item in back.findings if item["rule"] == "stale"]
    assert why == "upgrade shipping: it was not done: it has left us"
    assert world.network.said == []
    with pytest.raises(Blocked):
        await world.approve(draft.id)


async def test_an_action_that_is_taken_back_brings_the_draft_back(world):
    draft, action = await world.late()
    world.writer.ends = ["away"] * 3
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await world.work()
    await take_back(world.service, BOSS, action.id, "the customer is away")
    assert (await world.draft(draft.id)).state == DraftState.PENDING
    await world.pass_time(minutes=5)
    assert world.network.said == []


async def test_texts_wait_while_nobody_knows_and_say_what_for(world):
    draft, action = await world.late()
    world.writer.ends, world.writer.blind = ["silent"], True
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await world.pass_time(minutes=10)
    assert (await world.act(action.id)).state == ActionState.UNCERTAIN
    assert world.network.said == []
    rows = await world.rows(PublicationRow, draft=draft.id, part="private")
    assert rows[0].error.startswith("it waits: upgrade shipping is ")

    await world.settle(action.id, done=True)
    await world.pass_time(minutes=2)
    assert [outgoing.private for outgoing, _ in world.network.said] == [True, False]


async def test_what_nobody_knows_and_was_not_done_brings_the_draft_back(world):
    draft, action = await world.late()
    world.writer.ends, world.writer.blind = ["lost"], True
    await world.approve(draft.id, action.id, private=WE_HAVE)
    await world.pass_time(minutes=10)
    await world.settle(action.id, done=False)
    assert (await world.draft(draft.id)).state == DraftState.PENDING
    await world.pass_time(minutes=2)
    assert world.network.said == []


async def costly(world: DeedWorld, amount: int = 1001):
    """The same where an upgrade costs so much, and social colleagues may give 10.00."""
    rules = (SHIPPED_KNOWLEDGE / "actions.yaml").read_text().replace("GBP: 895", f"GBP: {amount}")
    folder = world.folder / "knowledge"
    folder.mkdir()
    for name in ("review.yaml", "offers.yaml"):
        (folder / name).write_bytes((SHIPPED_KNOWLEDGE / name).read_bytes())
    (folder / "actions.yaml").write_text(rules)
    settings = world.service.settings.model_copy(update={"knowledge": folder})
    world.service = replace(world.service, settings=settings)
    return await world.late()


async def test_over_the_limit_both_wait_for_a_second_person_who_approves_both(world):
    draft, action = await costly(world)
    first = await world.approve(draft.id, action.id, by=SOCIAL, private=WE_HAVE)
    assert first.state == DraftState.AWAITING_SECOND
    assert (await world.act(action.id)).state == ActionState.AWAITING_SECOND
    [asked] = [row for row in await world.decisions(draft.id) if row.kind == "ask_second"]
    assert [item["rule"] for item in asked.after["second"]] == ["amount"]
    await world.pass_time(minutes=2)
    assert (world.writer.times, world.network.said) == ({}, [])

    with pytest.raises(OtherActions):
        await world.approve(draft.id, "action_of_somebody_else")
    await world.approve(draft.id)
    assert (await world.act(action.id)).state == ActionState.APPROVED
    await world.pass_time(minutes=2)
    assert world.writer.times == {action.id: 1}
    assert len(world.network.said) == 2


async def test_a_first_yes_that_is_taken_back_is_one_to_neither(world):
    draft, action = await costly(world)
    await world.approve(draft.id, action.id, by=SOCIAL, private=WE_HAVE)
    await review.take_back(world.service, SOCIAL, draft.id, await world.seen(draft.id), "not yet")
    assert (await world.draft(draft.id)).state == DraftState.PENDING
    assert (await world.act(action.id)).state == ActionState.PROPOSED
    await world.approve(draft.id, action.id)
    await world.pass_time(minutes=2)
    assert world.writer.times == {action.id: 1}


async def test_a_draft_that_needs_a_second_person_has_its_action_wait_too(world):
    draft, action = await world.late()
    async with writing(world.engine) as session:
        (await session.get_one(DraftRow, draft.id)).reach = 1_000_000
    await world.approve(draft.id, action.id, by=SOCIAL, private=WE_HAVE)
    assert (await world.act(action.id)).state == ActionState.AWAITING_SECOND
    await world.approve(draft.id)
    assert (await world.act(action.id)).state == ActionState.APPROVED


async def test_a_text_alone_costs_nothing_whatever_is_proposed_beside_it(world):
    draft, action = await costly(world)
    assert (await world.approve(draft.id, by=SOCIAL)).state == DraftState.APPROVED
    assert (await world.act(action.id)).state == ActionState.PROPOSED


async def test_who_may_not_approve_actions_approves_none_with_a_draft(world):
    draft, action = await world.late()
    limited = replace(REP, permissions=REP.permissions - {Permission.APPROVE_ACTIONS})
    with pytest.raises(NotAllowed):
        await world.approve(draft.id, action.id, by=limited)
    assert (await world.act(action.id)).state == ActionState.PROPOSED


async def test_only_what_was_proposed_with_the_draft_is_approved_with_it(world):
    draft, _ = await world.late()
    with pytest.raises(ActionNotFound):
        await world.approve(draft.id, "action_of_somebody_else")


async def test_the_change_that_a_text_speaks_of_does_not_void_it_but_others_about_that_order(world):
    draft, action = await world.late()
    await world.post("And where is my order FH-10423?", thread="t2")
    world.wait()
    await world.work()
    other = await world.newest()
    assert other.id != draft.id
    await world.approve(draft.id, action.id, private=f"{draft.private_text} {WE_HAVE}")
    await world.pass_time(minutes=2)
    assert len(world.network.said) == 2
    assert (await world.draft(draft.id)).state == DraftState.APPROVED
    assert [item["reason"] for item in (await world.draft(other.id)).findings] == ["order FH-10423 has changed"]
