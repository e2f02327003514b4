"""What a turn costs without a model: the demo inbox through the composer, one post after the other.

`python -m tests.benchmarks.own_work` prints milliseconds as JSON, in the home that DESKSIDE_HOME names. Every post is
new to the process, as posts are in life: nothing of it has been embedded before. The documents are not: another inbox
has been answered from them.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.case import Thread
from assistant.turn import run_turn
from server.drafts.reading import GoodLine, read_threads
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.invented.world import NOW
from server.wiring import open_desk

ANOTHER_INBOX = Path(__file__).parents[1] / "evals" / "inbox_unseen.jsonl"


async def measure() -> dict[str, object]:
    """Wall and processor time of a turn, and where it went."""
    inbox = _threads(SHIPPED_KNOWLEDGE / "demo" / "inbox.jsonl")
    wall: list[float] = []
    busy: list[float] = []
    parts: dict[str, list[float]] = {}
    async with open_desk(Settings(model=None)) as desk:
        for thread in _threads(ANOTHER_INBOX):
            await run_turn(thread, desk, now=NOW)
        for thread in inbox:
            began, worked = time.perf_counter(), time.process_time()
            record = await run_turn(thread, desk, now=NOW)
            busy.append((time.process_time() - worked) * 1000)
            wall.append((time.perf_counter() - began) * 1000)
            for name, took in record.timings_ms.items():
                parts.setdefault(name, []).append(took)
    return {
        "turns": len(wall),
        "wall_ms": spread(wall),
        "processor_ms": spread(busy),
        "parts_ms": {name: spread(took) for name, took in parts.items()},
    }


def _threads(inbox: Path) -> list[Thread]:
    lines = inbox.read_text(encoding="utf-8").split("\n")
    return [line.thread for line in read_threads(lines, now=NOW) if isinstance(line, GoodLine)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    ordered = sorted(values)
    return {"p50": round(ordered[len(ordered) // 2], 2), "p95": round(ordered[int(len(ordered) * 0.95)], 2)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(measure())) + "\n")
