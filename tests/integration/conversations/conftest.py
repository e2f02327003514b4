"""The panel over a real socket: answers are streamed, and a connection can be dropped as it drops in life."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from server.errors import NotSignedIn
from server.service import Service
from server.staff.roles import Caller, Role
from server.web.app import make_app
from server.web.callers import Credentials
from tests.fakes.cases import CaseWorld, person

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PEOPLE = {
    "rep": person("rep", Role.REP),
    "supervisor": person("supervisor", Role.SUPERVISOR),
    "colleague": person("rep-2", Role.REP),
    "elsewhere": person("social", Role.SOCIAL, brands=("tarnlight",)),
}


@dataclass(frozen=True)
class Told:
    """An event of a turn's stream."""

    number: int
    kind: str
    data: Mapping[str, Any]


def kinds(told: list[Told]) -> list[str]:
    return [one.kind for one in told]


def text_of(told: list[Told]) -> str:
    """What a client shows that does as it is told."""
    text = ""
    for one in told:
        text = text + one.data["add"] if one.kind == "text" else one.data["text"] if one.kind == "replaced" else text
    return text


@dataclass
class Panel:
    """A process that serves the panel, and a rep in front of it."""

    world: CaseWorld
    app: FastAPI
    http: httpx.AsyncClient
    people: dict[str, Caller] = field(default_factory=lambda: dict(PEOPLE))

    async def ask(self, method: str, path: str, body: Any = None, *, who: str = "rep", **query: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {who}"}
        return await self.http.request(method, f"/api/v1{path}", json=body, params=query, headers=headers)

    async def open(self, **whom: Any) -> dict[str, Any]:
        """A session that is open; its id stands under conversation."""
        answer = await self.ask("POST", "/conversations", {"channel": "phone", **(whom or {"customer": "C-1"})})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def opened(self, **whom: Any) -> str:
        return (await self.open(**whom))["conversation"]["id"]

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, body: Any = None, *, who: str = "rep", **headers: str
    ) -> AsyncIterator["Stream"]:
        shown = {"Authorization": f"Bearer {who}", **headers}
        async with self.http.stream(method, f"/api/v1{path}", json=body, headers=shown) as answer:
            yield Stream(answer)

    async def turn(self, conversation: str, kind: str = "question", **body: Any) -> list[Told]:
        """A turn, listened to until its end."""
        async with self.stream("POST", f"/conversations/{conversation}/turns", {"kind": kind, **body}) as stream:
            return await stream.rest()


class Stream:
    """An answer as it comes in."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def rest(self) -> list[Told]:
        if not self.answer.is_success:
            raise AssertionError(f"{self.answer.status_code}: {await self.answer.aread()!r}")
        return [told async for told in self]

    async def until(self, *kinds: str) -> list[Told]:
        """Up to the first event of one of these kinds, and with it."""
        heard: list[Told] = []
        async for told in self:
            heard.append(told)
            if told.kind in kinds:
                return heard
        raise AssertionError(f"the stream ended with {[one.kind for one in heard]}")

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> Told:
        fields: dict[str, str] = {}
        async for line in self._lines:
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields:
                return Told(int(fields.get("id", "0")), fields["event"], json.loads(fields["data"]))
        raise StopAsyncIteration


@asynccontextmanager
async def serving(
    world: CaseWorld, monkeypatch: pytest.MonkeyPatch, service: Service | None = None
) -> AsyncIterator[Panel]:
    """A process of its own as far as the panel can tell: only the database is shared with others."""
    monkeypatch.setattr(
        "server.web.app.NOUNS", ("conversations", "saved_replies")
    )  # the other parts' endpoints take time to import
    app = make_app(world.service.settings)
    app.state.service = service or world.service
    people = dict(PEOPLE)

    async def identify(credentials: Credentials, service: Service, *, in_use: bool = True) -> Caller:
        del service, in_use
        caller = people.get((credentials.authorization or "").removeprefix("Bearer "))
        if caller is None:
            raise NotSignedIn("sign in first")
        return caller

    monkeypatch.setattr(Credentials, "identify", identify)
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        running = asyncio.create_task(server.serve(sockets=[listening]))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=address, trust_env=False, timeout=20))
        try:
            yield Panel(world, app, http, people)
        finally:
            await http.aclose()
            await app.state.panel.stop()
            server.should_exit = True
            with suppress(asyncio.CancelledError):
                await running


@pytest.fixture
async def world(engine: AsyncEngine) -> CaseWorld:
    return await CaseWorld(engine).open()


@pytest.fixture
async def panel(world: CaseWorld, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Panel]:
    async with serving(world, monkeypatch) as panel:
        yield panel
