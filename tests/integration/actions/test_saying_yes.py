"""A yes is the customer's own, whole and last: not cut out of a no, not from before they changed their mind."""

from datetime import timedelta

import pytest

from server.actions.broken import ActionBreaksRules
from server.actions.consent import Consent
from server.actions.consenting import record_consent
from server.actions.kinds import ActionKind
from server.channels.links import Claim, link_customer, unlink_customer
from server.db import writing
from tests.integration.actions.world import ActionWorld, order

CANCEL = {"order": "FH-1", "reason": "no longer needed"}


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Wait no, don't cancel it, I want to keep it.", "cancel it"),
        ("Yes, cancel it. Actually wait, let me think.", "Yes, cancel it."),
        ("Where is my order? It should be here today.", "It should be here today"),
        ("Where is my order?", "e"),
        ("yesterday I ordered a jacket, cancelled before", "yes"),
        ("I don't want to cancel.", "I don't want to cancel."),
        ("Yes, cancel it if you refund me in full.", "Yes, cancel it"),
        ("Bitte storniere die Bestellung nicht.", "Bitte storniere die Bestellung"),
        ("I want a refund for my order", "I want a refund for my order"),
        ("I want to cancel order FH-9", "I want to cancel order FH-9"),
        ("My order FH-9 is late. Please cancel it.", "Please cancel it."),
    ],
)
async def test_a_yes_is_not_cut_out_of_something_else(world: ActionWorld, text: str, quote: str):
    await world.open(order("FH-1"))
    post, _ = await world.write(text)
    with pytest.raises(ActionBreaksRules) as refused:
        await world.propose(ActionKind.CANCEL_ORDER, Consent(quote, post), **CANCEL)
    assert [item.rule for item in refused.value.broken] == ["consent"]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("I was not sure yesterday. Yes, cancel it please.", "Yes, cancel it please."),
        ("Please CANCEL  my order FH-1", "please cancel my order"),
        ("Ja, bitte stornieren.", "Ja, bitte stornieren"),
        ("Can you cancel it? Thanks", "Can you cancel it?"),
        ("Bitte stornieren, ich warte seit Wochen", "Bitte stornieren, ich warte seit Wochen"),
        ("Please cancel order no. FH-1", "Please cancel order no. FH-1"),
    ],
)
async def test_a_yes_may_stand_in_a_longer_post(world: ActionWorld, text: str, quote: str):
    await world.open(order("FH-1"))
    post, _ = await world.write(text)
    assert (await world.propose(ActionKind.CANCEL_ORDER, Consent(quote, post), **CANCEL)).consent_post == post


async def test_a_yes_from_before_they_wrote_again_is_none(world: ActionWorld):
    await world.open(order("FH-1"))
    post, _ = await world.write("Yes please cancel it.")
    waiting = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    await world.write("No, don't cancel it.", network_id="n2")
    old = Consent("Yes please cancel it.", post)
    with pytest.raises(ActionBreaksRules, match="wrote again"):
        await world.propose(ActionKind.CANCEL_ORDER, old, **CANCEL)
    with pytest.raises(ActionBreaksRules, match="wrote again"):
        await record_consent(world.service, world.rep, waiting.id, old)


@pytest.mark.parametrize("days", [-1, 31])
async def test_a_yes_from_before_the_order_or_of_long_ago_is_none(world: ActionWorld, days: int):
    placed = world.now - timedelta(days=max(0, days))
    await world.open(order("FH-1", placed_at=(placed + timedelta(hours=1) if days < 0 else placed).isoformat()))
    post, _ = await world.write("Yes please cancel it.")
    world.now += timedelta(days=max(0, days))
    with pytest.raises(ActionBreaksRules, match="older than"):
        await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes please cancel it.", post), **CANCEL)


async def test_a_yes_that_was_fresh_when_proposed_and_is_old_when_approved_is_none(world: ActionWorld):
    await world.open(order("FH-1"))
    post, _ = await world.write("Yes please cancel it.")
    action = await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes please cancel it.", post), **CANCEL)
    world.now += timedelta(days=31)
    with pytest.raises(ActionBreaksRules, match="older than"):
        await world.approve(action)


async def test_one_yes_is_to_one_order_unless_it_names_the_other(world: ActionWorld):
    await world.open(order("FH-1"), order("FH-2"))
    post, _ = await world.write("Yes, please cancel it.")
    yes = Consent("Yes, please cancel it.", post)
    await world.propose(ActionKind.CANCEL_ORDER, yes, **CANCEL)
    with pytest.raises(ActionBreaksRules, match="about another order"):
        await world.propose(ActionKind.CANCEL_ORDER, yes, **{**CANCEL, "order": "FH-2"})
    both, _ = await world.write("Yes, please cancel FH-1 and FH-2.", network_id="n2")
    for number in ("FH-1", "FH-2"):
        yes = Consent("Yes, please cancel FH-1 and FH-2.", both)
        assert (await world.propose(ActionKind.CANCEL_ORDER, yes, **{**CANCEL, "order": number})).consent_post == both


