"""The demo shop: 400 customers and 2,000 orders, always the same, loaded through the import like any other shop's."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from server.audit.seals import Seals
from server.policies.yaml_files import read_yaml_file
from server.privacy.tombstones import read_erased
from server.shop import staging_repository
from server.shop.history import PastWords, keep_past
from server.shop.importing import import_folder
from server.shop.invented.days import days_until, moved
from server.shop.invented.orders import invent_orders
from server.shop.invented.people import invent_customers
from server.shop.invented.world import NOW, Json, make_world

CUSTOMERS = 400
ORDERS = 2_000

_SEED = 20261120
_CODE = Path(__file__).with_name("invented")


async def fill_demo_shop(
    engine: AsyncEngine, directory: Path, seals: Seals | None = None, *, now: datetime = NOW
) -> None:
    """Fill the database with the demo shop, unless that was the last thing imported.

    Args:
        engine: The database.
        seals: Tell who was erased, and stays so.
        directory: Holds `world.yaml`, what the invented people and orders are made of, and `shop.yaml`, the named
            people with their orders, promises and history.
        now: The moment the shop stands at: everything in it is moved there, by whole days.
    """
    by = days_until(now)
    source = f"demo shop {_fingerprint(directory)} of {(NOW + by).date()}"
    if await staging_repository.last_source(engine) == source:
        return
    named = _read(directory / "shop.yaml")
    shop = moved(invent_shop(_read(directory / "world.yaml"), named), by)
    with TemporaryDirectory() as folder:
        _write(shop, Path(folder))
        await keep_past(engine, await _without_erased(engine, _past(moved(named, by)), seals))
        await import_folder(engine, Path(folder), source=source, seals=seals)


def invent_shop(world_data: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, list[Json]]:
    """The shop in the import format: the named people and what is theirs and, to the full number, invented ones."""
    world = make_world(world_data, named, Random(_SEED))
    people, orders = named.get("customers", []), named.get("orders", [])
    first = max((int(person["id"].split("-")[1]) for person in people), default=0) + 1
    invented = list(invent_customers(world, Random(_SEED + 1), first=first, count=CUSTOMERS - len(people)))
    more = invent_orders(
        world,
        Random(_SEED + 2),
        invented,
        count=ORDERS - len(orders),
        taken={order["id"] for order in orders},
    )
    return {
        "customers": [*people, *invented],
        "products": list(world.goods.products),
        "orders": [*orders, *more],
    }


def _write(shop: Mapping[str, Iterable[Json]], folder: Path) -> None:
    for kind, records in shop.items():
        lines = (json.dumps(record, ensure_ascii=False, default=_written) for record in records)
        (folder / f"{kind}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _past(named: Mapping[str, Any]) -> PastWords:
    numbers = count(1)
    posts = [{"id": f"H-{next(numbers):04d}", **post} for post in named.get("history", [])]
    brands = {person["id"]: person.get("brand") for person in named.get("customers", [])}
    promises = [
        {**promise, "brand": brands.get(promise["customer"]), "first_due": promise.get("due")}
        for promise in named.get("promises", [])
    ]
    return PastWords(promises=promises, posts=posts)


async def _without_erased(engine: AsyncEngine, past: PastWords, seals: Seals | None) -> PastWords:
    erased = await read_erased(engine, seals)
    return PastWords(
        promises=[promise for promise in past.promises if promise["customer"] not in erased],
        posts=[post for post in past.posts if post["customer"] not in erased],
    )


def _read(file: Path) -> Mapping[str, Any]:
    source = read_yaml_file(file)
    if source is None:
        raise FileNotFoundError(f"the demo shop needs {file}")
    if not isinstance(source.data, dict):
        raise source.wrong((), "must hold blocks of fields")
    return source.data


def _fingerprint(directory: Path) -> str:
    """Changes with the demo's data and with the code that invents, so that an older demo shop is filled anew."""
    files: Iterable[Path] = (*sorted(directory.glob("*.yaml")), *sorted(_CODE.glob("*.py")), Path(__file__))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _written(value: object) -> str:
    """YAML knows dates and times of its own."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in the import format")
