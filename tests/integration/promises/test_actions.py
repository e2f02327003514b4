"""What was promised and what was carried out are two facts: the one is kept when the other is done, not before."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.actions.ending import end_done, end_failed
from server.db import writing
from server.models import ActionRow
from tests.fakes.cases import BRAND, KNOWN
from tests.integration.drafts.http import over_http
from tests.integration.promises.world import REP, PromiseWorld


@pytest.fixture
async def promising(engine: AsyncEngine) -> PromiseWorld:
    world = PromiseWorld(engine)
    await world.open()
    return world


async def add_action(world: PromiseWorld, id_: str, **values: Any) -> None:
    usual = {
        "brand": BRAND,
        "customer": "C-1",
        "kind": "refund",
        "order_id": "FH-10423",
        "arguments": {"order": "FH-10423", "amount": 500},
        "evidence": [],
        "state": "approved",
        "proposed_at": world.now,
        "updated_at": world.now,
    }
    async with writing(world.engine) as session:
        session.add(ActionRow(id=id_, **{**usual, **values}))


async def end(world: PromiseWorld, id_: str, *, done: bool) -> None:
    """The shop has answered."""
    async with writing(world.engine) as session:
        row = await session.get_one(ActionRow, id_)
        row.state = "running"
        if done:
            await end_done(session, row, world.now, at=world.now, result={})
        else:
            await end_failed(session, row, world.now, words="the card is closed")


async def test_a_promise_is_kept_when_its_action_is_done_and_not_when_it_is_approved(promising: PromiseWorld):
    draft = await promising.asked("Where is my refund for FH-10423?")
    await add_action(promising, "action_1", draft=draft.id, case=draft.case)
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, "Sorry! We'll refund you by Monday. We'll also write to you tomorrow.")
        refund, word = await promising.promises()
        told = (await desk.get(REP, f"/promises/{refund.id}")).json()
        assert (told["state"], told["action"]["id"], told["action"]["state"]) == ("open", "action_1", "approved")
        assert word.action is None
        await end(promising, "action_1", done=True)
        told = (await desk.get(REP, f"/promises/{refund.id}")).json()
        assert (told["state"], told["kept_with"], told["settled_by"]) == ("kept", "action_1", None)
        assert (await desk.get(REP, f"/promises/{word.id}")).json()["state"] == "open"
        await promising.pass_time(timedelta(days=4))
        [overdue] = (await desk.get(REP, "/promises", overdue=True)).json()["items"]
        assert overdue["id"] == word.id


async def test_an_action_that_failed_leaves_the_promise_open_and_says_so(promising: PromiseWorld):
    draft = await promising.asked("Where is my refund for FH-10423?")
    await add_action(promising, "action_1", draft=draft.id, case=draft.case)
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, "Sorry! We'll refund you by Monday.")
        [promise] = await promising.promises()
        await end(promising, "action_1", done=False)
        told = (await desk.get(REP, f"/promises/{promise.id}")).json()
        assert (told["state"], told["action"]["state"], told["action"]["error"]) == (
            "open",
            "failed",
            "the card is closed",
        )
        assert "promise.action_failed" in await promising.events()
        await promising.pass_time(timedelta(days=4))
        assert [item["case"] for item in (await desk.get(REP, "/drafts")).json()["items"]] == [draft.case]


async def test_what_was_done_before_it_was_said_is_kept_as_it_is_sent(promising: PromiseWorld):
    draft = await promising.asked("Where is my refund for FH-10423?")
    await add_action(promising, "action_1", draft=draft.id, case=draft.case, state="done", done_at=promising.now)
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, "We'll refund you by Monday.")
    [promise] = await promising.promises()
    assert (promise.state, promise.kept_with) == ("kept", "action_1")
    assert [kind for kind in await promising.events() if kind.startswith("promise.")] == [
        "promise.made",
        "promise.kept",
    ]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "kept"),
        ({"order_id": "FH-10388"}, "open"),
        ({"kind": "replace_items"}, "open"),
        ({"customer": "C-2"}, "open"),
    ],
)
async def test_an_action_proposed_later_keeps_what_was_promised_of_that_order(
    promising: PromiseWorld, values: dict[str, Any], state: str
):
    draft = await promising.asked("Where is my refund for FH-10423?", KNOWN)
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, "We'll refund order FH-10423 by Monday.")
    await add_action(promising, "action_2", **values)
    await end(promising, "action_2", done=True)
    [promise] = await promising.promises()
    assert promise.order_id == "FH-10423"
    assert promise.state == state


async def said(world: PromiseWorld, text: str, *actions: tuple[str, dict[str, Any]]) -> None:
    """A draft with these actions proposed beside it, and the text that was sent in its place."""
    draft = await world.asked("Where is my refund for FH-10423?")
    for id_, values in actions:
        await add_action(world, id_, draft=draft.id, case=draft.case, **values)
    async with over_http(world) as desk:
        await world.answer(desk, draft.id, text)


OTHER_ORDER = {"order_id": "FH-10388", "arguments": {"order": "FH-10388", "amount": 900}}


async def test_of_two_refunds_the_one_of_the_order_that_is_named_keeps_the_promise(promising: PromiseWorld):
    text = "Sorry! We'll refund your order FH-10388 by Monday."
    await said(promising, text, ("action_1", {}), ("action_2", OTHER_ORDER))
    [promise] = await promising.promises()
    assert (promise.order_id, promise.action) == ("FH-10388", "action_2")
    await end(promising, "action_1", done=True)
    assert (await promising.promises())[0].state == "open"
    await end(promising, "action_2", done=True)
    assert (await promising.promises())[0].kept_with == "action_2"


async def test_what_was_done_for_another_order_keeps_nothing_as_it_is_sent(promising: PromiseWorld):
    done = {**OTHER_ORDER, "state": "done", "done_at": promising.now}
    await said(promising, "We'll refund your order FH-10423 by Monday.", ("action_1", done))
    [promise] = await promising.promises()
    assert (promise.state, promise.action) == ("open", None)


async def test_without_an_order_every_such_action_of_the_draft_has_to_be_done(promising: PromiseWorld):
    await said(promising, "Sorry! We'll refund you by Monday.", ("action_1", {}), ("action_2", OTHER_ORDER))
    [promise] = await promising.promises()
    assert promise.action is None
    await end(promising, "action_1", done=True)
    assert (await promising.promises())[0].state == "open"
    await end(promising, "action_2", done=True)
    assert (await promising.promises())[0].state == "kept"


async def test_of_two_orders_that_are_named_both_have_to_be_refunded(promising: PromiseWorld):
    await said(promising, "We'll refund FH-10423 and FH-10388 by Monday.", ("action_1", {}))
    await end(promising, "action_1", done=True)
    assert (await promising.promises())[0].state == "open"
    await add_action(promising, "action_2", **OTHER_ORDER)
    await end(promising, "action_2", done=True)
    assert (await promising.promises())[0].state == "kept"


async def test_a_sentence_that_promises_two_things_is_kept_when_both_are_done(promising: PromiseWorld):
    replacement = {"kind": "replace_items", "arguments": {"order": "FH-10423", "lines": ["1"]}}
    text = "Sorry! We'll replace the jacket and refund the shipping for FH-10423 by Monday."
    await said(promising, text, ("action_1", replacement))
    await end(promising, "action_1", done=True)
    assert (await promising.promises())[0].state == "open"
    await add_action(promising, "action_2", case=(await promising.promises())[0].case)
    await end(promising, "action_2", done=True)
    assert (await promising.promises())[0].kept_with == "action_2"


async def test_a_failed_action_that_is_done_anew_keeps_the_promise(promising: PromiseWorld):
    await said(promising, "Sorry! We'll refund your order FH-10423 by Monday.", ("action_1", {}))
    await end(promising, "action_1", done=False)
    await add_action(promising, "action_2")
    await end(promising, "action_2", done=True)
    [promise] = await promising.promises()
    assert (promise.state, promise.action, promise.kept_with) == ("kept", "action_1", "action_2")


@pytest.mark.parametrize(
    ("sentence", "amount", "currency", "state"),
    [
        ("We'll refund you £50.00 for FH-10423 by Monday.", 5000, "GBP", "kept"),
        ("We'll refund you £50.00 for FH-10423 by Monday.", 500, "GBP", "open"),
        ("We'll refund you £50.00 for FH-10423 by Monday.", 5000, "EUR", "open"),
        ("We'll refund up to £50 for FH-10423 to your credit card.", 4900, "GBP", "kept"),
        ("We'll refund up to £50 for FH-10423 by Monday.", 5100, "GBP", "open"),
        ("We'll refund 20% of FH-10423 by Monday.", 5000, "GBP", "open"),
        ("We'll refund FH-10423 in full by Monday.", 500, "GBP", "open"),
    ],
)
async def test_an_amount_that_is_said_has_to_be_the_amount_that_was_given(
    promising: PromiseWorld, sentence: str, amount: int, currency: str, state: str
):
    await said(promising, sentence)
    await add_action(promising, "action_1", amount=amount, currency=currency)
    await end(promising, "action_1", done=True)
    assert (await promising.promises())[0].state == state
