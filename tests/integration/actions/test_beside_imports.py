"""An import that begins to count while an action is carried out."""

import asyncio

import pytest
from sqlalchemy import text

from server.db import reading, writing
from server.models import ImportRow, OrderRow
from server.shop import staging_repository, writer
from server.shop.repository import current_order_row
from server.shop.rows import order_row
from tests.integration.actions.world import order

LEFT = [{"id": "s", "lines": ["1"], "shipped_at": "2026-11-19T10:00:00Z"}]
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_what_an_import_says_is_not_written_over_by_what_was_judged_before_it(world, monkeypatch):
    await world.open(order("FH-1"))
    action = await world.propose("cancel_order", order="FH-1", reason="no longer needed")
    await world.approve(action)
    async with writing(world.engine) as session:
        loading = ImportRow(source="nightly", started_at=world.now)
        session.add(loading)
        await session.flush()
        shipped = order("FH-1", status="shipped", shipments=LEFT, brand="fernhollow")
        session.add(OrderRow(**order_row(shipped, loading.id)))
    write = writer._write

    async def write_while_it_switches(*told):
        switching = asyncio.create_task(staging_repository.switch(world.engine, loading.id))
        while not switching.done() and not await _waits(world.engine):
            await asyncio.wait({switching}, timeout=0.01)
        switched.append(switching)
        await write(*told)

    switched: list[asyncio.Task[None]] = []
    monkeypatch.setattr(writer, "_write", write_while_it_switches)
    await world.work()
    await switched[0]
    async with reading(world.engine) as session:
        row = await current_order_row(session, "FH-1")
    assert (row.status, row.shipments) == ("shipped", LEFT)


async def _waits(engine) -> bool:
    async with reading(engine) as session:
        return bool((await session.exec(WAITING)).scalar_one())
