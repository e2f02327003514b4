"""The world over HTTP: each request is made as somebody, without signing in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from server.staff.roles import Caller
from server.web.app import make_app
from server.web.dependencies import caller_of
from tests.fakes.cases import CaseWorld


@dataclass
class Desk:
    """Asks the API as somebody."""

    app: FastAPI
    http: httpx.AsyncClient

    async def get(self, who: Caller, path: str, **query: Any) -> httpx.Response:
        self.app.dependency_overrides[caller_of] = lambda: who
        return await self.http.get(f"/api/v1{path}", params=query)

    async def post(self, who: Caller, path: str, body: Any = None) -> httpx.Response:
        self.app.dependency_overrides[caller_of] = lambda: who
        return await self.http.post(f"/api/v1{path}", json=body)

    async def decide(self, who: Caller, draft: str, what: str, **more: Any) -> httpx.Response:
        """Decide on what stands there now."""
        seen = (await self.get(who, f"/drafts/{draft}")).json()
        body = {"version": seen["version"], "digests": seen["digests"], **more}
        return await self.post(who, f"/drafts/{draft}/{what}", body)


@asynccontextmanager
async def over_http(world: CaseWorld) -> AsyncIterator[Desk]:
    app = make_app(world.service.settings)
    app.state.service = world.service
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield Desk(app, http)
