"""Drafts and the actions that are proposed with them."""

from dataclasses import replace
from datetime import date, timedelta

from server.actions.states import ActionState
from server.db import writing
from server.drafts import review
from server.drafts.states import DraftState, Move
from server.models import ActionRow, DraftRow
from tests.fakes.cases import CaseWorld, person
from tests.fakes.small_shop import LATE
from tools.records import Money, OrderStatus, Payment, Shipment

ASKED = "Where is my order FH-10423? It is so late."
BOSS = person("supervisor")
NOT_SENT = replace(
    LATE,
    status=OrderStatus.PROCESSING,
    brand="fernhollow",
    shipments=(Shipment("S1", ("1", "2"), promised=date(2026, 11, 14)),),
    payments=(Payment("payment", Money(32900, "GBP"), "PAY-1", "card-1", LATE.placed_at),),
    returns=(),
)


async def late(world: CaseWorld, text: str = ASKED) -> tuple[DraftRow, ActionRow]:
    """A draft about an order that is late and has not left, and what it proposes."""
    world.shop["orders"].add(NOT_SENT)
    draft = await world.drafted(text)
    [action] = await world.rows(ActionRow, draft=draft.id)
    return draft, action


async def test_a_draft_proposes_an_express_upgrade_for_what_is_late_and_has_not_left(world: CaseWorld):
    draft, action = await late(world)
    assert (action.kind, action.order_id, action.state) == ("upgrade_shipping", "FH-10423", ActionState.PROPOSED)
    assert (action.amount, action.currency) == (895, "GBP")
    assert (action.proposed_by, action.case, action.brand) == (None, draft.case, draft.brand)
    assert "express" not in f"{draft.public_text}{draft.private_text}".casefold()
    assert draft.one_click


async def test_what_may_not_be_done_is_not_proposed_and_the_draft_says_why(world: CaseWorld):
    world.shop["orders"].add(replace(NOT_SENT, status=OrderStatus.PACKED))
    draft = await world.drafted(ASKED)
    assert await world.rows(ActionRow) == []
    assert [note for note in draft.record["notes"] if note.startswith("upgrade shipping was not proposed: ")]


async def test_what_deskside_does_not_carry_out_is_told_to_people(world: CaseWorld):
    draft = await world.drafted(ASKED)
    assert await world.rows(ActionRow) == []
    assert "trace parcel is for people to do: the named day has passed" in draft.record["notes"]


async def test_with_the_draft_goes_what_was_proposed_with_it(world: CaseWorld):
    draft, action = await late(world)
    await world.post("Hello? Anybody there?")
    assert (await world.draft(draft.id)).state == DraftState.SUPERSEDED
    [gone] = await world.rows(ActionRow, id=action.id)
    assert gone.state == ActionState.EXPIRED

    world.wait()
    await world.work()
    again = await world.newest()
    [action] = await world.rows(ActionRow, draft=again.id)
    await review.put_aside(world.service, BOSS, again.id, await world.seen(again.id), Move.REJECT, "answered by phone")
    [gone] = await world.rows(ActionRow, id=action.id)
    assert gone.state == ActionState.EXPIRED


async def test_a_draft_that_expires_takes_along_what_was_proposed_with_it(world: CaseWorld):
    draft, action = await late(world)
    world.wait(timedelta(days=world.service.settings.draft_expiry_days, seconds=1))
    await world.work()
    assert (await world.draft(draft.id)).state == DraftState.EXPIRED
    [gone] = await world.rows(ActionRow, id=action.id)
    assert gone.state == ActionState.EXPIRED


async def test_what_a_person_proposed_or_approved_stands_when_the_draft_goes(world: CaseWorld):
    draft, action = await late(world)
    async with writing(world.engine) as session:
        row = await session.get_one(ActionRow, action.id)
        row.proposed_by = BOSS.id
    await review.put_aside(world.service, BOSS, draft.id, await world.seen(draft.id), Move.REJECT, "answered by phone")
    [kept] = await world.rows(ActionRow, id=action.id)
    assert kept.state == ActionState.PROPOSED
