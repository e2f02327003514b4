"""The service over HTTP with an empty database: people are added, then everything goes through the front door."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.service import Service
from server.settings import Settings
from server.staff.links import make_link
from server.staff.passwords import hash_password
from server.staff.people import add_person, operator
from server.staff.person import Particulars, Person
from server.staff.roles import Role
from server.web.app import make_app

API = "/api/v1"
BRANDS = frozenset({"fernhollow", "tarnlight"})
PASSWORD = "four words nobody guesses"
HERE = "127.0.0.1"
ELSEWHERE = "203.0.113.9"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what has nothing to do with the database."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Browser:
    """Keeps cookies as a browser does, and sends the CSRF value as our pages do."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.http.request(method, API + path, json=body, headers={**self.headers, **headers})

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        answer = await self.ask("POST", path, body, **headers)
        if path.startswith("/sign-in") and answer.status_code == 200:
            self.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return answer

    async def patch(self, path: str, body: Any) -> httpx.Response:
        return await self.ask("PATCH", path, body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.ask("DELETE", path)

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return await self.post("/sign-in", {"email": email, "password": password})

    async def is_in(self) -> bool:
        return (await self.get("/me")).status_code == 200


_hashes: dict[str, str] = {}


async def _hash_of(password: str) -> str:
    """Made once: it is meant to take time."""
    if password not in _hashes:
        _hashes[password] = await hash_password(password)
    return _hashes[password]


class Site:
    """The application, its people and their browsers."""

    def __init__(self, app: FastAPI, engine: AsyncEngine, clock: Clock, stack: AsyncExitStack) -> None:
        self.app, self.engine, self.clock = app, engine, clock
        self._stack = stack
        self._added = 0

    async def add(
        self, role: Role = Role.REP, brands: frozenset[str] = BRANDS, *, password: str | None = None
    ) -> Person:
        self._added += 1
        particulars = Particulars(name=f"Nan {role.title()}", role=role, brands=brands)
        hashed = None if password is None else await _hash_of(password)
        async with writing(self.engine) as session:
            return await add_person(
                session,
                operator(brands),
                email=f"nan{self._added}@fernhollow.example",
                particulars=particulars,
                now=self.clock.now,
                password_hash=hashed,
            )

    async def link(self, person: Person, *, local: bool = False) -> str:
        async with writing(self.engine) as session:
            return (await make_link(session, person, local=local, now=self.clock.now)).secret

    async def browser(self, address: str = HERE, host: str = HERE) -> Browser:
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        http = httpx.AsyncClient(transport=transport, base_url=f"http://{host}:8000")
        return Browser(await self._stack.enter_async_context(http))

    async def enter(self, person: Person) -> Browser:
        """A browser in which this person is signed in."""
        browser = await self.browser()
        answer = await browser.post("/sign-in/link", {"link": await self.link(person)})
        assert answer.status_code == 200, answer.text
        return browser

    async def as_role(self, role: Role, brands: frozenset[str] = BRANDS) -> Browser:
        return await self.enter(await self.add(role, brands))

    async def by_token(self, secret: str) -> Browser:
        browser = await self.browser(ELSEWHERE)
        browser.headers["Authorization"] = f"Bearer {secret}"
        return browser


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def site(
    engine: AsyncEngine, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    monkeypatch.setattr("server.web.app.NOUNS", ("staff",))  # the other parts' endpoints take time to import
    async with AsyncExitStack() as stack:
        yield Site(application(engine, clock, tmp_path / "home"), engine, clock, stack)


def application(engine: AsyncEngine, clock: Clock, home: Path) -> FastAPI:
    """What one process serves."""
    settings = Settings(home=home, address_rate=10_000, caller_rate=10_000)
    app = make_app(settings)
    app.state.service = Service(
        settings=settings,
        engine=engine,
        clock=clock,
        desk=cast(Any, None),
        channel=cast(Any, None),
        wake=lambda: None,
        writer=cast(Any, None),
    )
    return app
