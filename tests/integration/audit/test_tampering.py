"""Whatever is done to the audit by somebody who has the database and not the secret is found and named."""

import json

import pytest
from sqlalchemy.exc import DBAPIError

from server.audit.head import HeadFile
from server.audit.seals import Head, Seals
from server.secret import Secret
from tests.integration.audit.conftest import Chain

LIKE_5 = (
    'INSERT INTO audit_rows (number, event, at, brand, kind, subject, caller, token, facts, "before", seal)'
    ' SELECT {}, event, at, brand, kind, subject, caller, token, facts, "before", seal FROM audit_rows WHERE number = 5'
)


async def test_a_chain_that_nobody_has_touched_is_whole(chain: Chain):
    await chain.happen(5)
    found = await chain.verify()
    assert (found.whole, found.rows, found.first, found.last, found.notes) == (True, 5, 1, 5, [])


@pytest.mark.parametrize(
    "change",
    [
        "caller = 'staff_bob'",
        "caller = NULL",
        "kind = 'draft.approved'",
        "subject = 'draft_9'",
        "at = '2026-11-20 13:00:00+00'",
        "facts = '{\"x\": true}'",
        "facts = '[]'",
        "brand = 'oak'",
        "seal = 'f' || substr(seal, 2) || 'f'",
        "\"before\" = 'x'",
        "event = 77",
    ],
)
async def test_a_row_that_was_changed_is_named(chain: Chain, change: str):
    await chain.happen(5)
    await chain.tamper(f"UPDATE audit_rows SET {change} WHERE number = 3")
    found = await chain.verify()
    assert [problem.number for problem in found.problems] == [3]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_row_that_cannot_even_be_read_is_named_and_the_others_are_read(chain: Chain):
    await chain.happen(5)
    await chain.tamper("UPDATE audit_rows SET facts = 'rubbish' WHERE number = 2")
    await chain.tamper("UPDATE audit_rows SET caller = 'staff_bob' WHERE number = 4")
    assert [problem.number for problem in (await chain.verify()).problems] == [2, 4]
    await chain.happen(1)
    assert len(await chain.problems()) == 2, "and the chain goes on"


async def test_a_row_that_was_taken_out_is_named(chain: Chain):
    await chain.happen(5)
    await chain.tamper("DELETE FROM audit_rows WHERE number IN (2, 3)")
    assert await chain.problems() == ["rows 2 to 3 are missing"]


async def test_the_first_rows_are_not_to_be_taken_away_either(chain: Chain):
    await chain.happen(5)
    await chain.tamper("DELETE FROM audit_rows WHERE number < 3")
    assert await chain.problems() == ["rows 1 to 2 are missing"]


async def test_rows_that_changed_places_are_named(chain: Chain):
    await chain.happen(5)
    await chain.tamper(
        "UPDATE audit_rows SET number = 99 WHERE number = 2",
        "UPDATE audit_rows SET number = 2 WHERE number = 4",
        "UPDATE audit_rows SET number = 4 WHERE number = 99",
    )
    assert await chain.problems() == ["row 2 is row 4, moved", "row 4 is row 2, moved"]


async def test_rows_that_moved_up_into_a_gap_are_named(chain: Chain):
    await chain.happen(5)
    await chain.tamper(
        "DELETE FROM audit_rows WHERE number = 3",
        "UPDATE audit_rows SET number = 3 WHERE number = 4",
        "UPDATE audit_rows SET number = 4 WHERE number = 5",
    )
    found = await chain.problems()
    assert found[:2] == ["row 3 is row 4, moved", "row 4 is row 5, moved"]
    assert found[2].startswith("row 5 is missing at the end")


async def test_a_row_that_was_put_in_is_named(chain: Chain):
    await chain.happen(5)
    await chain.tamper(LIKE_5.format(6))
    assert await chain.problems() == ["row 6 is row 5, moved"]
    await chain.tamper("UPDATE audit_rows SET subject = 'draft_x' WHERE number = 6")
    assert await chain.problems() == ["row 6 is not as it was written, or was never written by us"]


