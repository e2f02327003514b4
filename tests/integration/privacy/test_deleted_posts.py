"""What a customer deletes on the network is quoted nowhere here any more; what we have sent stays."""

from typing import Any

from sqlmodel import select

from server.db import reading, writing
from server.models import DraftRow, KeptTurnRow, ModelRequestRow, PostRow
from server.privacy.deleted_posts import DELETED
from tests.fakes.cases import CaseWorld
from tests.integration.privacy.filled import everything

SECRET = "my order is late and my door code is 4711, please be quick"


async def drafted(engine) -> tuple[CaseWorld, str]:
    world = await CaseWorld(engine).open()
    name = await world.post(SECRET)
    world.wait()
    await world.work()
    return world, name


async def drafts_about(engine, words: str) -> list[tuple[str, Any]]:
    async with reading(engine) as session:
        return [(row.id, row.record) for row in await session.exec(select(DraftRow)) if words in str(row.record)]


async def test_it_is_quoted_nowhere_any_more(engine):
    world, name = await drafted(engine)
    before = await everything(engine)
    quoting = {table for table, rows in before.items() if any("4711" in row for row in rows)}
    assert {"posts", "drafts"} <= quoting
    await world.delete(name)
    after = await everything(engine)
    assert {table: rows for table, rows in after.items() if any("4711" in row for row in rows)} == {}
    async with reading(engine) as session:
        draft = (await session.exec(select(DraftRow))).first()
        assert draft is not None
        assert DELETED in str(draft.record)


async def test_what_it_said_before_it_was_edited_goes_as_well(engine):
    world, name = await drafted(engine)
    await world.edit(name, "my order is late, please be quick about it")
    world.wait()
    await world.work()
    await world.delete(name)
    assert not any("4711" in row or "be quick" in row for rows in (await everything(engine)).values() for row in rows)


async def test_the_requests_that_held_it_are_emptied_and_keep_their_digest(engine):
    world, name = await drafted(engine)
    async with writing(engine) as session:
        turn = (await session.exec(select(KeptTurnRow))).first()
        assert turn is not None
        row = ModelRequestRow(turn=turn.id, number=9, brand=turn.brand, at=world.now, digest="d", body=SECRET.encode())
        session.add(row)
    await world.delete(name)
    async with reading(engine) as session:
        request = (await session.exec(select(ModelRequestRow).where(ModelRequestRow.number == 9))).one()
        assert (request.body, request.digest) == (b"", "d")


async def test_other_peoples_posts_and_drafts_stay_as_they_are(engine):
    world, name = await drafted(engine)
    await world.post("where is my parcel, it was due on Monday already", author="somebody", thread="t2")
    world.wait()
    await world.work()
    before = await drafts_about(engine, "due on Monday")
    assert before
    await world.delete(name)
    async with reading(engine) as session:
        texts = set(await session.exec(select(PostRow.text)))
    assert await drafts_about(engine, "due on Monday") == before
    assert texts == {"", "where is my parcel, it was due on Monday already"}
