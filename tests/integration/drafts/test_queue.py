"""Whatever the queue is filtered by, an index gives it in its order; a draft is found under whose its case is now."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading, writing
from server.drafts.queue_repository import Wanted, place_of, queue_page
from server.drafts.states import DraftState
from server.migrations.upgrade import alembic_config, upgrade
from server.models import DraftRow
from server.publications.withdrawing import correct
from server.staff.roles import Role
from tests.fakes.cases import BRAND, STRANGER, CaseWorld, person
from tests.fakes.small_shop import NOW
from tests.integration.drafts.http import Desk, over_http
from tests.integration.drafts.test_cases import half_sent

RETURNS = "Can I return unused goods after 50 days?"
REP = person("rep", Role.REP)
BOSS = person("supervisor", Role.SUPERVISOR)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
STATES = frozenset({DraftState.PENDING, DraftState.HELD})
INDEXES = {
    "ix_drafts_queue": {},
    "ix_drafts_queue_of_account": {"account": "account_x"},
    "ix_drafts_queue_of_team": {"team": "payments"},
    "ix_drafts_queue_of_person": {"assigned_to": "staff_rep"},
}


@pytest.fixture
async def desk(world: CaseWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk


async def plan_of(engine: AsyncEngine, wanted: Wanted, after: Any) -> list[tuple[Any, ...]]:
    """How the database goes about the query that finds a page, step by step."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        async with reading(engine) as session:
            await queue_page(session, wanted, after=after, limit=50)
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    statement, parameters = next(one for one in asked if "FROM drafts" in one[0])
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # a table of a few rows is otherwise read whole, and sorted
            for way in ("seqscan", "sort", "bitmapscan"):
                await connection.execute(text(f"SET LOCAL enable_{way} = off"))
        explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        return [tuple(row) for row in await connection.exec_driver_sql(f"{explain} {statement}", parameters)]


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("danger", [None, True, False])
@pytest.mark.parametrize("later", [False, True])
async def test_every_filter_of_the_queue_is_an_index_in_its_order(
    engine: AsyncEngine, index: str, danger: bool | None, later: bool
):
    wanted = Wanted({BRAND, "tarnlight"}, STATES, danger=danger, **INDEXES[index])
    plan = await plan_of(engine, wanted, (1, NOW, "draft_1") if later else None)
    read = [step for step in plan if "SEARCH drafts" in step[-1] or " on drafts" in step[-1]]
    assert len(read) == 4, plan
    assert all(f"{index} " in step[-1] for step in read), plan
    if engine.dialect.name == "postgresql":
        # what is sorted is the merged runs alone
        assert sum("Sort Key" in step[-1] for step in plan) <= 1, plan
    else:
        # a step names the one that it is part of: nothing is sorted where drafts are read
        reading_them = {step[1] for step in read}
        assert not [step for step in plan if step[1] in reading_them and "TEMP B-TREE" in step[-1]], plan


async def test_the_queue_of_many_brands_and_states_goes_on_where_it_ended(world: CaseWorld):
    drafts = [await world.drafted(RETURNS, f"somebody{number}", thread=f"t{number}") for number in range(3)]
    wanted = Wanted({BRAND, *(f"brand{number}" for number in range(12))}, frozenset(DraftState))
    found: list[DraftRow] = []
    async with reading(world.engine) as session:
        while page := await queue_page(session, wanted, after=place_of(found[-1]) if found else None, limit=2):
            found += page
    assert [draft.id for draft in found] == [draft.id for draft in sorted(drafts, key=place_of)]


async def listed(desk: Desk, **wanted: Any) -> list[str]:
    return [item["id"] for item in (await desk.get(REP, "/drafts", **wanted)).json()["items"]]


async def test_a_case_is_found_under_whose_it_is_whatever_becomes_of_its_drafts(world: CaseWorld, desk: Desk):
    old = await world.drafted(RETURNS)
    await world.drafted(RETURNS, STRANGER, thread="t2")
    await desk.post(REP, f"/cases/{old.case}/assign", {"staff": BOSS.id})
    assert await listed(desk, assigned_to=BOSS.id) == [old.id]
    await world.post("And what about worn ones?")
    world.wait()
    await world.work()
    new = await world.newest()
    assert new.id != old.id
    assert await listed(desk, assigned_to=BOSS.id) == [new.id]
    await desk.decide(REP, new.id, "hand-over", reason="about money", team="payments")
    assert await listed(desk, assigned_to=BOSS.id) == []
    assert await listed(desk, team="payments") == [new.id]
    await desk.post(REP, f"/cases/{old.case}/assign", {"staff": REP.id})
    assert await listed(desk, assigned_to=REP.id, team="payments") == [new.id]
    await desk.post(REP, f"/cases/{old.case}/assign", {"staff": None})
    assert await listed(desk, assigned_to=REP.id) == []


@ON_SQLITE
async def test_what_is_handed_over_by_the_assistant_is_its_teams(world: CaseWorld, desk: Desk):
    danger = await world.drafted("The stove exploded and burned my hand, I am in hospital")
    assert danger.team is not None
    assert await listed(desk, team=danger.team) == [danger.id]
    [item] = (await desk.get(REP, "/drafts", team=danger.team)).json()["items"]
    assert item["team"] == danger.team


@ON_SQLITE
async def test_a_correction_is_its_cases_persons(world: CaseWorld, desk: Desk):
    _, draft = await half_sent(world)
    await desk.post(REP, f"/cases/{draft.case}/assign", {"staff": BOSS.id})
    [sent, _] = (await desk.get(REP, "/publications", draft=draft.id, state="sent")).json()["items"] + [None]
    async with writing(world.engine) as session:
        new = await correct(
            session, sent["id"], brands=frozenset({BRAND}), by=BOSS.id, reason="a wrong date", now=world.now
        )
    world.wait(timedelta(seconds=1))
    assert await listed(desk, assigned_to=BOSS.id) == [new.id]


async def test_drafts_of_before_are_found_under_whose_their_cases_are(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    await desk.post(REP, f"/cases/{draft.case}/assign", {"staff": BOSS.id})
    async with world.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "2026_11_22_0638"))
        await connection.run_sync(upgrade)
    assert await listed(desk, assigned_to=BOSS.id) == [draft.id]
    assert await listed(desk, assigned_to=REP.id) == []
