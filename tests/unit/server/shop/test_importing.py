import pytest
from sqlmodel import func, select

from server.db import open_database, reading
from server.models import CustomerRow, HandleRow, ImportRow, OrderRow, ProductRow
from server.shop import staging_repository
from server.shop.files import FileChanged, UnusableShopFolder
from server.shop.importing import BadRows, Imported, import_folder
from server.shop.pace import Pace
from server.shop.ports import SqlCustomers, SqlOrders
from server.shop.rows import customer_row, order_row
from server.shop.staging_repository import ImportTakenOver
from tests.fakes.shop_files import write_shop
from tools.ports import Identity
from tools.records import Known, OrderStatus

ANN = {"id": "C-1", "name": "Ann", "handles": [{"channel": "x", "handle": "ann", "known": "verified"}]}
TENT = {"id": "P-1", "title": "Tent", "variants": []}
TABLES = (CustomerRow, HandleRow, ProductRow, OrderRow)
LINE = {"id": "L1", "title": "Tent", "quantity": 1, "unit_price": 100}


def order(name: str = "FH-1", **fields):
    return {"id": name, "customer": "C-1", "status": "shipped", "currency": "GBP", "lines": [LINE], **fields}


async def problems_of(engine, folder, **files) -> list[str]:
    with pytest.raises(BadRows) as caught:
        await import_folder(engine, write_shop(folder, **files))
    assert await count_rows(engine, OrderRow) == 0
    return [str(problem) for problem in caught.value.problems.shown]


async def count_rows(engine, table) -> int:
    async with reading(engine) as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


class Killed(Exception):
    """The process went away."""


class Watcher:
    """Does something as soon as a stage begins."""

    def __init__(self, **actions) -> None:
        self.actions = actions
        self.stages: list[tuple[str, int]] = []
        self.done: dict[str, int] = {}

    def begin(self, stage: str, total: int) -> None:
        self.stages.append((stage, total))
        self.done[stage] = 0
        if action := self.actions.get(stage):
            action()

    def advance(self, done: int) -> None:
        self.done[self.stages[-1][0]] += done


async def test_what_is_imported_can_be_read(engine, tmp_path):
    folder = write_shop(tmp_path / "shop", customers=[ANN], products=[TENT], orders=[order()])
    assert await import_folder(engine, folder) == Imported(customers=1, products=1, orders=1)
    assert (await SqlCustomers(engine).get("C-1")).name == "Ann"
    assert (await SqlOrders(engine).product("P-1")).title == "Tent"
    assert (await SqlOrders(engine).get("C-1", "FH-1")).status is OrderStatus.SHIPPED


async def test_importing_the_same_twice_changes_nothing(engine, tmp_path):
    folder = write_shop(tmp_path / "shop", customers=[ANN], products=[TENT], orders=[order(), order("FH-2")])
    await import_folder(engine, folder)
    before = await SqlOrders(engine).latest("C-1", limit=9)
    await import_folder(engine, folder)
    assert await SqlOrders(engine).latest("C-1", limit=9) == before
    assert [await count_rows(engine, table) for table in TABLES] == [1, 1, 1, 2]


async def test_a_changed_row_replaces_the_old_one_and_others_stay(engine, tmp_path):
    await import_folder(
        engine, write_shop(tmp_path / "first", customers=[ANN], products=[TENT], orders=[order(), order("FH-2")])
    )
    later = write_shop(tmp_path / "later", orders=[order(status="delivered"), order("FH-3")])
    await import_folder(engine, later)
    latest = await SqlOrders(engine).latest("C-1", limit=9)
    assert {found.id: found.status.value for found in latest} == {
        "FH-1": "delivered",
        "FH-2": "shipped",
        "FH-3": "shipped",
    }


async def test_an_order_that_moved_is_no_longer_the_old_customers(engine, tmp_path):
    bob = {"id": "C-2", "name": "Bob"}
    await import_folder(engine, write_shop(tmp_path / "first", customers=[ANN, bob], orders=[order()]))
    await import_folder(engine, write_shop(tmp_path / "later", orders=[order(customer="C-2")]))
    assert await SqlOrders(engine).latest("C-1", limit=9) == ()
    assert await SqlOrders(engine).get("C-1", "FH-1") is None
    assert (await SqlOrders(engine).get("C-2", "FH-1")).customer == "C-2"


async def test_a_handle_that_was_taken_back_names_nobody(engine, tmp_path):
    await import_folder(engine, write_shop(tmp_path / "first", customers=[ANN]))
    await import_folder(engine, write_shop(tmp_path / "later", customers=[{"id": "C-1", "name": "Ann"}]))
    found = await SqlCustomers(engine).identify(brand=None, channel="x", handle="ann")
    assert found == Identity(Known.UNKNOWN)
    assert (await SqlCustomers(engine).get("C-1")).handles == ()


