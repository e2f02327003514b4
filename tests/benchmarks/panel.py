"""200 open panels: memory, how long a rep waits for an answer to begin, what is added to the model's first token.

`python -m tests.benchmarks.panel` prints it as JSON for SQLite and Postgres. Each rep has a session open, a connection
of their own, and asks one question a minute. The model is scripted, begins after 400 ms and runs in this process, so
that the moment at which it sent its first token and the one at which the rep saw it are of one clock.
"""

import asyncio
import json
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import regex
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from server.staff.roles import Role
from tests.benchmarks import endpoint
from tests.benchmarks.serving import KINDS, Served, new_town, print_each, serving, spread

PANELS = 200
ROUNDS = 2
EVERY_S = 60.0
"""How often a rep asks."""

_CUSTOMERS = 60
_MARK = regex.compile(r"\(call (\d+)\)")
_ASKED = "Where is their tent, and how long may they send it back? (call {number})"


class Model:
    """The scripted endpoint, which notes when it sent the first token of the answer to each call."""

    def __init__(self) -> None:
        self.began: dict[int, float] = {}

    async def complete(self, request: Request) -> StreamingResponse:
        """POST /v1/chat/completions."""
        body = await request.json()
        prompt = str(body["messages"][-1]["content"])
        found = _MARK.search(prompt)
        step = endpoint.next_step(body["messages"], ())
        return StreamingResponse(self._noted(endpoint.stream(step), int(found[1]) if found else -1))

    async def _noted(self, events: AsyncIterator[str], call: int) -> AsyncIterator[str]:
        async for event in events:
            self.began.setdefault(call, time.perf_counter())
            yield event

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Its address."""
        app = Starlette(routes=[Route("/v1/chat/completions", self.complete, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            running = asyncio.create_task(server.serve(sockets=[listening]))
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
            server.should_exit = True
            await running


async def measure(kind: str) -> dict[str, Any]:
    """Milliseconds to each kind of first event, and megabytes."""
    model = Model()
    with tempfile.TemporaryDirectory() as folder:
        async with model.serving() as address, AsyncExitStack() as stack:
            asks = {
                "DESKSIDE_MODEL": "scripted",
                "OPENAI_BASE_URL": address,
                "OPENAI_API_KEY": "none",
                "DESKSIDE_MODEL_CONCURRENCY": "32",
                "DESKSIDE_POLL_SECONDS": "600",
            }
            town = await stack.enter_async_context(new_town(kind, Path(folder), **asks))
            served = await stack.enter_async_context(serving(town))
            reps = [await stack.enter_async_context(_open(served, number)) for number in range(PANELS)]
            for number in range(3):  # what is loaded once
                await reps[number].ask(-2 - number)
            model.began.clear()
            open_mb = _megabytes(served)
            used = served.program.processor_s()
            calls = await asyncio.gather(*(_ask_now_and_then(rep, number) for number, rep in enumerate(reps)))
            figures = _figures([call for each in calls for call in each], model)
            busy = (served.program.processor_s() - used) * 1000 / (PANELS * ROUNDS)
            return figures | {
                "panels": PANELS,
                "processor_ms_per_turn": round(busy, 1),
                "memory_mb": {"open": open_mb, "after": _megabytes(served)},
            }


class Rep:
    """Somebody in front of a panel, with a connection of their own."""

    def __init__(self, http: httpx.AsyncClient, conversation: str) -> None:
        self._http, self._conversation = http, conversation

    async def ask(self, call: int) -> tuple[int, dict[str, float], str]:
        """Ask; the call, the moments at which it was sent and each kind of event first came, and who wrote it."""
        body = {"kind": "question", "text": _ASKED.format(number=call)}
        came, kind, writer = {"asked": time.perf_counter()}, "", ""
        path = f"/api/v1/conversations/{self._conversation}/turns"
        async with self._http.stream("POST", path, json=body, timeout=60) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                    came.setdefault(kind, time.perf_counter())
                elif line.startswith("data:") and kind == "checked":
                    writer = json.loads(line[5:])["written_by"]
        return call, came, writer


@asynccontextmanager
async def _open(served: Served, number: int) -> AsyncIterator[Rep]:
    _, token = served.town.tokens[Role.REP]
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=served.program.address, headers=headers, trust_env=False) as http:
        body = {"customer": f"C-{number % _CUSTOMERS}", "channel": "phone"}
        answer = await http.post("/api/v1/conversations", json=body, timeout=60)
        answer.raise_for_status()
        yield Rep(http, answer.json()["conversation"]["id"])


async def _ask_now_and_then(rep: Rep, number: int) -> list[tuple[int, dict[str, float], str]]:
    """Everybody asks at a moment of their own."""
    calls = []
    began = time.perf_counter()
    for turn in range(ROUNDS):
        await asyncio.sleep(max(0.0, began + (turn + number / PANELS) * EVERY_S - time.perf_counter()))
        calls.append(await rep.ask(turn * PANELS + number))
    return calls


def _figures(calls: list[tuple[int, dict[str, float], str]], model: Model) -> dict[str, Any]:
    def after(kind: str) -> list[float]:
        return [(came[kind] - came["asked"]) * 1000 for _, came, _ in calls if kind in came]

    streamed = [(call, came) for call, came, writer in calls if writer == "model" and call in model.began]
    return {
        "turns": len(calls),
        "written_by_model": len(streamed),
        "began_ms": spread(after("began")),
        "evidence_ms": spread(after("evidence")),
        "checked_ms": spread(after("checked")),
        "added_to_first_token_ms": spread([(came["text"] - model.began[call]) * 1000 for call, came in streamed]),
    }


def _megabytes(served: Served) -> float:
    """What the process holds in memory (Linux)."""
    status = Path(f"/proc/{served.program.pid}/status").read_text(encoding="utf-8")
    [kib] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return round(int(kib) / 1024, 1)


if __name__ == "__main__":
    asyncio.run(print_each(measure, sys.argv[1:] or KINDS))
