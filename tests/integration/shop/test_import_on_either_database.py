"""An import and what is read of it, on SQLite and on Postgres."""

import hashlib

import pytest
from sqlmodel import select

from server.db import reading
from server.models import EventRow
from server.shop.importing import BadRows, import_folder
from server.shop.ports import SqlCustomers, SqlOrders
from tests.fakes.shop_files import write_shop

LINE = {"id": "L1", "title": "Tent", "quantity": 1, "unit_price": 28900}


def make_shop(folder, status, orders=30):
    return write_shop(
        folder,
        customers=[{"id": "C-1", "name": "Ann Größe", "emails": ["ann@example.com"]}],
        orders=[
            {"id": f"FH-{number}", "customer": "C-1", "status": status, "currency": "GBP", "lines": [LINE]}
            | {"placed_at": f"2026-11-{number % 28 + 1:02}T08:41:00Z"}
            for number in range(orders)
        ],
    )


async def test_a_second_import_takes_the_place_of_the_first(engine, tmp_path):
    for status in ("shipped", "delivered"):
        await import_folder(engine, make_shop(tmp_path / status, status))
    order = await SqlOrders(engine).get("C-1", "fh-7")
    assert (order.id, order.status, order.lines[0].unit_price.amount) == ("FH-7", "delivered", 28900)
    assert (await SqlCustomers(engine).get("C-1")).name == "Ann Größe"
    assert [order.id for order in await SqlOrders(engine).latest("C-1", limit=2)] == ["FH-27", "FH-26"]


async def test_what_came_in_and_from_which_files_is_recorded_with_the_change(engine, tmp_path):
    folder = make_shop(tmp_path / "shop", "shipped", orders=3)
    await import_folder(engine, folder)
    (folder / "orders.jsonl").write_text("{}\n")
    with pytest.raises(BadRows):
        await import_folder(engine, folder)
    async with reading(engine) as session:
        [told] = await session.exec(select(EventRow).where(EventRow.kind == "shop.imported"))
    digests = told.data.pop("digests")
    assert (told.subject, told.data) == ("import_1", {"customers": 1, "products": 0, "orders": 3, "left_out": 0})
    assert digests["customers.jsonl"] == hashlib.sha256((folder / "customers.jsonl").read_bytes()).hexdigest()
    assert digests["orders.jsonl"] != hashlib.sha256((folder / "orders.jsonl").read_bytes()).hexdigest()
