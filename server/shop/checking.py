"""Checking the files of an import, line by line, before anything is written."""

from collections.abc import Awaitable, Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading
from server.shop import repository, schema
from server.shop.files import Line, ShopFile, ShopFiles
from server.shop.problems import Problem, Problems, problem_of, shorten

_LINES_AT_ONCE = 1_000

Advance = Callable[[int], None]
_Existing = Callable[[AsyncSession, Collection[str]], Awaitable[set[str]]]


@dataclass(slots=True)
class _Ids:
    """The ids of one kind of record: in its file, with the line of the first one, and those seen in the database."""

    in_file: dict[str, int] = field(default_factory=dict)
    in_database: set[str] = field(default_factory=set)

    async def unknown(self, engine: AsyncEngine, ids: set[str], existing: _Existing) -> set[str]:
        """Those of `ids` that are nowhere."""
        missing = {name for name in ids if name not in self.in_file} - self.in_database
        if missing:
            async with reading(engine) as session:
                self.in_database |= await existing(session, missing)
        return missing - self.in_database


async def check_files(engine: AsyncEngine, files: ShopFiles, advance: Advance, erased: Container[str]) -> Problems:
    """Every problem of the files; `advance` hears of the bytes read. Orders of `erased` customers are none."""
    problems = Problems()
    customers, products, orders = _Ids(), _Ids(), _Ids()
    for file, kind, ids in ((files.customers, schema.Customer, customers), (files.products, schema.Product, products)):
        for lines in _batches(file):
            problems.add(_check_lines(file.name if file else "", lines, kind, ids).problems)
            advance(_size(lines))
    for lines in _batches(files.orders):
        checked = _check_lines("orders.jsonl", lines, schema.Order, orders)
        customer_ids = {order["customer"] for _, order in checked.good}
        product_ids = {line["product"] for _, order in checked.good for line in order["lines"] if "product" in line}
        unknown = await customers.unknown(engine, customer_ids, repository.existing_customers)
        no_customer = {customer for customer in unknown if customer not in erased}
        no_product = await products.unknown(engine, product_ids, repository.existing_products)
        for number, order in checked.good:
            checked.problems.extend(_dangling(number, order, no_customer, no_product))
        problems.add(checked.problems)
        advance(_size(lines))
    return problems


@dataclass(slots=True)
class _Checked:
    good: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _batches(file: ShopFile | None) -> Iterable[list[Line]]:
    return file.batches(lambda: _LINES_AT_ONCE) if file is not None else ()


def _size(lines: list[Line]) -> int:
    return sum(len(line.content) for line in lines)


def _check_lines(file: str, lines: list[Line], kind: Any, ids: _Ids) -> _Checked:  # noqa: ANN401
    """Each line by itself, and whether its id is the first of its kind."""
    check = _adapter(kind)
    checked = _Checked()
    for line in lines:
        name: str | None
        try:
            record = check.validate_json(line.content)
        except ValidationError as error:
            name = _id_of_bad_line(line)
            checked.problems.extend(problem_of(file, line.number, one) for one in error.errors(include_url=False))
        else:
            name = record["id"]
            checked.good.append((line.number, record))
        first = ids.in_file.setdefault(name, line.number) if name is not None else line.number
        if first != line.number:
            checked.problems.append(_twice(file, line.number, name, first))
    return checked


def _twice(file: str, number: int, name: str | None, first: int) -> Problem:
    return Problem(file, number, "id", f"{shorten(name)} stands in line {first} already")


def _id_of_bad_line(line: Line) -> str | None:
    """The id, if that much can be read, so that records which refer to it are not reported as well."""
    try:
        record = from_json(line.content)
    except ValueError:
        return None
    name = record.get("id") if isinstance(record, dict) else None
    return name if isinstance(name, str) else None


def _dangling(
    number: int, order: Mapping[str, Any], no_customer: Collection[str], no_product: Collection[str]
) -> Iterable[Problem]:
    """What an order refers to and nobody knows."""
    file = "orders.jsonl"
    if order["customer"] in no_customer:
        words = f"{shorten(order['customer'])} is neither in customers.jsonl nor among the customers imported before"
        yield Problem(file, number, "customer", words)
    if no_product:
        for position, line in enumerate(order["lines"]):
            if line.get("product") in no_product:
                words = (
                    f"{shorten(line['product'])} is neither in products.jsonl nor among the products imported before"
                )
                yield Problem(file, number, f"lines[{position}].product", words)
    known = {line["id"] for line in order["lines"]}
    for part in ("shipments", "returns"):
        for position, item in enumerate(order.get(part, ())):
            if not known.issuperset(item["lines"]):
                unknown = ", ".join(shorten(name) for name in item["lines"] if name not in known)
                yield Problem(file, number, f"{part}[{position}].lines", f"names {unknown}, no line of this order")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a typed dictionary's type
    return TypeAdapter(kind)
