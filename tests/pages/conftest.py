"""Pages over HTTP, without a browser: each is asked for as somebody."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy.ext.asyncio import AsyncEngine

from server.errors import NotSignedIn
from server.service import Service
from server.staff.roles import Caller
from server.web.app import make_app
from server.web.callers import Credentials
from tests.fakes.cases import CaseWorld

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OPENED = {"Accept": "text/html,application/xhtml+xml"}
BY_A_MODULE = {"Accept": "text/html, application/problem+json"}


@dataclass
class Visitor:
    """Opens addresses as `who`; nobody: not signed in."""

    app: FastAPI
    http: httpx.AsyncClient
    who: Caller | None = None

    async def get(self, address: str, **headers: str) -> httpx.Response:
        return await self.http.get(address, headers=OPENED | headers)

    async def open(self, address: str, **headers: str) -> LexborHTMLParser:
        """The page there, which there has to be."""
        answer = await self.get(address, **headers)
        assert answer.status_code == 200, answer.text
        return LexborHTMLParser(answer.text)


@pytest.fixture
async def world(engine: AsyncEngine) -> CaseWorld:
    return await CaseWorld(engine).open()


@pytest.fixture
async def visitor(world: CaseWorld, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visitor]:
    app = make_app(world.service.settings)
    app.state.service, app.state.feed = world.service, SimpleNamespace(newest=41)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        visitor = Visitor(app, http)

        async def identify(credentials: Credentials, service: Service, *, in_use: bool = True) -> Caller:
            if visitor.who is None:
                raise NotSignedIn("sign in first")
            return visitor.who

        monkeypatch.setattr(Credentials, "identify", identify)
        yield visitor
