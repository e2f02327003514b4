"""A changed order or document is seen in the queue, before anybody approves what rested on it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.drafts import falling, review
from server.drafts.approvals import Terms
from server.drafts.falling import recheck
from server.drafts.rechecking import POLICIES, RECORDS, recheck_resting_on
from server.models import JobRow
from server.policies.held import hold_policies
from server.settings import Settings
from server.shop.importing import import_folder
from tests.fakes.cases import STRANGER, CaseWorld, changed_order, person
from tests.fakes.policies import MemoryPassages
from tests.fakes.small_shop import ANN, PASSAGES
from tests.integration.commands.conftest import CUSTOMERS, FILES, ORDERS
from tools.ports import PortUnavailable
from tools.records import OrderStatus

LATE = "Where is my order FH-10423? It is so late."
RETURNS = "Can I return unused goods after 50 days?"
REP = person("rep")


async def look(world: CaseWorld, *kinds: str) -> int:
    """Have the drafts looked at, and do it; how many jobs that took."""
    async with writing(world.engine) as session:
        await recheck_resting_on(session, kinds, world.now)
    done = 0
    while jobs := [job for job in await world.due() if job.kind == "recheck"]:
        for job in jobs:
            await recheck(world.service, job)
            done += 1
    return done


async def test_a_draft_whose_order_has_changed_is_blocked_and_the_others_are_not_touched(world: CaseWorld):
    fallen = await world.drafted(LATE)
    other = await world.drafted(RETURNS, STRANGER, thread="t2")
    world.shop["orders"].add(changed_order(status=OrderStatus.DELIVERED))
    await look(world, *RECORDS)
    shown = await world.draft(fallen.id)
    assert [(item["rule"], item["reason"]) for item in shown.findings if item["rule"] == "stale"] == [
        ("stale", "order FH-10423 has changed")
    ]
    assert (shown.state, shown.one_click) == ("pending", False)
    assert (await world.draft(other.id)).version == other.version
    await look(world, *RECORDS)
    assert (await world.draft(fallen.id)).version == shown.version


async def test_an_approval_whose_policy_was_replaced_is_void(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    await review.approve(world.service, REP, draft.id, await world.seen(draft.id), Terms(confirmed=True))
    newer = replace(PASSAGES[0], text="Unused goods can be returned within 30 days.")
    world.shop["passages"]._filed = MemoryPassages([newer])._filed
    await look(world, *POLICIES)
    assert (await world.draft(draft.id)).state == "pending"
    assert {row.void_reason for row in await world.approvals(draft.id)} == {"the policy returns-2026 has changed"}


async def test_what_may_tell_somebody_elses_affairs_is_written_anew(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["customers"].add(replace(ANN, handles=()))
    await look(world, *RECORDS)
    assert (await world.draft(draft.id)).state == "superseded"
    await world.work()
    assert (await world.newest()).id != draft.id


async def test_page_after_page_all_are_looked_at(world: CaseWorld, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(falling, "_PAGE", 1)
    drafts = [await world.drafted(RETURNS, f"{STRANGER}.{number}", thread=f"t{number}") for number in range(3)]
    world.shop["passages"]._filed = MemoryPassages([])._filed
    assert await look(world, *POLICIES) == 4
    for draft in drafts:
        assert not (await world.draft(draft.id)).one_click


async def test_a_shop_that_does_not_answer_is_asked_again_later(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["orders"].go_down()
    with pytest.raises(PortUnavailable):
        await look(world, *RECORDS)
    assert (await world.draft(draft.id)).version == draft.version


async def test_an_import_has_the_drafts_looked_at(engine: AsyncEngine, tmp_path: Path):
    for name, rows in (("customers", CUSTOMERS), ("orders", ORDERS)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    await import_folder(engine, tmp_path)
    await import_folder(engine, tmp_path)
    assert await waiting(engine) == [["order", "link"]]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_new_documents_have_the_drafts_looked_at(engine: AsyncEngine, tmp_path: Path):
    file = tmp_path / "knowledge" / "policies" / "returns.md"
    file.parent.mkdir(parents=True)
    file.write_text(FILES["policies/returns.md"], encoding="utf-8")
    settings = Settings(home=tmp_path / "home", knowledge=tmp_path / "knowledge")
    async with hold_policies(settings, engine) as policies:
        assert await waiting(engine) == [["policy"]]
        async with writing(engine) as session:
            for job in await rows(engine):
                await session.delete(job)
        await policies.renew()
        assert await waiting(engine) == []
        file.write_text(FILES["policies/returns.md"].replace("45", "30"), encoding="utf-8")
        await policies.renew()
        assert await waiting(engine) == [["policy"]]


async def waiting(engine: AsyncEngine) -> list[list[str]]:
    return [job.payload["kinds"] for job in await rows(engine) if job.kind == "recheck"]


async def rows(engine: AsyncEngine) -> list[JobRow]:
    return await CaseWorld(engine).rows(JobRow)