async def test_replaced_rows_that_were_not_tidied_yet_are_not_seen(engine, tmp_path):
    def killed() -> None:
        raise Killed

    await import_folder(engine, write_shop(tmp_path / "first", customers=[ANN], products=[TENT], orders=[order()]))
    bare, shelter = {"id": "C-1", "name": "Ann Bo"}, TENT | {"title": "Shelter"}
    later = write_shop(tmp_path / "later", customers=[bare], products=[shelter], orders=[order(gift=True)])
    with pytest.raises(Killed):
        await import_folder(engine, later, progress=Watcher(Tidying=killed))
    assert [await count_rows(engine, table) for table in TABLES] == [2, 1, 2, 2]
    [only] = await SqlOrders(engine).latest("C-1", limit=9)
    assert only.gift
    assert (await SqlOrders(engine).get("C-1", "fh-1")).gift
    assert (await SqlOrders(engine).product("P-1")).title == "Shelter"
    assert (await SqlCustomers(engine).get("C-1")).name == "Ann Bo"
    unknown = await SqlCustomers(engine).identify(brand=None, channel="x", handle="ann")
    assert unknown == Identity(Known.UNKNOWN)
    await import_folder(engine, write_shop(tmp_path / "next", customers=[{"id": "C-2", "name": "Bob"}]))
    assert [await count_rows(engine, table) for table in TABLES] == [2, 0, 1, 1]


async def test_an_import_that_was_killed_is_not_seen_and_cleaned_by_the_next(engine, tmp_path):
    await import_folder(engine, write_shop(tmp_path / "first", customers=[ANN], orders=[order()]))
    killed = await staging_repository.begin_import(engine, "killed")
    left = [order_row(order(name, status="lost"), killed) for name in ("FH-1", "FH-9")]
    await staging_repository.load(engine, killed, {"orders": left}, Pace())
    assert [found.id for found in await SqlOrders(engine).latest("C-1", limit=9)] == ["FH-1"]
    assert (await SqlOrders(engine).get("C-1", "FH-1")).status is OrderStatus.SHIPPED
    await import_folder(engine, write_shop(tmp_path / "next", orders=[order("FH-2")]))
    assert [found.id for found in await SqlOrders(engine).latest("C-1", limit=9)] == ["FH-1", "FH-2"]
    assert await count_rows(engine, OrderRow) == 2


async def test_an_import_that_another_one_overtook_stops_and_changes_nothing(engine):
    first = await staging_repository.begin_import(engine, "first")
    second = await staging_repository.begin_import(engine, "second")
    rows = {"customers": [customer_row(ANN, first)]}
    with pytest.raises(ImportTakenOver, match="has changed nothing"):
        await staging_repository.load(engine, first, rows, Pace())
    with pytest.raises(ImportTakenOver):
        await staging_repository.switch(engine, first)
    await staging_repository.switch(engine, second)
    assert await SqlCustomers(engine).get("C-1") is None


async def test_a_file_that_changes_during_the_import_stops_it(engine, tmp_path):
    folder = write_shop(tmp_path / "shop", customers=[ANN], orders=[order()])
    watcher = Watcher(Loading=lambda: write_shop(folder, orders=[order("FH-2")] * 2))
    with pytest.raises(FileChanged, match=r"orders\.jsonl was changed"):
        await import_folder(engine, folder, progress=watcher)
    assert await SqlCustomers(engine).get("C-1") is None


async def test_progress_covers_every_byte(engine, tmp_path):
    folder = write_shop(tmp_path / "shop", customers=[ANN], products=[TENT], orders=[order()])
    watcher = Watcher()
    await import_folder(engine, folder, progress=watcher)
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert watcher.stages == [("Checking", size), ("Loading", size), ("Tidying", 0)]
    assert watcher.done["Checking"] == watcher.done["Loading"] == size


async def test_blank_lines_and_a_byte_order_mark_are_no_problem(engine, tmp_path):
    folder = write_shop(tmp_path / "shop", customers=["\ufeff" + '{"id": "C-1", "name": "Ann"}', "", "  "])
    assert await import_folder(engine, folder) == Imported(customers=1)


async def test_whole_numbers_may_be_written_with_a_point(engine, tmp_path):
    line = LINE | {"quantity": 2.0, "unit_price": 1e2}
    await import_folder(engine, write_shop(tmp_path / "shop", customers=[ANN], orders=[order(lines=[line])]))
    total = (await SqlOrders(engine).get("C-1", "FH-1")).total
    assert str(total) == "2.00 GBP"


async def test_orders_may_refer_to_what_was_imported_before(engine, tmp_path):
    await import_folder(engine, write_shop(tmp_path / "first", customers=[ANN], products=[TENT]))
    folder = write_shop(tmp_path / "later", orders=[order(lines=[LINE | {"product": "P-1"}])])
    assert (await import_folder(engine, folder)).orders == 1