@pytest.mark.parametrize("spelt", [str.upper, "x:{}".format, "Post {}".format, lambda post: post.replace("_", "-")])
async def test_a_post_is_looked_at_however_its_name_is_spelt(world: ActionWorld, spelt):
    await world.open(order("FH-1"))
    post, _ = await world.write("No, keep it.")
    with pytest.raises(ActionBreaksRules, match="post"):
        await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes, cancel it.", spelt(post)), **CANCEL)


async def test_a_void_yes_stays_in_the_history_with_why(world: ActionWorld):
    await world.open(order("FH-1"))
    post, _ = await world.write("Yes please cancel it.")
    action = await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes please cancel it.", post), **CANCEL)
    await world.write("gracias!!", network_id="n2")
    void = (await world.history(action.id))[-1]
    assert (void.kind, void.reason) == ("void", "the customer wrote again after their yes")
    assert void.after is not None
    assert void.after["consent"]["quote"] == "Yes please cancel it."


async def test_whoever_is_unlinked_has_said_yes_to_nothing(world: ActionWorld):
    await world.open(order("FH-1"))
    claim = Claim(brand="fernhollow", channel="x", handle="newname", customer="C-1")
    async with writing(world.engine) as session:
        link = await link_customer(session, world.supervisor, claim, reason="they told us", now=world.now)
    post, _ = await world.write("Yes please cancel it.", author="newname")
    action = await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes please cancel it.", post), **CANCEL)
    await world.approve(action)
    async with writing(world.engine) as session:
        await unlink_customer(session, world.supervisor, link.id, reason="wrong person", now=world.now)
    assert ((await world.get(action.id)).state, (await world.get(action.id)).consent_quote) == ("proposed", None)
    await world.work()
    assert await world.carried_out() == []


@pytest.mark.parametrize("said_in", ["post", "call"])
async def test_a_change_of_mind_in_another_thread_voids_the_yes(world: ActionWorld, said_in: str):
    await world.open(order("FH-1"))
    post, _ = await world.write("Yes please cancel it.")
    yes = Consent("Yes please cancel it.", post if said_in == "post" else "call 8812")
    action = await world.propose(ActionKind.CANCEL_ORDER, yes, **CANCEL)
    await world.approve(action)
    world.now += timedelta(seconds=1)
    await world.write("Changed my mind, do NOT cancel FH-1!", network_id="n2", thread="n2")
    assert ((await world.get(action.id)).state, (await world.get(action.id)).consent_quote) == ("proposed", None)
    await world.work()
    assert await world.carried_out() == []


async def test_what_somebody_else_writes_or_was_written_before_voids_nothing(world: ActionWorld):
    await world.open(order("FH-1"))
    world.now += timedelta(minutes=1)
    post, _ = await world.write("Yes please cancel it.")
    action = await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes please cancel it.", post), **CANCEL)
    await world.write("Do not cancel it!", author="benhill", network_id="n2", thread="n2")
    assert (await world.get(action.id)).consent_post == post
    world.now -= timedelta(seconds=30)
    await world.write("Where is my tent?", network_id="n3", thread="n3")
    assert (await world.get(action.id)).consent_post == post


async def test_a_yes_from_before_they_wrote_elsewhere_is_none(world: ActionWorld):
    await world.open(order("FH-1"))
    post, _ = await world.write("Yes please cancel it.")
    world.now += timedelta(seconds=1)
    await world.write("Do NOT cancel FH-1!", network_id="n2", thread="n2")
    with pytest.raises(ActionBreaksRules, match="wrote again elsewhere"):
        await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes please cancel it.", post), **CANCEL)


async def test_what_needs_no_yes_and_was_approved_is_looked_at_again_once_they_write(world: ActionWorld):
    await world.open(order("FH-1", status="processing"))
    _, case = await world.write("Where is it?")
    action = await world.propose(ActionKind.UPGRADE_SHIPPING, None, case=case, order="FH-1")
    await world.approve(action)
    world.now += timedelta(seconds=1)
    await world.write("Please do not change anything about the delivery, I am away!", network_id="n2")
    again = await world.get(action.id)
    assert (again.state, again.approved_by) == ("proposed", None)
    await world.work()
    assert await world.carried_out() == []
