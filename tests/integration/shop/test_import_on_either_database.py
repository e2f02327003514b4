"""An import and what is read of it, on SQLite and on Postgres."""

from server.shop.importing import import_folder
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
