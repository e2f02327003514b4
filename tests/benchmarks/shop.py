"""What importing a shop and reading one customer's records cost.

`python -m tests.benchmarks.shop 2000 1000000` prints both for shops of these sizes.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from server.db import open_database
from server.settings import SHIPPED_KNOWLEDGE
from server.shop.demo import CUSTOMERS, ORDERS, invent_shop
from server.shop.ports import SqlCustomers, SqlOrders

READINGS = 400

Json = dict[str, Any]


def import_cost(orders: int, home: Path) -> dict[str, float]:
    """Import a shop of so many orders into `home` with the command itself, into an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _write_shop(Path(folder), orders)
        began = time.perf_counter()
        command = [sys.executable, "-c", "from server.cli import main; main()", "import", folder]
        environment = os.environ | {"DESKSIDE_HOME": str(home)}
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"rows": rows, "seconds": seconds, "rows_per_second": rows / seconds, "memory_mb": memory}


async def reading_cost(orders: int, home: Path) -> dict[str, dict[str, float]]:
    """Milliseconds for each thing a turn reads of a customer, in the shop that `import_cost` left in `home`."""
    engine = await open_database(home / "deskside.db")
    customers, shop_orders = SqlCustomers(engine), SqlOrders(engine)
    people, bought = _demo()["customers"], _demo()["orders"]
    handles = [name for person in people for name in person.get("handles", ())]
    random_copy = random.Random(1)

    def copy() -> int:
        return random_copy.randrange(max(1, orders // ORDERS))

    async def identify() -> object:
        name = random_copy.choice(handles)
        return await customers.identify(brand=None, channel=name["channel"], handle=_numbered(name["handle"], copy()))

    async def profile() -> object:
        return await customers.get(_numbered(random_copy.choice(people)["id"], copy()))

    async def order() -> object:
        one, number = random_copy.choice(bought), copy()
        return await shop_orders.get(_numbered(one["customer"], number), _numbered(one["id"], number))

    async def latest() -> object:
        return await shop_orders.latest(_numbered(random_copy.choice(people)["id"], copy()), limit=10)

    measured = {call.__name__: await _milliseconds(call) for call in (identify, profile, order, latest)}
    await engine.dispose()
    return measured


async def _milliseconds(call: Callable[[], Awaitable[object]]) -> dict[str, float]:
    times = []
    for _ in range(READINGS):
        began = time.perf_counter()
        await call()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {"p50": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}


def _write_shop(folder: Path, orders: int) -> int:
    """The demo shop as often as it takes, each copy with its own customers; returns the number of rows."""
    demo = _demo()
    rows = 0
    for kind, copies in (("products", 1), ("customers", orders // ORDERS or 1), ("orders", orders // ORDERS or 1)):
        with (folder / f"{kind}.jsonl").open("w", encoding="utf-8") as file:
            for line in _copies(demo[kind], copies):
                file.write(json.dumps(line, default=lambda value: value.isoformat()) + "\n")
                rows += 1
    return rows


def _copies(records: list[Json], copies: int) -> Iterator[Json]:
    for number in range(copies):
        for record in records:
            copied = record | {"id": _numbered(record["id"], number)}
            if "customer" in record:
                copied["customer"] = _numbered(record["customer"], number)
            if "handles" in record:
                copied["handles"] = [name | {"handle": _numbered(name["handle"], number)} for name in record["handles"]]
            yield copied


def _numbered(name: str, copy: int) -> str:
    return f"{name}-{copy}" if copy else name


def _demo() -> dict[str, list[Json]]:
    if not _DEMO:
        files = (SHIPPED_KNOWLEDGE / "demo" / name for name in ("world.yaml", "shop.yaml"))
        world, named = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
        _DEMO.update(invent_shop(world, named))
        assert len(_DEMO["customers"]) == CUSTOMERS
    return _DEMO


_DEMO: dict[str, list[Json]] = {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", type=int, nargs="*", default=[2000])
    parser.add_argument("--keep", type=Path, help="home in which the (last) shop stays")
    asked = parser.parse_args()
    for orders in asked.orders:
        with tempfile.TemporaryDirectory() as scratch:
            home = asked.keep or Path(scratch)
            cost = import_cost(orders, home)
            reading = asyncio.run(reading_cost(orders, home))
        sys.stdout.write(json.dumps({"orders": orders, "import": cost, "reading_ms": reading}, indent=2) + "\n")


if __name__ == "__main__":
    main()
