"""Orders whose last import is too long ago are not told, on SQLite and on Postgres."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading
from server.shop import staging_repository
from server.shop.freshness import Freshness
from server.shop.importing import import_folder
from server.shop.ports import SqlCustomers, SqlOrders
from server.shop.repository import last_import
from tests.fakes.shop_files import write_shop
from tools.ports import Outage, PortUnavailable

LINE = {"id": "L1", "title": "Tent", "quantity": 1, "unit_price": 28900}
ORDER = {"id": "FH-1", "customer": "C-1", "status": "shipped", "currency": "GBP", "lines": [LINE]}
A_DAY = Freshness.of_hours(24)


async def bring(engine: AsyncEngine, folder) -> datetime:
    await import_folder(engine, write_shop(folder, customers=[{"id": "C-1", "name": "Ann"}], orders=[ORDER]))
    async with reading(engine) as session:
        imported = await last_import(session)
    assert imported is not None
    return imported


def orders(engine: AsyncEngine, now: datetime, freshness: Freshness = A_DAY) -> SqlOrders:
    return SqlOrders(engine, freshness=freshness, clock=lambda: now)


async def test_orders_are_told_until_they_are_too_old_and_again_after_the_next_import(engine: AsyncEngine, tmp_path):
    imported = await bring(engine, tmp_path / "first")
    last_moment = imported + timedelta(hours=24)
    assert await orders(engine, last_moment).get("C-1", "FH-1") is not None
    stale = orders(engine, last_moment + timedelta(seconds=1))
    for call in (stale.get("C-1", "FH-1"), stale.latest("C-1", limit=1), stale.product("P-1")):
        with pytest.raises(PortUnavailable) as caught:
            await call
        assert caught.value.outage == Outage("orders", as_of=imported)
    again = await bring(engine, tmp_path / "second")
    assert await orders(engine, again + timedelta(hours=23)).get("C-1", "FH-1") is not None


async def test_without_a_limit_and_without_an_import_nothing_is_too_old(engine: AsyncEngine, tmp_path):
    now = datetime.now(UTC)
    assert await orders(engine, now).latest("C-1", limit=1) == ()
    await bring(engine, tmp_path)
    assert await orders(engine, now + timedelta(days=999), Freshness()).get("C-1", "FH-1") is not None


async def test_an_import_that_never_ended_makes_nothing_newer(engine: AsyncEngine, tmp_path):
    imported = await bring(engine, tmp_path)
    await staging_repository.begin_import(engine, "killed")
    with pytest.raises(PortUnavailable) as caught:
        await orders(engine, imported + timedelta(hours=25)).get("C-1", "FH-1")
    assert caught.value.outage.as_of == imported


async def test_who_somebody_is_does_not_grow_old(engine: AsyncEngine, tmp_path):
    await bring(engine, tmp_path)
    assert await SqlCustomers(engine).get("C-1") is not None
