"""The whole application over the records of two brands, asked by whoever works there, by machines and by nobody."""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from server.channels import signatures, wire
from server.channels.protocol import Incoming
from server.db import connect, open_database, writing
from server.events.feed import Feed
from server.jobs.waking import Bell
from server.settings import Settings
from server.shop.ports import SqlCustomers
from server.staff.roles import PERMISSIONS, Permission, Role
from server.web.app import make_app
from tests.fakes.cases import CaseWorld
from tests.fakes.held import StillPolicies
from tests.fakes.network import FakeChannel, FakeNetwork
from tests.integration.api import records
from tests.integration.api.records import BRANDS, MACHINE, NOW
from tests.integration.api.rows import everything
from tests.integration.api.table import EVENTS

ADDRESS = "http://127.0.0.1:8000"
SECRET = "5ca1ab1e" * 8


@dataclass(frozen=True)
class Who:
    """Somebody who asks: what the request shows for itself, and what the table lets them do."""

    name: str
    may: frozenset[Permission] = frozenset()
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.name


NOBODY = Who("nobody")


def person(role: Role, brand: str = BRANDS[0]) -> Who:
    """Somebody who is signed in with a browser."""
    shown = (("Cookie", f"deskside_session={records.cookie(brand, role)}"), ("X-CSRF-Token", records.csrf(brand, role)))
    return Who(f"{role} of {brand}", PERMISSIONS[role], shown)


def machine(brand: str = BRANDS[0]) -> Who:
    """A machine's token with every scope that one may have."""
    return Who(f"a machine of {brand}", MACHINE, _bearer(brand, "machine"))


def admin_without(permission: Permission, brand: str = BRANDS[0]) -> Who:
    """An admin's own token, with every scope but this."""
    may = PERMISSIONS[Role.ADMIN] - {permission}
    return Who(f"an admin's token without {permission}", may, _bearer(brand, permission))


def everybody(brand: str = BRANDS[0]) -> list[Who]:
    """Each role, and a machine."""
    return [*(person(role, brand) for role in Role), machine(brand)]


def _bearer(brand: str, name: str) -> tuple[tuple[str, str], ...]:
    return (("Authorization", f"Bearer {records.secret(brand, name)}"),)


class SignedChannel(FakeChannel):
    """A channel whose network sends signed events."""

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
        signatures.check(SECRET, signatures.header_of(headers), body, now=now)

    def receive(self, body: bytes) -> Sequence[Incoming]:
        return wire.read_events(body)


@dataclass
class World:
    """The application, and the file its database is in."""

    app: FastAPI
    http: httpx.AsyncClient
    file: Path

    async def ask(self, who: Who, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request of somebody's, to any address."""
        content = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        return await self.http.request(method, path, content=content, headers={**kind, **dict(who.headers), **headers})

    def rows(self, *of: str) -> set[str]:
        """Every row there is; or those that hold one of these words."""
        with sqlite3.connect(self.file) as connection:
            rows = {line for line in connection.iterdump() if line.startswith("INSERT")}
        connection.close()
        return {line for line in rows if not of or any(word in line for word in of)}


async def fill(file: Path) -> None:
    """A database with everything in it."""
    engine = await open_database(file)
    try:
        async with writing(engine) as session:
            for group in everything():
                session.add_all(group)
                await session.flush()
    finally:
        await engine.dispose()


def application(home: Path) -> FastAPI:
    """The application, which every world uses in turn: making it takes time."""
    # no name is looked up: the one in the description's example is a machine of theirs
    hosts = "helpdesk.fernhollow.example"
    settings = Settings(
        home=home,
        caller_rate=1e6,
        address_rate=1e6,
        webhook_rate=1e6,
        private_hosts=hosts,
        panel_hosts="https://help.example",
        insights_per_person=True,
    )
    for brand in BRANDS:
        settings.attachments.mkdir(parents=True, exist_ok=True)
        (settings.attachments / f"photo-{brand}").write_bytes(records.photo(brand))
    return make_app(settings)


@asynccontextmanager
async def opened(app: FastAPI, file: Path) -> AsyncIterator[World]:
    """The application on this database."""
    engine = connect(file)
    network = FakeNetwork(lambda: NOW)
    service = CaseWorld(engine).service
    app.state.service = replace(
        service,
        settings=app.state.settings,
        clock=lambda: NOW,
        channel=lambda account: SignedChannel(network, account),
        desk=replace(
            service.desk, translate=_translated, ports=replace(service.desk.ports, customers=SqlCustomers(engine))
        ),
    )
    app.state.feed = await _feed(engine)
    app.state.policies = StillPolicies(app.state.settings.knowledge, lambda: NOW)
    app.state.running = SimpleNamespace(ready=True, parts=_all_is_well, without=list)
    transport = httpx.ASGITransport(app, client=("203.0.113.9", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
        yield World(app, http, file)
    await engine.dispose()


async def _feed(engine: AsyncEngine) -> Feed:
    """A feed whose streams end when everything is told, so that a request has an answer."""
    feed = Feed(engine, Bell())
    feed.newest = len(BRANDS) * len(EVENTS)
    feed.end()
    return feed


async def _translated(texts: Mapping[str, str], **_: Any) -> Mapping[str, str]:
    return dict.fromkeys(texts, "what a machine makes of it")


def _all_is_well() -> dict[str, str]:
    return {"database": "ok"}
