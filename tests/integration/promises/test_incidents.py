"""What an incident's text promises: the update with the incident, anything else as any other promise."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.models import DraftRow, JobRow, PromiseRow
from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import BOSS, KNOWN, OVER, UPDATE, Boss, boss_of
from tests.integration.incidents.test_answering import run

REFUNDS = "We will refund every double charge by Friday."
DOWN = "We are sorry, our checkout is down since 11:40 UTC."
DUE = "2026-11-20T18:00:00Z"


@pytest.fixture
async def storm(engine: AsyncEngine) -> StormWorld:
    return await StormWorld(engine).open()


async def answered(boss: Boss, text: str, **promised: object) -> None:
    """One customer was answered with this text."""
    await boss.open(known=f"{KNOWN} {REFUNDS}")
    await boss.world.written("your checkout is down", "anna")
    boss.world.wait()
    await boss.world.work()
    await boss.confirm_all()
    await boss.answer(texts={"en": await boss.approved(text, **promised)}, spread_minutes=1)
    await run(boss.world, minutes=3)
    assert boss.world.network.texts() == [text]


async def test_the_update_is_owed_with_the_incident_and_asks_for_no_draft_when_it_is_due(storm: StormWorld):
    async with boss_of(storm) as boss:
        await answered(boss, f"{DOWN} {UPDATE}", promises_update=True, update_due=DUE)
        assert set(await boss.promised()) == {"anna"}
        [owed] = (await boss.desk.get(BOSS, "/promises")).json()["items"]
        assert (owed["incident"], owed["said"]) == (boss.incident, UPDATE)
        drafts = len(await storm.rows(DraftRow))
        await run(storm, hours=7)
        assert len(await storm.rows(DraftRow)) == drafts
        assert (await boss.desk.get(BOSS, "/promises", overdue=True)).json()["items"] != []
    assert [job for job in await storm.rows(JobRow) if job.kind == "promise_due"] == []


async def test_what_it_promises_besides_is_on_record_and_not_kept_by_the_word_that_it_is_over(storm: StormWorld):
    async with boss_of(storm) as boss:
        await answered(boss, f"{DOWN} {REFUNDS} {UPDATE}", promises_update=True, update_due=DUE)
        rows = sorted(await storm.rows(PromiseRow), key=lambda row: str(row.said))
        assert [(row.said, row.incident) for row in rows] == [(REFUNDS, None), (UPDATE, boss.incident)]
        promised = await boss.promised()
        assert {item["said"] for item in promised.values()} == {UPDATE}
        over = await boss.approved(OVER, purpose="closing")
        seen = [item["promise"] for item in promised.values()]
        await boss.do("tell-promised", texts={"en": over}, seen=seen, spread_minutes=1)
        await run(storm, minutes=3)
        assert {row.said: row.state for row in await storm.rows(PromiseRow)} == {REFUNDS: "open", UPDATE: "kept"}


async def test_a_refund_that_it_promises_comes_up_when_it_is_due(storm: StormWorld):
    async with boss_of(storm) as boss:
        await answered(boss, f"{DOWN} {REFUNDS}")
        assert await boss.promised() == {}
        assert (await boss.close())["promised"] == 0
        assert await storm.queue() == []
        storm.now += timedelta(days=14)
        await storm.work()
        [draft] = await storm.queue()
        assert (draft.rank, (await storm.case_of(draft)).author) == (1, "anna")