async def test_a_cut_at_the_end_is_seen_by_the_head_outside(chain: Chain):
    await chain.happen(5)
    await chain.tamper("DELETE FROM audit_rows WHERE number > 3")
    [words] = await chain.problems()
    assert words.startswith("rows 4 to 5 are missing at the end")


async def test_a_cut_at_the_end_is_seen_after_more_has_happened(chain: Chain):
    await chain.happen(5)
    await chain.tamper("DELETE FROM audit_rows WHERE number > 3")
    await chain.happen(1)
    [words] = await chain.problems()
    assert words.startswith("row 5 is missing at the end")
    await chain.happen(4)
    [words] = await chain.problems()
    assert words.startswith("row 5 is another than the head")


async def test_everything_gone_is_seen(chain: Chain):
    await chain.happen(3)
    await chain.tamper("DELETE FROM audit_rows")
    [words] = await chain.problems()
    assert words.startswith("rows 1 to 3 are missing at the end")


async def test_a_lost_head_is_told_and_remembered(chain: Chain):
    await chain.happen(3)
    chain.head.path.unlink()
    [words] = await chain.problems()
    assert words.startswith("there is no head")
    await chain.happen(1)
    found = await chain.verify()
    assert found.whole
    [note] = found.notes
    assert "the head was begun anew" in note.words


async def test_an_older_head_is_told(chain: Chain):
    await chain.happen(3)
    older = chain.head.path.read_text()
    await chain.happen(2)
    chain.head.path.write_text(older)
    chain.later(minutes=10)
    [words] = await chain.problems()
    assert "is of row 3, and rows to 5 were written since" in words


async def test_a_head_that_somebody_wrote_is_told(chain: Chain):
    await chain.happen(5)
    third = (await chain.rows())[2]
    await chain.tamper("DELETE FROM audit_rows WHERE number > 3")
    told = json.loads(chain.head.path.read_text())
    chain.head.path.write_text(json.dumps(told | {"number": 3, "seal": third["seal"]}))
    [words] = await chain.problems()
    assert "holds no head of this installation's audit" in words
    await chain.happen(1)
    assert "holds no head" in (await chain.problems())[0], "it is kept as it is, for who looks into it"


async def test_database_and_head_put_back_together_are_seen_by_a_head_that_was_noted(chain: Chain):
    await chain.happen(3)
    older = chain.head.path.read_text()
    await chain.happen(2)
    noted = (5, (await chain.rows())[4]["seal"])
    assert (await chain.verify(noted=[noted])).whole
    await chain.tamper("DELETE FROM audit_rows WHERE number > 3")
    chain.head.path.write_text(older)
    assert (await chain.verify()).whole, "nothing on the machine itself knows"
    [words] = await chain.problems(noted=[noted])
    assert words.startswith("rows 4 to 5 are missing at the end, by the head that was noted")


async def test_who_has_another_key_writes_no_row_and_no_head_that_counts(chain: Chain):
    await chain.happen(2)
    forger = Seals.of(Secret.of_text("f" * 64))
    forged = HeadFile(chain.head.path.with_name("forged"), forger)
    forged.write(Head(2, "0" * 64, chain.now.isoformat()))
    found = await chain.verify()
    assert found.whole
    as_forger = Chain(chain.engine, forged, forger, chain.now)
    assert len(await as_forger.problems()) == 3
    both = Seals.of(Secret.of_text("f" * 64), older=(Secret.of_text("0123456789abcdef" * 4),))
    assert (await Chain(chain.engine, HeadFile(chain.head.path, both), both, chain.now).verify()).whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_rows SET caller = 'staff_bob' WHERE number = 2",
        "DELETE FROM audit_rows WHERE number = 2",
        "DELETE FROM audit_rows",
    ],
)
async def test_the_database_itself_refuses_what_goes_by_it(chain: Chain, statement: str):
    await chain.happen(3)
    with pytest.raises(DBAPIError, match="audit rows are never changed"):
        async with chain.engine.begin() as connection:
            await connection.exec_driver_sql(statement)
    assert (await chain.verify()).whole
