"""How long an action takes in a shop of 100,000 orders: proposed, approved, and carried out in the records.

`python -m tests.benchmarks.actions` prints it as JSON for SQLite and Postgres, over HTTP with one worker in the serving
process. Each action is for an order of its own; carried out is when a browser hears of it over the feed of events.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from server.db import open_database
from server.shop.importing import import_folder
from tests.benchmarks.serving import KINDS, Served, Watch, new_town, print_each, serving, spread

ORDERS, ACTIONS = 100_000, 60
_YES = {"quote": "Yes, please cancel it.", "source": "call"}
_ENDED = ("action.done", "action.failed")


def write_shop(folder: Path, orders: int) -> None:
    """A shop of so many pending orders, ten of each customer, in the import's format."""
    variant = {"sku": "lamp-1", "price": 4900, "currency": "GBP", "available": True}
    _write(folder / "products.jsonl", [{"id": "lamp", "title": "Lamp", "variants": [variant]}])
    _write(folder / "customers.jsonl", ({"id": f"B-{n}", "name": f"Buyer {n}"} for n in range(orders // 10)))
    _write(folder / "orders.jsonl", (_order(number) for number in range(orders)))


def _order(number: int) -> dict[str, Any]:
    line = {"id": "1", "product": "lamp", "sku": "lamp-1", "title": "Lamp", "quantity": 1, "unit_price": 4900}
    return {
        "id": f"O-{number}",
        "customer": f"B-{number // 10}",
        "status": "pending",
        "currency": "GBP",
        "lines": [line],
        "payments": [{"kind": "payment", "amount": 4900, "method": "card"}],
    }


def _write(file: Path, rows: Any) -> None:
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


async def measure(kind: str) -> dict[str, Any]:
    """Seconds for each step of an action."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "many"
        shop.mkdir()
        write_shop(shop, ORDERS)
        async with new_town(kind, Path(folder)) as town:
            await _import(town.database, shop)
            async with serving(town) as served, served.watched() as watch:
                return await _carry_out(served, watch)


async def _import(database: str, shop: Path) -> None:
    engine = await open_database(database)
    try:
        await import_folder(engine, shop)
    finally:
        await engine.dispose()


async def _carry_out(served: Served, watch: Watch) -> dict[str, Any]:
    proposing: list[float] = []
    approving: list[float] = []
    approved: dict[str, float] = {}
    for number in range(ACTIONS):
        order = number * (ORDERS // ACTIONS)
        arguments = {"order": f"O-{order}", "reason": "no longer needed"}
        body = {"customer": f"B-{order // 10}", "action": "cancel_order", "arguments": arguments, "consent": _YES}
        began = time.perf_counter()
        proposed = await served.admin.http.post("/api/v1/actions", json=body)
        proposed.raise_for_status()
        asked = time.perf_counter()
        answer = await served.admin.http.post(f"/api/v1/actions/{proposed.json()['id']}/approve")
        answer.raise_for_status()
        proposing.append(asked - began)
        approving.append(time.perf_counter() - asked)
        approved[proposed.json()["id"]] = asked
    ended = await watch.until(len(approved), *_ENDED)
    done = [at - approved[event["subject"]] for at, event in ended if event["kind"] == "action.done"]
    return {
        "orders": ORDERS,
        "actions": ACTIONS,
        "done": len(done),
        "proposed_s": spread(proposing),
        "approved_s": spread(approving),
        "carried_out_s": spread(done),
    }


if __name__ == "__main__":
    asyncio.run(print_each(measure, sys.argv[1:] or KINDS))
