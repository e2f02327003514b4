"""The channels over a real database: accounts, the simulated network, the API's front door."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel, select

from server.channels import signatures
from server.channels.adapters import open_channel
from server.channels.intake import take
from server.channels.protocol import Incoming
from server.db import reading, writing
from server.jobs.claims import Claimed, Holder, claim
from server.jobs.lanes import Limit
from server.models import AccountRow, CaseRow, PostRow
from server.service import Service
from server.settings import Settings
from server.staff.roles import PERMISSIONS, Caller, Role
from server.web.app import make_app
from server.web.dependencies import caller_of
from tests.fakes.networks import NOON, SECRET, World, account

QUIET = timedelta(minutes=3)


def incoming(network_id: str, text: str = "My tent leaks", **more: Any) -> Incoming:
    values = {"author": "anna", "thread": "1", "sent_at": NOON, **more}
    return Incoming(network_id=network_id, text=text, **values)


class Channels:
    """What the tests work with. `now` is turned by hand."""

    def __init__(self, engine: AsyncEngine, world: World, home: Path) -> None:
        self.engine, self.world, self.now = engine, world, NOON
        self.woken = 0
        world.clock = lambda: self.now
        self.service = Service(
            settings=Settings(home=home, address_rate=10_000, caller_rate=10_000),
            engine=engine,
            clock=lambda: self.now,
            desk=cast(Any, None),
            channel=lambda row: open_channel(row, secret=SECRET, http=world.http, clock=lambda: self.now),
            wake=self._wake,
            writer=cast(Any, None),
        )
        self.caller: Caller | None = None

    def _wake(self) -> None:
        self.woken += 1

    async def open(self) -> "Channels":
        async with writing(self.engine) as session:
            session.add(account())
            session.add(account(id="tarnlight-x", brand="tarnlight", handle="TarnlightCare"))
        return self

    async def take(self, *told: Incoming, account: str = "fernhollow-x") -> list[str]:
        async with writing(self.engine) as session:
            row = await session.get(AccountRow, account)
            assert row is not None
            return await take(session, row, told, self.now, quiet=QUIET)

    async def all(self, table: type[Any]) -> Sequence[Any]:
        key = next(iter(SQLModel.metadata.tables[table.__tablename__].primary_key.columns))
        async with reading(self.engine) as session:
            return (await session.exec(select(table).order_by(key))).all()

    async def posts(self) -> Sequence[PostRow]:
        return await self.all(PostRow)

    async def cases(self) -> Sequence[CaseRow]:
        return await self.all(CaseRow)

    async def claim(self, kind: str) -> list[Claimed]:
        """Every job of this kind that is due."""
        holder = Holder("test", Counter(), lambda _: Limit())
        return [job for job in await claim(self.engine, holder, 100, self.now) if job.kind == kind]

    def pass_by(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now

    def sign_in(self, role: Role, *brands: str) -> Caller:
        self.caller = Caller("staff_1", "Nan", role, frozenset(brands or ("fernhollow",)), PERMISSIONS[role])
        return self.caller


@pytest.fixture
async def channels(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Channels]:
    """On SQLite and on Postgres."""
    world = World(tmp_path / "network.db")
    yield await Channels(engine, world, tmp_path / "home").open()
    await world.aclose()


class FrontDoor:
    """The API over HTTP."""

    def __init__(self, channels: Channels, http: httpx.AsyncClient) -> None:
        self.http, self._channels = http, channels

    async def tell(
        self, *events: dict[str, Any], account: str = "fernhollow-x", at: datetime | None = None
    ) -> httpx.Response:
        """What a webhook sends, signed."""
        body = to_json({"events": events})
        signature = signatures.sign(SECRET, body, now=at or self._channels.now)
        return await self.post_raw(account, body, {signatures.HEADER: signature})

    async def post_raw(self, account: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self.http.post(f"/webhooks/{account}", content=body, headers=headers)


@pytest.fixture
async def door(channels: Channels, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FrontDoor]:
    monkeypatch.setattr("server.web.app.NOUNS", ("channels",))  # the other parts' endpoints take time to import
    app = make_app(channels.service.settings)
    app.state.service = channels.service
    if channels.caller is None:
        channels.sign_in(Role.ADMIN)
    app.dependency_overrides[caller_of] = lambda: channels.caller
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000/api/v1") as http:
        yield FrontDoor(channels, http)
