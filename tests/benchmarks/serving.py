"""A `deskside serve` to be measured from outside: on SQLite or Postgres, with a network of its own process.

Nothing is made faster than it is in life: Postgres flushes at every commit, and the worker runs in the process that
serves.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from server.staff.roles import Role
from tests.fixtures.postgres import NoPostgres, PostgresServer
from tests.fixtures.programs import Program
from tests.fixtures.town import Employee, Town, open_town

KINDS = ("sqlite", "postgres")
_POSTGRES = ("shared_buffers=128MB", "max_connections=100")


@asynccontextmanager
async def new_database(kind: str, folder: Path) -> AsyncIterator[str]:
    """The address of an empty database of this kind.

    Raises:
        NoPostgres: This machine cannot start a server.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'deskside.db'}"
        return
    server = PostgresServer(_POSTGRES)
    try:
        yield await server.create()
    finally:
        server.stop()


@asynccontextmanager
async def new_town(kind: str, folder: Path, **environment: str) -> AsyncIterator[Town]:
    """A town over an empty database; nothing serves yet."""
    async with new_database(kind, folder) as database, open_town(folder, database, **environment) as town:
        yield town


@dataclass(frozen=True)
class Served:
    """A process that serves the town, and an admin who speaks to it."""

    town: Town
    program: Program
    admin: Employee

    @asynccontextmanager
    async def watched(self) -> AsyncIterator["Watch"]:
        """Everything that happens from now on."""
        watch = Watch()
        watching = asyncio.create_task(watch.follow(self.admin.http))
        await watch.began.wait()
        try:
            yield watch
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


@asynccontextmanager
async def serving(town: Town) -> AsyncIterator[Served]:
    """`deskside serve`, ready."""
    program = town.serving()
    await program.started()
    try:
        async with town.employee(Role.ADMIN, program.address) as admin:
            yield Served(town, program, admin)
    finally:
        program.stop()


class Watch:
    """The events as a colleague's browser hears of them, each with the moment at which it did."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.heard: list[tuple[float, dict[str, Any]]] = []
        self._news = asyncio.Event()

    async def follow(self, http: httpx.AsyncClient) -> None:
        """Listen until cancelled."""
        async with http.stream("GET", "/api/v1/events", timeout=None) as stream:
            stream.raise_for_status()
            self.began.set()
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    self.heard.append((time.perf_counter(), json.loads(line[5:])))
                    self._news.set()

    async def until(self, count: int, *kinds: str, within: float = 120) -> list[tuple[float, dict[str, Any]]]:
        """Wait for so many events of these kinds (or as long as is waited); those that came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while len(self.of(*kinds)) < count:
                    self._news.clear()
                    await self._news.wait()
        return self.of(*kinds)

    def of(self, *kinds: str) -> list[tuple[float, dict[str, Any]]]:
        return [(at, event) for at, event in self.heard if event.get("kind") in kinds]


def wait_until(program: Program, http: httpx.Client, path: str) -> None:
    """Until the program answers there that all is well."""
    while True:
        with suppress(httpx.TransportError):
            if http.get(f"{program.address}{path}").is_success:
                return
        if not program.runs:
            raise RuntimeError(f"it has ended: {program.log()[-2000:]}")
        time.sleep(0.01)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and the longest."""
    ordered = sorted(values)
    return {
        "p50": round(ordered[len(ordered) // 2], 3),
        "p95": round(ordered[int(len(ordered) * 0.95)], 3),
        "longest": round(ordered[-1], 3),
    }


async def print_each(measure: Callable[[str], Awaitable[dict[str, Any]]], kinds: Sequence[str]) -> None:
    """Measure on each kind of database, and print the figures as JSON; what this machine cannot start is left out."""
    figures: dict[str, Any] = {}
    for kind in kinds:
        try:
            figures[kind] = await measure(kind)
        except NoPostgres as refused:
            figures[kind] = {"left_out": str(refused)}
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
