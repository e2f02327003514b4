"""While the shop cannot be read or is too old: no order claim, and why; nothing is approved, nothing made void."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from assistant.answering import answer_question
from assistant.outcome import Part
from server.db import writing
from server.drafts import review
from server.drafts.approvals import Terms
from server.drafts.falling import recheck
from server.drafts.rechecking import POLICIES, recheck_resting_on
from server.drafts.review import CannotCheck
from server.drafts.states import DraftState
from server.models import DraftRow
from server.shop.outages import Outages, WatchedOrders
from tests.fakes.cases import CaseWorld, changed_order, person
from tests.fakes.policies import MemoryPassages
from tests.fakes.small_shop import PASSAGES
from tools.ports import PortUnavailable
from tools.records import Customer, Money, OrderStatus, Payment

LATE = "Where is my order FH-10423? It is so late."
RETURNS = "Can I return unused goods after 50 days?"
REP = person("rep")
OF_THE_ORDER = ("FH-10423", "Ridgeline", "Northway", "November", "289")

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def watch_orders(world: CaseWorld) -> Outages:
    """As `wiring` does it."""
    outages = Outages(lambda: world.now)
    desk = world.service.desk
    ports = replace(desk.ports, orders=WatchedOrders(world.shop["orders"], outages))
    world.service = replace(world.service, desk=replace(desk, ports=ports))
    return outages


async def approve(world: CaseWorld, draft: DraftRow) -> None:
    await review.approve(world.service, REP, draft.id, await world.seen(draft.id), Terms(confirmed=True))


def record(draft: DraftRow) -> dict[str, Any]:
    assert draft.record is not None
    return draft.record


def says_nothing_of_orders(draft: DraftRow) -> bool:
    texts = f"{draft.public_text or ''} {draft.private_text or ''}"
    refs = [item["ref"] for item in record(draft)["evidence"]]
    told = [words for words in OF_THE_ORDER if words in texts]
    return not told and not any(ref.startswith(("order:", "product:")) for ref in refs)


async def test_drafts_say_since_when_the_orders_are_out_until_they_answer(world: CaseWorld):
    outages = watch_orders(world)
    world.shop["orders"].go_down()
    first = await world.drafted(LATE)
    since = world.now  # the moment of the first draft
    world.wait(timedelta(hours=1))
    second = await world.drafted(LATE, thread="t2")
    for draft in (first, second):
        assert says_nothing_of_orders(draft)
        assert record(draft)["outages"] == [{"port": "orders", "since": since.isoformat(), "as_of": None}]
        assert record(draft)["notes"] == [f"orders unreachable since {since:%H:%M} UTC"]
    world.shop["orders"].come_back()
    third = await world.drafted(LATE, thread="t3")
    assert (record(third)["outages"], outages.standing) == ([], ())
    assert not [note for note in record(third)["notes"] if "unreachable" in note]
    assert "FH-10423" in (third.private_text or "")


async def test_orders_that_are_too_old_are_not_told_and_the_draft_says_of_when_they_are(world: CaseWorld):
    as_of = datetime.fromisoformat("2026-11-19T14:03:00+00:00")
    world.shop["orders"].go_down(as_of=as_of)
    draft = await world.drafted(LATE)
    assert says_nothing_of_orders(draft)
    assert record(draft)["outages"] == [{"port": "orders", "since": None, "as_of": as_of.isoformat()}]
    assert record(draft)["notes"] == ["orders as of 14:03 UTC, 19 November"]


async def test_half_of_what_was_read_is_not_told_either(world: CaseWorld):
    class Orders(type(world.shop["orders"])):  # type: ignore[misc]
        async def product(self, product: str) -> Any:
            raise PortUnavailable("orders")

    world.shop["orders"].__class__ = Orders
    draft = await world.drafted(LATE)
    assert says_nothing_of_orders(draft)
    assert record(draft)["notes"] == ["orders unreachable"]


@pytest.mark.parametrize("question", ["what about order FH-10423?", "did we refund anything?", "where is the tent?"])
async def test_a_rep_is_not_told_that_something_is_not_on_record_which_nobody_could_read(
    world: CaseWorld, question: str
):
    world.shop["orders"].go_down(since=world.now.replace(hour=11, minute=3))
    told = await answer_question(question, "C-1", world.service.desk)
    assert told.notes == ("orders unreachable since 11:03 UTC",)
    text = told.outcome.reply.text(Part.PRIVATE) or ""
    assert "on record" not in text
    assert "FH-10423" not in text


async def test_what_rests_on_orders_is_neither_approved_nor_made_void_meanwhile(world: CaseWorld):
    draft = await world.drafted(LATE)
    watch_orders(world)
    world.shop["orders"].go_down()
    with pytest.raises(CannotCheck, match=r"orders unreachable since 12:0\d UTC.*cannot be known now"):
        await approve(world, draft)
    world.shop["orders"].go_down(as_of=world.now - timedelta(days=2))
    with pytest.raises(CannotCheck, match=r"orders as of 12:0\d UTC, 18 November.*cannot be known now"):
        await approve(world, draft)
    assert await world.draft(draft.id) == draft
    world.shop["orders"].come_back()
    await approve(world, draft)
    assert (await world.draft(draft.id)).state == DraftState.APPROVED


async def test_an_order_of_which_a_part_cannot_be_read_has_not_changed(world: CaseWorld):
    twice = [Payment("payment", Money(28900, "GBP"), number, "card-1", world.now) for number in ("P1", "P2")]
    world.shop["orders"].add(changed_order(payments=tuple(twice)))
    draft = await world.drafted("You charged me twice for FH-10423")
    assert "two payments" in (draft.private_text or "")

    async def refuse(customer: str) -> Customer | None:
        raise PortUnavailable("customers")

    world.shop["customers"].get = refuse
    with pytest.raises(CannotCheck, match="customers unreachable"):
        await approve(world, draft)
    assert (await world.draft(draft.id)).findings == draft.findings


async def look_at_policies(world: CaseWorld) -> None:
    async with writing(world.engine) as session:
        await recheck_resting_on(session, POLICIES, world.now)
    for job in await world.due():
        await recheck(world.service, job)


async def test_orders_too_old_do_not_keep_policies_from_being_looked_at(world: CaseWorld):
    late, returns = await world.drafted(LATE), await world.drafted(RETURNS, thread="t2")
    world.shop["orders"].go_down(as_of=world.now - timedelta(days=2))
    world.shop["passages"]._filed = MemoryPassages([replace(PASSAGES[0], text="Another time.")])._filed
    await look_at_policies(world)
    assert [item["rule"] for item in (await world.draft(returns.id)).findings] == ["stale"]
    assert (await world.draft(late.id)).state == DraftState.PENDING
    assert await world.due() == []


async def test_a_change_that_is_known_counts_though_something_else_cannot_be_read(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["orders"].add(changed_order(status=OrderStatus.DELIVERED))

    async def refuse(**_who: str) -> Any:
        raise PortUnavailable("customers")

    world.shop["customers"].identify = refuse
    with pytest.raises(review.DraftStale, match="order FH-10423 has changed"):
        await approve(world, draft)
