"""What a month's figures cost with 100,000 drafts of a quarter of a year in the database, two thirds of them sent.

`python -m tests.benchmarks.insights [sqlite] [postgres]` prints milliseconds over HTTP as JSON: every figure of a month
at once, with the weeks of it and the month before, each figure by itself, and a page of what was counted. `healthz_ms`
is what somebody else waits meanwhile for an answer that needs nothing but the event loop.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server.insights.definitions import FigureName
from tests.benchmarks.insight_rows import fill
from tests.benchmarks.serving import KINDS, Served, new_town, print_each, serving, spread

DRAFTS = 100_000
DAYS, MONTH = 90, 30
TRIES = 20


async def measure(kind: str) -> dict[str, Any]:
    """Milliseconds of the figures, by what is asked for."""

    with tempfile.TemporaryDirectory() as folder:
        async with new_town(kind, Path(folder)) as town:
            began = time.perf_counter()
            await fill(town.database, drafts=DRAFTS, days=DAYS, someone=next(iter(town.tokens.values()))[0])
            filled = time.perf_counter() - began
            async with serving(town) as served:
                await _ask(served, "")
                return {"drafts": DRAFTS, "filled_s": round(filled, 1), **await _figures(served)}


async def _figures(served: Served) -> dict[str, Any]:
    took: dict[str, Any] = {}
    async with _beside(served) as waited:
        took["month_ms"] = spread([await _ask(served, "") for _ in range(TRIES)])
    took["healthz_ms"] = spread(waited)
    full = {"by": "week", "compare": "true"}
    took["month_by_week_compared_ms"] = spread([await _ask(served, "", **full) for _ in range(TRIES // 4)])
    for name in FigureName:
        took[f"{name}_ms"] = spread([await _ask(served, f"/{name}") for _ in range(TRIES // 2)])
    page = [await _ask(served, "/solved/records", part="solved") for _ in range(TRIES // 2)]
    return took | {"records_ms": spread(page)}


async def _ask(served: Served, what: str, **more: Any) -> float:
    begin = (datetime.now(UTC) - timedelta(days=MONTH + 10)).isoformat()
    end = (datetime.now(UTC) - timedelta(days=10)).isoformat()
    began = time.perf_counter()
    await served.admin.get(f"/insights{what}", **{"from": begin, "to": end, **more})
    return (time.perf_counter() - began) * 1000


@asynccontextmanager
async def _beside(served: Served) -> AsyncIterator[list[float]]:
    """Somebody who asks all the time, from a process of their own, how long an answer takes that needs nothing."""
    asking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _ASKING, f"{served.program.address}/healthz"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    waited: list[float] = []
    yield waited
    told, _ = await asking.communicate(b"enough")
    waited += json.loads(told)


_ASKING = """
import json, select, sys, time, urllib.request
took = []
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
while not select.select([sys.stdin], [], [], 0.02)[0]:
    began = time.perf_counter()
    opener.open(sys.argv[1]).read()
    took.append((time.perf_counter() - began) * 1000)
print(json.dumps(took))
"""


if __name__ == "__main__":
    asyncio.run(print_each(measure, sys.argv[1:] or KINDS))
