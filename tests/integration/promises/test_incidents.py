"""What an incident's text promises is owed with the incident: thousands of promises bring up no thousand cases."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.models import DraftRow, JobRow, PromiseRow
from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import BOSS, Boss, boss_of
from tests.integration.incidents.test_answering import confirmed, run

SAID = "We are sorry, our checkout is down since 11:40 UTC. We will refund everybody."


@pytest.fixture
async def storm(engine: AsyncEngine) -> StormWorld:
    return await StormWorld(engine).open()


async def answered(boss: Boss, world: StormWorld) -> None:
    await confirmed(boss, ["anna", "bert", "carla"])
    await boss.answer(texts={"en": await boss.approved(SAID)}, spread_minutes=5)
    await run(world, minutes=10)
    assert world.network.texts() == [SAID] * 3


async def test_it_is_listed_with_the_incident_and_asks_for_no_draft_when_it_is_due(storm: StormWorld):
    async with boss_of(storm) as boss:
        await answered(boss, storm)
        assert set(await boss.promised()) == {"anna", "bert", "carla"}
        owed = (await boss.desk.get(BOSS, "/promises")).json()["items"]
        assert [item["incident"] for item in owed] == [boss.incident] * 3
        drafts = len(await storm.rows(DraftRow))
        await run(storm, hours=4)
        assert len(await storm.rows(DraftRow)) == drafts
        assert (await boss.desk.get(BOSS, "/promises", overdue=True)).json()["items"] != []
    assert [job for job in await storm.rows(JobRow) if job.kind == "promise_due"] == []
    assert {row.due - row.made_at for row in await storm.rows(PromiseRow)} == {timedelta(minutes=180)}
