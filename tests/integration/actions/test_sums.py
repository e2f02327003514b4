"""What is carried out is what was approved, by who may, and no more of it in parts than at once."""

import pytest
from sqlmodel import select

from server.actions.broken import ActionBreaksRules
from server.actions.deciding import ActionChanged
from server.actions.kinds import ActionKind
from server.actions.proposing import NoSuchCase, NoSuchDraft, Proposed, propose
from server.db import writing
from server.models import OrderRow
from tests.fakes.cases import person
from tests.integration.actions.world import YES, ActionWorld, order

PAID = [{"id": "pay-FH-1", "kind": "payment", "amount": 20_000, "method": "card-1"}]
REFUND = {"order": "FH-1", "lines": ["1"], "method": "card-1"}


async def _reprice(world: ActionWorld, price: int) -> None:
    async with writing(world.engine) as session:
        row = (await session.exec(select(OrderRow).where(OrderRow.id == "FH-1"))).one()
        row.lines = [{**row.lines[0], "unit_price": price}]
        session.add(row)


async def test_the_sum_that_was_seen_is_approved_or_none(world: ActionWorld):
    await world.open(order("FH-1", payments=PAID))
    await _reprice(world, 2400)
    action = await world.propose(ActionKind.REFUND, **REFUND)
    await _reprice(world, 1500)
    with pytest.raises(ActionChanged, match=r"15\.00"):
        await world.approve(action, world.admin)
    assert (await world.get(action.id)).amount == 1500
    assert (await world.approve(action, world.admin)).state == "approved"


async def test_no_other_sum_is_carried_out_than_was_approved(world: ActionWorld):
    await world.open(order("FH-1", payments=PAID))
    await _reprice(world, 1500)
    action = await world.propose(ActionKind.REFUND, **REFUND)
    await world.approve(action)
    await _reprice(world, 12_000)
    await world.work()
    failed = await world.get(action.id)
    assert failed.state == "failed"
    assert "15.00 GBP was approved" in (failed.error or "")
    assert await world.carried_out() == []


async def test_what_may_not_be_given_at_once_is_not_given_in_parts(world: ActionWorld):
    await world.open(order("FH-1", payments=PAID))
    states = []
    for _ in range(4):
        action = await world.propose(ActionKind.REFUND, order="FH-1", amount=1000, method="card-1")
        states.append((await world.approve(action, world.rep)).state)
        await world.work()
    assert states == ["approved", "approved", "awaiting_second_approval", "awaiting_second_approval"]


async def test_an_order_of_great_worth_is_looked_at_by_two_whoever_begins(world: ActionWorld):
    line = {"id": "1", "product": "jacket", "sku": "jacket-s", "title": "Jacket", "quantity": 6, "unit_price": 9000}
    york = {"line1": "2 High Street", "city": "York", "country": "GB"}
    await world.open(order("FH-1", lines=[line], ship_to=york))
    action = await world.propose(ActionKind.CHANGE_ADDRESS, order="FH-1", address={**york, "line1": "1 High Street"})
    assert (await world.approve(action, world.supervisor)).state == "awaiting_second_approval"
    assert (await world.approve(action, world.admin)).state == "approved"


async def test_what_comes_back_is_not_given_back_twice(world: ActionWorld):
    delivered = [{"id": "s", "lines": ["1"], "delivered_at": "2026-11-15T10:00:00Z"}]
    await world.open(order("FH-1", status="delivered", shipments=delivered))
    assert (await world.done(ActionKind.RETURN_ITEMS, order="FH-1", lines=["1"], method="card-1")).state == "done"
    with pytest.raises(ActionBreaksRules) as refused:
        await world.propose(ActionKind.REFUND, **REFUND)
    assert "amount" in [item.rule for item in refused.value.broken]


async def test_the_price_of_a_line_is_given_back_once(world: ActionWorld):
    await world.open(order("FH-1", payments=PAID))
    await _reprice(world, 1500)
    assert (await world.done(ActionKind.REFUND, **REFUND)).state == "done"
    with pytest.raises(ActionBreaksRules) as refused:
        await world.propose(ActionKind.REFUND, **REFUND)
    assert [item.rule for item in refused.value.broken] == ["lines"]


@pytest.mark.parametrize(
    "arguments", [{"order": "FH-1", "reason": "no longer needed"}, {"order": "FH-1", "reason": "x"}]
)
async def test_of_another_brands_records_a_refusal_tells_nothing(world: ActionWorld, arguments):
    await world.open(order("FH-1", status="shipped"))
    other = person("other", brands=("tarnlight",))
    with pytest.raises(ActionBreaksRules) as refused:
        await world.propose(ActionKind.CANCEL_ORDER, who=other, **arguments)
    assert [item.rule for item in refused.value.broken] == ["customer"]


@pytest.mark.parametrize(("named", "refusal"), [({"case": "nope"}, NoSuchCase), ({"draft": "nope"}, NoSuchDraft)])
async def test_a_case_or_draft_that_is_not_theirs_is_refused(world: ActionWorld, named, refusal):
    await world.open(order("FH-1"))
    proposed = Proposed("C-1", ActionKind.CANCEL_ORDER, {"order": "FH-1", "reason": "no longer needed"}, YES, **named)
    with pytest.raises(refusal):
        await propose(world.service, world.rep, proposed)
