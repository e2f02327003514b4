"""Each kind of record is forgotten after its own time, and not before."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from server.db import reading
from server.models import EventRow
from server.privacy.keeping import forget_old
from tests.fakes.jobs import service_without_desk
from tests.integration.privacy.filled import NOW, VICTIM, everything, fill

SHOP = {"customers", "customer_emails", "customer_handles", "orders", "past_posts", "carried_out", "customer_facts"}


@pytest.fixture
async def filled(engine, tmp_path: Path):
    await fill(engine, VICTIM)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE cases SET open = false"))
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / VICTIM.tag).write_bytes(b"photo")

    async def after(days: float) -> dict[str, list[str]]:
        now = NOW + timedelta(days=days)
        await forget_old(service_without_desk(engine, lambda: now, lambda: None, home=tmp_path))
        return await everything(engine)

    return after


def saying(rows: dict[str, list[str]]) -> set[str]:
    return {table for table, told in rows.items() if any(VICTIM.said in row for row in told)}


async def test_before_its_time_nothing_is_forgotten(engine, filled):
    before = await everything(engine)
    assert await filled(89) == before


async def test_requests_go_first_then_attachments_then_what_drafts_rested_on(filled, tmp_path):
    rows = await filled(91)
    assert rows["model_requests"] == []
    assert (tmp_path / "attachments" / VICTIM.tag).exists()
    rows = await filled(181)
    assert not (tmp_path / "attachments" / VICTIM.tag).exists()
    assert VICTIM.said in str(rows["drafts"])
    assert rows["kept_turns"]
    rows = await filled(366)
    assert rows["kept_turns"] == []
    assert "'record': None" in str(rows["drafts"])
    assert VICTIM.said in str(rows["publications"])


async def test_panel_sessions_go_before_cases(filled):
    rows = await filled(366)
    assert not saying(rows) & {"conversations", "turns", "turn_parts", "suggestions", "question_offers"}
    assert {"posts", "publications", "notes"} <= saying(rows)


async def test_who_was_asked_what_is_known_until_they_are_erased(filled):
    rows = await filled(366)
    assert VICTIM.customer in str(rows["question_offers"]), "or they were asked again what they have refused"


async def test_in_the_end_a_case_says_nothing_of_anybody(filled):
    rows = await filled(731)
    assert saying(rows) <= SHOP | {"actions", "action_approvals", "action_decisions", "customer_links", "promises",
                                   "privacy_incidents", "jobs", "events", "answered_requests"}  # fmt: skip
    assert VICTIM.handle not in str(rows["cases"]) + str(rows["posts"]) + str(rows["publications"])
    again = await filled(732)
    assert again == rows, "it is done once"


async def test_an_open_case_is_kept_with_its_attachments(engine, filled, tmp_path):
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE cases SET open = true"))
    assert {"posts", "publications", "notes", "attachments"} <= saying(await filled(5_000))
    assert (tmp_path / "attachments" / VICTIM.tag).exists()


async def test_a_case_of_which_a_promise_is_open_is_kept(engine, filled):
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE promises SET state = 'open'"))
    rows = await filled(731)
    assert {"posts", "publications", "notes", "promises"} <= saying(rows)
    assert "'state': 'open'" in str(rows["promises"]), "only people settle it"


async def test_how_much_was_forgotten_of_which_kind_is_recorded_once(engine, filled):
    await filled(91)
    await filled(91)
    await filled(731)
    async with reading(engine) as session:
        told = list(await session.exec(select(EventRow.data).where(EventRow.kind == "retention.done")))
    assert len(told) == 2
    assert told[0] == {"requests": 1}
    assert {kind for kind, count in told[1].items() if count} == {
        *("kept_turns", "records", "attachments", "cases", "conversations")
    }
