"""Who complains is not asked, and what is said in a complaint is not kept."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from server.db import reading
from server.models import CustomerFactRow, TurnRow
from server.questions import matters_repository
from server.questions.choosing import choose_question
from server.questions.states import (
    NotToBeAskedNow,
    SaidInAComplaint,
)
from tests.integration.questions.world import NOW, OTHER, REP, late
from tools.records import Promise


async def test_nothing_is_asked_of_who_complains(world, ann):
    world.orders.add(late(ann))
    assert (await world.offered(ann))[1] is None


async def test_a_complaint_that_comes_up_meanwhile_stops_the_question(world, ann):
    conversation, _ = await world.offered(ann)
    world.promises.add(Promise("P-1", "C-1", "a refund", world.now - timedelta(days=9), due=world.now))
    with pytest.raises(NotToBeAskedNow, match="a promise is overdue"):
        await world.asked(conversation)


async def test_a_complaint_in_the_session_itself_stops_the_question(world, ann):
    conversation, _ = await world.offered(ann)
    turn = TurnRow(
        id="turn_1",
        brand="fernhollow",
        conversation=conversation.id,
        staff=REP.id,
        kind="reply",
        asked="It leaks!",
        state="done",
        record={"intent": "product_fault"},
        started_at=world.now,
    )
    await world.put(turn)
    with pytest.raises(NotToBeAskedNow, match="they complain in this session"):
        await world.asked(conversation)


def said(conversation, name="turn_1", at=NOW, **fields) -> TurnRow:
    """Something that the customer said in this session."""
    told = {"id": name, "brand": "fernhollow", "conversation": conversation.id, "staff": REP.id, "kind": "reply"}
    return TurnRow(**{**told, "asked": "It is torn!", "state": "checked", "started_at": at, **fields})


@pytest.mark.parametrize("offered_before", [True, False])
async def test_what_was_offered_when_it_was_solved_is_asked_and_answered_though_they_had_complained(
    world, ann, offered_before
):
    conversation = await world.call(ann)
    if offered_before:
        assert await world.chosen(conversation) is not None
    await world.put(said(conversation, record={"intent": "product_fault"}))
    world.wait()
    assert (await world.chosen(conversation) is not None) == offered_before
    assert await world.chosen(conversation, solved=True) is not None
    await world.asked(conversation)
    assert (await world.answered(conversation, "garden")).value == "garden"


async def test_what_they_complain_of_after_it_was_solved_stops_the_question(world, ann):
    conversation = await world.call(ann)
    await world.put(said(conversation, record={"intent": "product_fault"}))
    await world.chosen(conversation, solved=True)
    world.wait()
    await world.put(said(conversation, "turn_2", at=world.now, asked="Torn again!", record={"intent": "product_fault"}))
    with pytest.raises(NotToBeAskedNow, match="they complain in this session"):
        await world.asked(conversation)


@pytest.mark.parametrize("state", ["running", "cancelled", "interrupted"])
async def test_what_was_offered_beside_their_words_is_asked_before_the_reply_to_them_is_written(world, ann, state):
    conversation = await world.call(ann)
    await world.put(said(conversation, state=state, runs_until=world.now, asked="How do I dry it?"))
    assert await choose_question(world.service, conversation, now=world.now, read="turn_1") is not None
    assert (await world.asked(conversation)).state == "asked"


@pytest.mark.parametrize("state", ["running", "cancelled", "interrupted", "failed"])
async def test_what_has_not_been_read_is_taken_for_a_complaint_until_it_is(world, ann, state):
    conversation, _ = await world.offered(ann)
    await world.put(said(conversation, state=state, runs_until=world.now))
    with pytest.raises(NotToBeAskedNow, match="what they said in this session has not been read"):
        await world.asked(conversation)
    await world.put(said(conversation, "turn_2", record={"intent": "how_to"}))
    assert (await world.asked(conversation)).state == "asked"


async def test_a_complaint_in_another_session_counts_for_a_week(world, ann):
    before = await world.call(ann)
    await world.put(said(before, record={"intent": "product_fault"}))
    world.pass_days(6)
    assert (await world.offered(ann, by=OTHER))[1] is None
    world.pass_days(1.1)
    assert (await world.offered(ann, by=OTHER))[1] is not None


async def test_what_they_said_to_another_brand_is_not_looked_at(world, ann):
    elsewhere = await world.call(ann, brand="oak")
    await world.put(said(elsewhere, brand="oak", record={"intent": "product_fault"}))
    assert (await world.offered(ann))[1] is not None


async def test_a_customers_sessions_are_found_by_an_index_among_everybodys(world, ann):
    async with reading(world.engine) as session:
        connection = await session.connection()
        planned = []

        def plan(_, cursor, statement, parameters, *__) -> None:
            if "FROM turns JOIN conversations" in statement:
                planned.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", plan)
        await matters_repository.replies_to(session, ann.id, "fernhollow", "conversation_1", since=NOW)
        [(statement, parameters)] = planned
        if connection.dialect.name == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        told = str((await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all())
    assert "ix_conversations_brand_customer_opened_at" in told
    assert "ix_turns_conversation_started_at" in told


async def test_what_is_said_in_a_complaint_is_not_kept(world, ann):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    world.orders.add(late(ann))
    with pytest.raises(SaidInAComplaint, match="FH-C-1-late is late"):
        await world.answered(conversation)
    assert await world.rows(CustomerFactRow) == []
    assert await world.answered(conversation, confirmed=False) is None


async def test_an_open_case_that_nobody_has_read_yet_is_taken_for_a_complaint(world, ann):
    await world.post("Hello?", "ann1")
    assert (await world.offered(ann))[1] is None
