"""What is done becomes a row of the audit with the event's place, once, in one order, whoever writes."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from server import log_context
from server.audit import repository
from server.audit.configuration import note_settings
from server.audit.cutting import cut
from server.audit.ledger import Ledger
from server.db import connect, writing
from server.events import repository as events
from server.events.log import record
from server.models import AuditCutRow
from server.settings import Settings
from tests.integration.audit.conftest import NOW, Chain


async def test_a_row_tells_who_did_what_to_which_record_when_and_no_words(chain: Chain):
    token = log_context.caller.set(("staff_ada", "token_1"))
    async with writing(chain.engine) as session:
        record(session, "draft.approved", "draft_1", brand="pine", at=NOW, digests={"public": "abc"}, version=3)
    log_context.caller.reset(token)
    await chain.ledger.place_all(chain.engine)
    [row] = await chain.rows()
    assert (row["caller"], row["token"], row["kind"], row["subject"]) == (
        "staff_ada",
        "token_1",
        "draft.approved",
        "draft_1",
    )
    assert (row["number"], row["event"], row["brand"]) == (1, 1, "pine")
    assert "abc" in str(row["facts"])


async def test_a_customer_and_an_order_stand_as_keyed_digests(chain: Chain):
    await chain.happen(1, customer="C-0001", order="FH-10423")
    await chain.happen(1, customer="C-0001")
    facts = [str(row["facts"]) for row in await chain.rows()]
    assert not any("C-0001" in told or "10423" in told for told in facts)
    assert all(chain.seals.pseudonym("customer", "C-0001") in told for told in facts)


async def test_what_was_masked_before_it_had_its_row_stands_under_the_same_digest(chain: Chain):
    async with writing(chain.engine) as session:
        record(session, "draft.edited", "draft_1", brand="pine", at=NOW, **chain.seals.mask({"customer": "C-0001"}))
    await chain.happen(1, customer="C-0001")
    masked, plain = (
        json.loads(facts) if isinstance(facts := row["facts"], str) else facts for row in await chain.rows()
    )
    assert masked == plain == {"customer": chain.seals.pseudonym("customer", "C-0001")}


async def test_the_feed_writes_the_chain(chain: Chain):
    async with writing(chain.engine) as session:
        for number in range(7):
            record(session, "draft.edited", f"draft_{number}", brand="pine", at=NOW)
    await chain.feed_until(7)
    found = await chain.verify()
    assert (found.whole, found.last, found.waiting) == (True, 7, 0)
    head = chain.head.read()
    assert head is not None
    assert head.number == 7


async def test_what_was_undone_has_no_row(chain: Chain):
    async def fail() -> None:
        async with writing(chain.engine) as session:
            record(session, "draft.edited", "draft_1", brand="pine", at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    await chain.ledger.place_all(chain.engine)
    assert await chain.rows() == []


async def test_processes_that_write_at_once_make_one_chain(chain: Chain):
    others = [connect(chain.engine.url) for _ in range(3)]

    async def work(engine, name):
        ledger = Ledger(chain.seals, chain.head, lambda: NOW)
        for number in range(10):
            async with writing(engine) as session:
                record(session, "draft.edited", f"{name}_{number}", brand="pine", at=NOW)
            await ledger.place_all(engine)

    try:
        await asyncio.gather(*(work(engine, f"process{number}") for number, engine in enumerate(others)))
    finally:
        for engine in others:
            await engine.dispose()
    found = await chain.verify()
    assert (found.whole, found.rows, found.last) == (True, 30, 30)
    subjects = [row["subject"] for row in await chain.rows()]
    for number in range(3):
        own = [name for name in subjects if name.startswith(f"process{number}_")]
        assert own == [f"process{number}_{count}" for count in range(10)]


async def test_a_process_that_died_before_it_wrote_the_head_leaves_a_whole_chain(chain: Chain):
    async with writing(chain.engine) as session:
        record(session, "draft.edited", "draft_1", brand="pine", at=NOW)
    async with writing(chain.engine) as session:
        await chain.ledger.append(session, await events.place(session, limit=10))
    assert (await chain.verify()).whole
    await chain.ledger.keep_head(chain.engine)
    head = chain.head.read()
    assert head is not None
    assert head.number == 1


async def test_what_was_kept_long_enough_is_cut_and_the_rest_is_whole(chain: Chain):
    await chain.happen(3)
    chain.later(days=30)
    await chain.happen(2)
    assert await cut(chain.engine, chain.seals, now=chain.now, keep=timedelta(days=20)) == 3
    assert await cut(chain.engine, chain.seals, now=chain.now, keep=timedelta(days=20)) == 0
    await chain.ledger.place_all(chain.engine)
    found = await chain.verify()
    assert (found.whole, found.first, found.last) == (True, 4, 6), "the cut itself is a row"
    chain.later(days=100)
    await chain.happen(1)
    assert await cut(chain.engine, chain.seals, now=chain.now, keep=timedelta(days=20)) == 3
    assert (await chain.verify()).whole


async def test_a_cut_that_somebody_else_made_is_found(chain: Chain):
    await chain.happen(5)
    row = (await chain.rows())[2]
    await chain.tamper(
        "INSERT INTO audit_cuts (number, last_seal, at, seal)"
        f" VALUES (3, '{row['seal']}', '2026-11-20 12:00:00+00', '{row['seal']}')",
        "DELETE FROM audit_rows WHERE number <= 3",
    )
    assert await chain.problems() == ["the cut behind row 3 was not made by Deskside"]


async def test_a_changed_row_is_not_cut(chain: Chain):
    await chain.happen(3)
    await chain.tamper("UPDATE audit_rows SET caller = 'staff_bob' WHERE number = 2")
    chain.later(days=30)
    await chain.happen(1)
    assert await cut(chain.engine, chain.seals, now=chain.now, keep=timedelta(days=20)) == 0
    assert [problem.number for problem in (await chain.verify()).problems] == [2]


async def test_a_database_that_was_put_back_goes_on_with_another_head(chain: Chain):
    await chain.happen(5)
    await chain.tamper("DELETE FROM audit_rows WHERE number > 3", "DELETE FROM events WHERE position > 3")
    async with writing(chain.engine) as session:
        await chain.ledger.set_head_aside(session)
    await chain.ledger.place_all(chain.engine)
    found = await chain.verify()
    assert found.whole
    assert "the database was restored" in found.notes[0].words
    assert len(list(chain.head.path.parent.glob("audit-head.2026*"))) == 1


async def test_other_settings_than_before_are_told_by_name_and_digest(chain: Chain):
    async def begin(**settings: Any) -> None:
        await note_settings(chain.engine, Settings(**settings), chain.seals, NOW)
        await chain.ledger.place_all(chain.engine)

    await begin(undo_seconds=10)
    await begin(undo_seconds=10, home=Path("/elsewhere"))
    await begin(undo_seconds=5, openai_api_key="sk-canary")
    told = [row["facts"] for row in await chain.rows()]
    told = [json.loads(facts) if isinstance(facts, str) else facts for facts in told]
    assert len(told) == 2
    assert told[1]["changed"] == ["openai_api_key", "undo_seconds"]
    assert told[1]["before"] == told[0]["after"]
    assert "sk-canary" not in str(told)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM audit_rows WHERE number IN (2, 3)", "DELETE FROM audit_rows WHERE number = 1"],
    ids=["within", "at the beginning"],
)
async def test_a_stretch_from_which_rows_were_taken_is_not_cut(chain: Chain, statement: str):
    await chain.happen(6)
    await chain.tamper(statement)
    told = await chain.problems()
    chain.later(days=30)
    assert await cut(chain.engine, chain.seals, now=chain.now, keep=timedelta(days=20)) == 0
    await chain.ledger.place_all(chain.engine)
    assert await chain.problems() == told != []


async def test_what_is_written_while_the_chain_is_looked_at_is_no_false_alarm(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
):
    await chain.happen(5)
    newest_cut = repository.newest_cut

    async def and_others_write(session: AsyncSession) -> AuditCutRow | None:
        monkeypatch.undo()
        first = await newest_cut(session)  # from here on the database shows what it held now
        await chain.happen(3)
        return first

    monkeypatch.setattr(repository, "newest_cut", and_others_write)
    assert await chain.problems() == []
    head = chain.head.read()
    assert head is not None
    assert head.number == 8
