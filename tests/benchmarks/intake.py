"""How many posts a second are taken in over HTTP, each stored before its request is answered.

`python -m tests.benchmarks.intake` prints it as JSON for SQLite and Postgres, with one post in a request and with ten.
Every post is a new person's in a new thread, which is the dearest: a case, a draft and a job come with each. The
requests are signed beforehand and sent over connections that stay open.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.benchmarks.serving import KINDS, Served, new_town, print_each, serving, spread
from tests.fixtures.town import ACCOUNT

CONNECTIONS = 32
REQUESTS = {1: 1_200, 10: 300}
"""How many requests are sent of so many posts each."""


async def measure(kind: str) -> dict[str, Any]:
    """Posts a second, and how long a request took in milliseconds, by the posts in each request."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        # nothing is drafted meanwhile: people are quiet for longer than this takes
        async with new_town(kind, Path(folder), DESKSIDE_QUIET_MINUTES="60") as town, serving(town) as served:
            numbers = count()
            await _send_all(served, _requests(served, numbers, 50, posts=5))
            for posts, requests in REQUESTS.items():
                figures[f"posts_in_a_request_{posts}"] = await _rate(served, numbers, requests, posts)
    return figures


async def _rate(served: Served, numbers: Iterator[int], requests: int, posts: int) -> dict[str, Any]:
    prepared = _requests(served, numbers, requests, posts)
    before, began = served.program.processor_s(), time.perf_counter()
    took = await _send_all(served, prepared)
    seconds = time.perf_counter() - began
    busy = served.program.processor_s() - before
    return {
        "posts_per_s": round(requests * posts / seconds, 1),
        "processor_ms_per_post": round(busy / requests / posts * 1000, 2),
        "request_ms": spread([one * 1000 for one in took]),
    }


def _requests(served: Served, numbers: Iterator[int], requests: int, posts: int) -> list[bytes]:
    host = urlsplit(served.program.address).netloc
    prepared = []
    for _ in range(requests):
        body = json.dumps({"events": [_event(next(numbers)) for _ in range(posts)]}).encode()
        headers = {"Host": host, "Content-Length": str(len(body)), **served.town.signed(body)}
        lines = [f"POST /api/v1/webhooks/{ACCOUNT} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        prepared.append("\r\n".join([*lines, "", ""]).encode() + body)
    return prepared


def _event(number: int) -> dict[str, Any]:
    return {
        "id": f"p-{number}",
        "author": f"person{number}",
        "text": f"@PineHelp my tent arrived with a broken pole, order P-{number}. What can be done about it?",
        "created_at": datetime.now(UTC).isoformat(),
        "reach": 400,
    }


async def _send_all(served: Served, requests: Sequence[bytes]) -> list[float]:
    """Send these over as many connections as there are; how long each was waited for, in seconds."""
    waiting = iter(requests)
    took = await asyncio.gather(*(_send(served, waiting) for _ in range(CONNECTIONS)))
    return [one for connection in took for one in connection]


async def _send(served: Served, waiting: Iterator[bytes]) -> list[float]:
    address = urlsplit(served.program.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    took = []
    for request in waiting:
        began = time.perf_counter()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        took.append(time.perf_counter() - began)
        if b" 202 " not in head.partition(b"\r\n")[0]:
            raise RuntimeError(f"a request was refused: {body.decode()}")
    writer.close()
    await writer.wait_closed()
    return took


if __name__ == "__main__":
    asyncio.run(print_each(measure, sys.argv[1:] or KINDS))