async def test_bad_rows_are_named_by_file_line_and_field(engine, tmp_path):
    bad = order(
        currency="gbp",
        colour="red",
        placed_at="2026-02-30T08:00:00Z",
        status="gone",
        gift="yes",
        lines=[{"id": "", "quantity": 0, "unit_price": 1.5}],
        shipments=[{"id": "S1", "lines": "L1"}],
    )
    bad_ann = {"id": "C-1", "name": 7, "emails": ["ann"], "language": "EN", "facts": {"x": None}}
    problems = await problems_of(
        engine, tmp_path, customers=["", bad_ann], products=[{"id": "P", "title": "T"}], orders=[order(), bad]
    )
    assert problems == [
        "customers.jsonl, line 2: name must be text, not 7",
        'customers.jsonl, line 2: emails[0] must be an email address such as anna@example.org, not "ann"',
        'customers.jsonl, line 2: language must be a language such as en or pt-BR, not "EN"',
        "customers.jsonl, line 2: facts.x must be text, a number, true or false, not null",
        "products.jsonl, line 1: variants is missing",
        'orders.jsonl, line 2: placed_at is no real time: day is out of range for month, not "2026-02-30T08:00:00Z"',
        "orders.jsonl, line 2: status must be one of pending, processing, backordered, preordered, packed, shipped, "
        "partly_shipped, delivered, lost, cancelled, return_requested, returned, exchange_requested, exchanged, "
        'not "gone"',
        'orders.jsonl, line 2: currency must be three capital letters such as GBP, not "gbp"',
        'orders.jsonl, line 2: gift must be true or false, not "yes"',
        'orders.jsonl, line 2: lines[0].id must not be empty, not ""',
        "orders.jsonl, line 2: lines[0].title is missing",
        "orders.jsonl, line 2: lines[0].quantity must be 1 or more, not 0",
        "orders.jsonl, line 2: lines[0].unit_price must be a whole number, not 1.5",
        'orders.jsonl, line 2: shipments[0].lines must be a list, not "L1"',
        "orders.jsonl, line 2: colour is not a field of the import format",
        'orders.jsonl, line 2: id "FH-1" stands in line 1 already',
    ]


async def test_lines_that_are_no_json_are_named(engine, tmp_path):
    problems = await problems_of(engine, tmp_path, customers=["{", "[]", '{"id": "\\ud800", "name": "x"}'])
    assert problems[0].startswith("customers.jsonl, line 1: is not one JSON object: EOF")
    assert problems[1] == "customers.jsonl, line 2: must be an object"
    assert problems[2].startswith("customers.jsonl, line 3: is not one JSON object: ")


async def test_text_that_is_not_utf_8_is_named(engine, tmp_path):
    (tmp_path / "customers.jsonl").write_bytes(b'{"id": "C-1", "name": "J\xfcrgen"}\n')
    [problem] = await problems_of(engine, tmp_path)
    assert problem.startswith("customers.jsonl, line 1: is not one JSON object: ")


async def test_references_that_lead_nowhere_are_named(engine, tmp_path):
    lost = order(
        customer="C-9",
        lines=[LINE, LINE | {"id": "L2", "product": "P-9"}],
        shipments=[{"id": "S1", "lines": ["L1", "L7", "L8"]}],
        returns=[{"id": "R1", "kind": "return", "lines": ["L9"]}],
    )
    problems = await problems_of(engine, tmp_path, customers=[ANN], orders=[order("FH-0"), lost])
    assert problems == [
        'orders.jsonl, line 2: customer "C-9" is neither in customers.jsonl nor among the customers imported before',
        'orders.jsonl, line 2: lines[1].product "P-9" is neither in products.jsonl nor among the products '
        "imported before",
        'orders.jsonl, line 2: shipments[0].lines names "L7", "L8", no line of this order',
        'orders.jsonl, line 2: returns[0].lines names "L9", no line of this order',
    ]


async def test_orders_of_a_customer_with_a_bad_line_are_not_blamed(engine, tmp_path):
    problems = await problems_of(engine, tmp_path, customers=[ANN | {"tier": 1}], orders=[order()])
    assert problems == ["customers.jsonl, line 1: tier must be text, not 1"]


async def test_at_most_a_hundred_problems_are_shown_and_all_are_counted(engine, tmp_path):
    folder = write_shop(tmp_path, customers=[{"id": f"C-{number}"} for number in range(1, 251)])
    with pytest.raises(BadRows) as caught:
        await import_folder(engine, folder)
    problems = caught.value.problems
    assert problems.count == 250
    assert [problem.line for problem in problems.shown] == list(range(1, 101))


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere", "There is no folder"), ("file.txt", "is not a folder"), ("empty", "holds none of customers.jsonl")],
)
async def test_a_folder_with_nothing_to_import_is_refused(engine, tmp_path, name, words):
    (tmp_path / "file.txt").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnusableShopFolder, match=words):
        await import_folder(engine, tmp_path / name)


async def test_two_homes_do_not_meet(tmp_path, engine):
    other = await open_database(tmp_path / "other" / "shop.db")
    await import_folder(engine, write_shop(tmp_path / "shop", customers=[ANN]))
    assert await SqlCustomers(other).get("C-1") is None
    assert await count_rows(other, ImportRow) == 0
    await other.dispose()
