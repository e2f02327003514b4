"""An action is done when the customer and enough people have said yes to exactly it, and not before."""

import asyncio

import pytest

from server.actions import approving, declining
from server.actions.approving import ActionOverLimit, SamePersonTwice
from server.actions.broken import ActionBreaksRules
from server.actions.consent import Consent
from server.actions.deciding import ActionChanged, ActionNotFound, PeopleAct
from server.actions.kinds import ActionKind
from server.actions.states import IllegalActionMove
from server.errors import NotAllowed
from server.staff.roles import Role
from tests.fakes.cases import person
from tests.integration.actions.world import YES, ActionWorld, order

CANCEL = {"order": "FH-1", "reason": "no longer needed"}


async def test_an_approved_cancellation_is_carried_out_once(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    assert (await world.order("FH-1")).status == "pending"
    assert (await world.approve(action)).state == "approved"
    await world.work()
    done = await world.get(action.id)
    assert (done.state, done.amount, done.attempt) == ("done", 9000, 1)
    cancelled = await world.order("FH-1")
    assert (cancelled.status, cancelled.is_open, cancelled.status_note) == ("cancelled", False, "no longer needed")
    assert [payment["kind"] for payment in cancelled.payments] == ["payment", "refund"]
    assert [row.action for row in await world.carried_out()] == [action.id]
    assert await world.events(action.id) == ["action.proposed", "action.approved", "action.begun", "action.done"]


async def test_what_may_not_be_done_is_refused_with_the_rule_before_anybody_approves(world: ActionWorld):
    await world.open(order("FH-1", status="delivered"))
    with pytest.raises(ActionBreaksRules) as refused:
        await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    assert [item.rule for item in refused.value.broken] == ["state"]
    assert refused.value.details["broken"][0]["words"]


async def test_an_order_of_somebody_else_and_one_that_is_not_there_are_told_in_the_same_words(world: ActionWorld):
    await world.open(order("FH-1", customer="C-2"))
    told = []
    for number in ("FH-1", "FH-404"):
        with pytest.raises(ActionBreaksRules) as refused:
            await world.propose(ActionKind.CANCEL_ORDER, order=number, reason="no longer needed")
        told.append(str(refused.value))
    assert told[0] == told[1]


async def test_a_customer_of_another_brand_does_not_exist(world: ActionWorld):
    await world.open(order("FH-1"), brand="tarnlight")
    for customer in ("C-1", "C-404"):
        with pytest.raises(ActionBreaksRules, match="no such customer"):
            await world.propose(ActionKind.CREDIT, customer=customer, amount=100)


async def test_a_shop_without_brands_is_anybodys(world: ActionWorld):
    await world.open(order("FH-1"), brand=None)
    assert (await world.done(ActionKind.CANCEL_ORDER, **CANCEL)).state == "done"


@pytest.mark.parametrize("consent", [None, Consent("No, keep it", "call"), Consent("How much is it?", "call")])
async def test_without_the_customers_own_yes_nothing_is_proposed(world: ActionWorld, consent):
    await world.open(order("FH-1"))
    with pytest.raises(ActionBreaksRules) as refused:
        await world.propose(ActionKind.CANCEL_ORDER, consent, **CANCEL)
    assert [item.rule for item in refused.value.broken] == ["consent"]


async def test_a_gesture_needs_no_yes_of_the_customer(world: ActionWorld):
    await world.open(order("FH-1"))
    assert (await world.propose(ActionKind.CREDIT, None, amount=500)).consent_quote is None


async def test_a_gesture_over_the_roles_limit_needs_a_second_person(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CREDIT, None, amount=3000)
    once = await world.approve(action, world.rep)
    assert once.state == "awaiting_second_approval"
    await world.work()
    assert await world.carried_out() == []
    with pytest.raises(SamePersonTwice):
        await world.approve(action, world.rep)
    with pytest.raises(NotAllowed, match="a supervisor or an admin"):
        await world.approve(action, person("rep-2", Role.REP))
    assert (await world.approve(action, world.supervisor)).state == "approved"
    await world.work()
    assert (await world.get(action.id)).state == "done"
    assert (await world.customer()).payment_methods[1]["balance"] == 3500


async def test_a_second_person_approves_nothing_over_their_own_limit(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CREDIT, None, amount=50_000)
    await world.approve(action, world.rep)
    with pytest.raises(ActionOverLimit):
        await world.approve(action, world.supervisor)
    assert (await world.approve(action, world.admin)).state == "approved"


async def test_what_the_order_itself_gives_back_is_no_gesture(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    assert (await world.approve(action, world.social)).state == "approved"


async def test_machines_propose_and_do_not_approve(world: ActionWorld):
    await world.open(order("FH-1"))
    machine = person("machine", Role.REP)
    machine = type(machine)(machine.id, machine.name, None, machine.brands, machine.permissions)
    action = await world.propose(ActionKind.CANCEL_ORDER, who=machine, **CANCEL)
    for decide in (
        approving.approve(world.service, machine, action.id),
        declining.reject(world.service, machine, action.id, "no"),
        declining.take_back(world.service, machine, action.id, "no"),
    ):
        with pytest.raises(PeopleAct):
            await decide


async def test_who_has_not_the_brand_does_not_see_it(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    with pytest.raises(ActionNotFound):
        await world.approve(action, person("other", brands=("tarnlight",)))


async def test_another_version_than_was_seen_is_not_approved(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    with pytest.raises(ActionChanged):
        await approving.approve(world.service, world.rep, action.id, seen=action.version + 1)


async def test_a_rejected_action_is_not_done(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    await declining.reject(world.service, world.rep, action.id, "they keep it")
    with pytest.raises(IllegalActionMove, match="can do nothing more"):
        await world.approve(action)
    await world.work()
    assert await world.carried_out() == []


async def test_an_approval_is_taken_back_before_the_shop_was_asked(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    await world.approve(action)
    assert (await declining.take_back(world.service, world.rep, action.id, "wait")).state == "proposed"
    await world.work()
    assert await world.carried_out() == []
    await world.approve(action)
    await world.work()
    assert (await world.get(action.id)).state == "done"
    with pytest.raises(IllegalActionMove):
        await declining.take_back(world.service, world.rep, action.id, "too late")


async def test_a_hundred_approvals_at_once_are_one(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    people = [person(f"p{number}", Role.REP) for number in range(100)]
    ends = await asyncio.gather(*(world.approve(action, who) for who in people), return_exceptions=True)
    assert sum(not isinstance(end, BaseException) for end in ends) == 1
    assert {type(end) for end in ends if isinstance(end, BaseException)} == {IllegalActionMove}
    await world.work()
    assert len(await world.carried_out()) == 1


async def test_a_customers_limit_holds_with_a_hundred_approvals_at_once(world: ActionWorld):
    """fernhollow gives two credits in half a year."""
    await world.open(order("FH-1"))
    actions = [await world.propose(ActionKind.CREDIT, None, amount=100) for _ in range(100)]
    ends = await asyncio.gather(*(world.approve(action) for action in actions), return_exceptions=True)
    refused = [end for end in ends if isinstance(end, BaseException)]
    assert len(ends) - len(refused) == 2
    assert {end.broken[0].rule for end in refused if isinstance(end, ActionBreaksRules)} == {"per_customer"}
    await world.work()
    assert (await world.customer()).payment_methods[1]["balance"] == 700


async def test_two_orders_changed_at_once_by_two_actions_are_each_changed_once(world: ActionWorld):
    await world.open(order("FH-1", status="processing"))
    both = [
        await world.propose(ActionKind.CANCEL_ORDER, **CANCEL),
        await world.propose(ActionKind.CHANGE_ITEMS, order="FH-1", lines=["1"], new_skus=["jacket-m"], method="card-1"),
    ]
    for action in both:
        await world.approve(action)
    await world.work()
    states = sorted([(await world.get(action.id)).state for action in both])
    assert states == ["done", "failed"]
    failed = next(row for row in [await world.get(action.id) for action in both] if row.state == "failed")
    assert failed.error


@pytest.mark.parametrize("author", ["annwood", "stranger"])
async def test_a_yes_in_a_post_is_the_customers_own(world: ActionWorld, author: str):
    await world.open(order("FH-1"))
    post, case = await world.write("Cancel FH-1? Yes please, cancel it.", author=author)
    said = Consent("yes please, cancel it", post)
    if author == "stranger":
        with pytest.raises(ActionBreaksRules, match="not known to be this customer"):
            await world.propose(ActionKind.CANCEL_ORDER, said, **CANCEL)
        return
    action = await world.propose(ActionKind.CANCEL_ORDER, said, **CANCEL)
    assert (action.consent_post, action.case) == (post, case)


@pytest.mark.parametrize("source", ["post_nowhere", "n1"])
async def test_words_that_do_not_stand_in_the_post_are_no_yes(world: ActionWorld, source: str):
    await world.open(order("FH-1"))
    await world.write("Where is my order?")
    with pytest.raises(ActionBreaksRules) as refused:
        await world.propose(ActionKind.CANCEL_ORDER, Consent("yes, cancel it", source), **CANCEL)
    assert refused.value.broken[0].rule == "consent"


async def test_a_later_post_takes_the_yes_and_the_approval_away(world: ActionWorld):
    await world.open(order("FH-1"))
    post, _ = await world.write("Yes, cancel it.")
    action = await world.propose(ActionKind.CANCEL_ORDER, Consent("Yes, cancel it.", post), **CANCEL)
    await world.approve(action)
    await world.write("Wait, I have changed my mind.", network_id="n2")
    voided = await world.get(action.id)
    assert (voided.state, voided.consent_quote, voided.approved_by) == ("proposed", None, None)
    await world.work()
    assert await world.carried_out() == []
    with pytest.raises(ActionBreaksRules, match="yes to exactly this is missing"):
        await world.approve(action)


async def test_a_proposal_nobody_decides_on_expires(world: ActionWorld):
    await world.open(order("FH-1"))
    action = await world.propose(ActionKind.CANCEL_ORDER, **CANCEL)
    await world.work(seconds=86_400 * (world.service.settings.draft_expiry_days + 1))
    assert (await world.get(action.id)).state == "expired"
    assert YES.quote == action.consent_quote
