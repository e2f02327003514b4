"""The application over an empty database, with a few endpoints of the tests' own and callers by name."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.errors import Conflict, NotSignedIn
from server.events.log import record
from server.service import Service
from server.settings import Settings
from server.staff.roles import PERMISSIONS, Caller, Permission, Role
from server.web.app import make_app
from server.web.callers import Credentials
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.idempotency import shown_once

if TYPE_CHECKING:
    from tests.web.events import Site

BRANDS = frozenset({"pine"})
SECRET_WORDS = "my parcel never came and I am furious"

Hook = Callable[[], Any]


class Thing(BaseModel):
    """What the tests' endpoint takes."""

    name: str = Field(min_length=1)
    count: int = 1


class Taken(Conflict):
    """It is taken."""


@dataclass
class Made:
    """What the tests' endpoints did, and what they do before and after they commit."""

    names: list[str] = field(default_factory=list)
    before: Hook = lambda: None
    after: Hook = lambda: None


def things(made: Made) -> APIRouter:
    router = APIRouter(prefix="/things")

    @router.post("", status_code=201)
    async def make(
        thing: Thing,
        service: ServiceDep,
        now: NowDep,
        caller: Annotated[Caller, Depends(allowed(Permission.READ_CASES))],
    ) -> dict[str, Any]:
        if thing.name == "taken":
            raise Taken("it is taken", by="somebody")
        await _do(made.before)
        async with writing(service.engine) as session:
            record(session, "draft.edited", thing.name, brand="pine", at=now)
        made.names.append(thing.name)
        await _do(made.after)
        return {"made": len(made.names)}

    @router.post("/secrets", dependencies=[Depends(shown_once)])
    async def make_secret(caller: Annotated[Caller, Depends(allowed(Permission.READ_CASES))]) -> dict[str, str]:
        return {"secret": "dsk_only_once"}

    @router.post("/zipped", dependencies=[Depends(allowed(Permission.READ_CASES))])
    async def make_zipped() -> Response:
        return Response(gzip.compress(b"a page"), headers={"Content-Encoding": "gzip"})

    @router.get("/broken")
    async def broken() -> None:
        raise ValueError(SECRET_WORDS)

    return router


async def _do(hook: Hook) -> None:
    result = hook()
    if asyncio.iscoroutine(result):
        await result


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", caller_rate=10_000, address_rate=10_000, body_limit=2_000)


@pytest.fixture
def callers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Caller]:
    """Who is known by which bearer token; a test adds and removes."""
    known = {
        name: Caller(f"staff_{name}", name.title(), Role.ADMIN, brands, PERMISSIONS[Role.ADMIN])
        for name, brands in (("ada", BRANDS), ("ben", BRANDS), ("elsewhere", frozenset({"oak"})))
    }
    known["reader"] = Caller("staff_reader", "Reader", Role.REP, BRANDS, frozenset({Permission.READ_CASES}))

    async def identify(credentials: Credentials, service: Service, *, in_use: bool = True) -> Caller:
        caller = known.get((credentials.authorization or "").removeprefix("Bearer "))
        if caller is None:
            raise NotSignedIn("sign in first")
        return caller

    monkeypatch.setattr(Credentials, "identify", identify)
    return known


@pytest.fixture
def app(
    engine: AsyncEngine,
    settings: Settings,
    clock: Clock,
    made: Made,
    callers: dict[str, Caller],
    monkeypatch: pytest.MonkeyPatch,
) -> FastAPI:
    monkeypatch.setattr("server.web.app.NOUNS", ("events",))  # the other parts' endpoints take time to import
    app = make_app(settings)
    app.include_router(things(made), prefix="/api/v1")
    nothing = cast(Any, None)
    app.state.service = Service(settings, engine, clock, nothing, nothing, lambda: None, nothing)
    return app


@pytest.fixture
async def site(app: FastAPI, engine: AsyncEngine, clock: Clock) -> AsyncIterator["Site"]:
    """The application with its feed running."""
    from tests.web.events import Site, running  # which builds upon this file

    async with running(engine) as feed:
        app.state.feed = feed
        yield Site(app, engine, feed, clock)


Ask = Callable[..., Any]


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client(app, "ada") as http:
        yield http


def client(app: FastAPI, token: str | None = None, *, address: str = "203.0.113.9") -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app, client=(address, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000/api/v1", headers=headers)
