"""What was sent is owed: every sentence that promises something is on record once, however the text got there."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from server.db import reading, writing
from server.models import AccountRow, DraftRow, PromiseRow
from server.publications.settling import settle_sent
from server.publications.withdrawing import correct, withdraw
from tests.fakes.network import Turn
from tests.integration.publications.world import World

OURS = frozenset({"fernhollow"})
PUBLIC = "Hi Anna, sorry about that. We'll get back to you by Monday. We have sent you a message."
PRIVATE = "We will refund order FH-10423 within 2 working days. You'll hear from us by tomorrow."


async def promises(world: World) -> list[PromiseRow]:
    async with reading(world.engine) as session:
        query = select(PromiseRow).order_by(col(PromiseRow.made_at), col(PromiseRow.id))
        return list((await session.exec(query)).all())


@pytest.mark.parametrize("turn", [None, Turn.TAKE_AND_DIE, Turn.DIE, Turn.TAKE_SILENTLY, Turn.LOSE_SILENTLY])
async def test_every_promise_is_on_record_once_whatever_happens_on_the_way(world: World, turn: Turn | None):
    if turn is not None:
        world.network.turns.append(turn)
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=600)
    assert await world.states(draft) == {"private": "sent", "public": "sent"}
    rows = await promises(world)
    assert sorted(row.what for row in rows) == [
        "We will refund order FH-10423 within 2 working days.",
        "We'll get back to you by Monday.",
        "You'll hear from us by tomorrow.",
    ]
    assert {row.state for row in rows} == {"open"}
    assert len({(row.publication, row.sentence) for row in rows}) == 3
    assert (await world.events()).count("promise.made") == 3


async def test_a_text_that_a_person_has_seen_on_the_network_promises_once(world: World):
    world.network.settles_after = None
    world.network.turns.append(Turn.TAKE_AND_DIE)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=120)
    assert await promises(world) == []
    (row,) = await world.publications(draft)
    async with writing(world.engine) as session:
        await settle_sent(session, row.id, "n2", brands=OURS, by="staff_1", reason="seen", now=world.clock())
    await world.run(seconds=600)
    (made,) = await promises(world)
    assert made.publication == row.id
    assert made.made_at == row.attempted_at


async def test_what_was_never_sent_is_not_owed(world: World):
    world.network.turns.append(Turn.REFUSE)
    await world.approve(PUBLIC)
    await world.run(seconds=600)
    assert await promises(world) == []


async def test_a_promise_says_to_whom_about_which_order_and_by_when(world: World):
    async with writing(world.engine) as session:
        account = await session.get_one(AccountRow, "acc-x")
        account.hours = {"time_zone": "Europe/London", "open": {day: ["09:00-17:00"] for day in ("mon", "tue", "fri")}}
    await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=600)
    by_words = {row.what.split()[1]: row for row in await promises(world)}
    refund, back, word = by_words["will"], by_words["get"], by_words["hear"]
    assert (refund.author, refund.brand, refund.order_id) == ("anna", "fernhollow", "FH-10423")
    assert (back.order_id, back.customer) == (None, None)
    # it is Friday noon; Wednesday and Thursday are closed
    assert refund.due == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert back.due == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert word.due == datetime(2026, 11, 22, tzinfo=UTC)  # tomorrow is closed: the end of that day
    assert (refund.due_said, back.due_said) == ("2 working days", "Monday")
    assert {row.first_due == row.due for row in by_words.values()} == {True}


async def test_a_promise_without_a_time_is_due_by_the_goal_for_answers_and_says_so(world: World):
    async with writing(world.engine) as session:
        account = await session.get_one(AccountRow, "acc-x")
        account.hours = {"answer_within_minutes": 90}
    await world.approve("We'll look into it.")
    await world.run(seconds=60)
    (row,) = await promises(world)
    assert row.due_said is None
    assert (row.due - row.made_at).total_seconds() == 90 * 60


@pytest.mark.parametrize(
    "text",
    [
        "Wir melden uns bis Dienstag bei dir.",
        "Te reembolsaremos el importe.",
        "Tendrás noticias nuestras mañana.",
        "Nous vous rembourserons sous 5 jours ouvrés.",
        "Vous aurez de nos nouvelles d'ici lundi.",
        "Du hörst morgen von uns.",
        "I'll chase the carrier today.",
    ],
)
async def test_promises_are_heard_in_four_languages(world: World, text: str):
    await world.approve(text)
    await world.run(seconds=60)
    (row,) = await promises(world)
    assert row.what == text


@pytest.mark.parametrize(
    "text",
    [
        "If you send us your order number, we'll check it.",
        "We'll never ask for your password.",
        "We'll be happy to help!",
        "Could you tell us your order number?",
        "Your parcel left our warehouse on Thursday.",
    ],
)
async def test_what_binds_nobody_is_no_promise(world: World, text: str):
    await world.approve(text)
    await world.run(seconds=60)
    assert await promises(world) == []


async def test_a_text_taken_back_from_the_network_binds_nobody(world: World):
    draft = await world.approve(PUBLIC)
    await world.run(seconds=60)
    (row,) = await world.publications(draft)
    await withdraw(world.service, row.id, brands=OURS, by="staff_1", reason="wrong customer")
    (made,) = await promises(world)
    assert (made.state, made.settled_by) == ("withdrawn", "staff_1")
    assert "wrong customer" in (made.reason or "")


async def test_a_correction_leaves_its_own_promises_alone(world: World):
    draft = await world.approve("We'll refund you by Monday. We'll write to you tomorrow.")
    await world.run(seconds=60)
    (row,) = await world.publications(draft)
    async with writing(world.engine) as session:
        new = await correct(session, row.id, brands=OURS, by="staff_1", reason="the day", now=world.clock())
    await world.edit_draft(new.id, public_text="We'll refund you by Tuesday. We'll write to you tomorrow.")
    await world.approve_draft(new.id)
    await world.run(seconds=120)
    stands = {made.what: made.draft for made in await promises(world) if made.state == "open"}
    assert stands == {"We'll refund you by Tuesday.": new.id, "We'll write to you tomorrow.": new.id}
    assert await world.get(DraftRow, new.id)
