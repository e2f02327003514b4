"""No query walks through a table: at a million orders that would be seconds."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import event

from server.shop.importing import import_folder
from server.shop.ports import SqlConversations, SqlCustomers, SqlOrders, SqlPromises
from tests.fakes.shop_files import write_shop

LINE = {"id": "L1", "product": "P-1", "title": "Tent", "quantity": 1, "unit_price": 100}
ORDER = {"id": "FH-1", "customer": "C-1", "status": "shipped", "currency": "GBP", "lines": [LINE]}
SHOP = {
    "customers": [{"id": "C-1", "name": "Ann", "handles": [{"channel": "x", "handle": "ann", "known": "verified"}]}],
    "products": [{"id": "P-1", "title": "Tent", "variants": []}],
    "orders": [ORDER],
}


@contextmanager
def statements_of(engine):
    seen: list[tuple[str, object]] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if statement.split(maxsplit=1)[0] in ("SELECT", "DELETE", "UPDATE"):
            seen.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine.sync_engine, "before_cursor_execute", note)


def plan_of(engine, statement, parameters) -> list[str]:
    with closing(sqlite3.connect(engine.url.database)) as connection:
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]


@pytest.fixture
async def engine(engine, tmp_path):
    await import_folder(engine, write_shop(tmp_path / "shop", **SHOP))
    return engine


async def test_reading_one_customers_records_searches_and_never_scans(engine):
    with statements_of(engine) as statements:
        await SqlCustomers(engine).identify(brand="b", channel="x", handle="ann")
        await SqlCustomers(engine).get("C-1")
        await SqlOrders(engine).get("C-1", "FH-1")
        await SqlOrders(engine).product("P-1")
        await SqlPromises(engine).open_for("C-1")
        await SqlConversations(engine).earlier("C-1", limit=5)
    assert len(statements) == 7  # a customer is read with what they have told us
    for statement, parameters in statements:
        assert not [step for step in plan_of(engine, statement, parameters) if step.startswith("SCAN")], statement


async def test_the_latest_orders_are_read_in_the_order_of_their_index(engine):
    with statements_of(engine) as statements:
        await SqlOrders(engine).latest("C-1", limit=5)
    [(statement, parameters)] = statements
    plan = plan_of(engine, statement, parameters)
    assert plan[0] == "SEARCH orders USING INDEX ix_orders_customer_is_open_placed_at (customer=?)"
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan


async def test_an_import_searches_and_never_scans(engine, tmp_path):
    later = write_shop(tmp_path / "later", customers=SHOP["customers"], orders=[ORDER, ORDER | {"id": "FH-2"}])
    with statements_of(engine) as statements:
        await import_folder(engine, later)
    records = [
        (s, p) for s, p in statements if any(f"FROM {table}" in s for table in ("orders", "products", "customers"))
    ]
    assert len(records) >= 6
    assert any(statement.startswith("DELETE FROM orders") for statement, _ in records)
    for statement, parameters in records:
        assert not [step for step in plan_of(engine, statement, parameters) if step.startswith("SCAN")], statement
        if statement.startswith("DELETE"):
            assert "import_id<?" not in plan_of(engine, statement, parameters)[0], statement
