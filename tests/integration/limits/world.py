"""Limits over HTTP, and actions that are decided by them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.staff.roles import Caller
from server.web.app import make_app
from server.web.dependencies import caller_of
from tests.fakes.cases import BRAND, shipped_guidance
from tests.integration.actions.world import ActionWorld, order

FIELDS = ("alone", "reach_above", "actions", "version")


@dataclass
class LimitsWorld:
    """Asks the API about limits; `actions` are proposed and approved by the same service."""

    actions: ActionWorld
    app: FastAPI
    http: httpx.AsyncClient

    async def get(self, brand: str = BRAND, who: Caller | None = None) -> httpx.Response:
        self._as(who)
        return await self.http.get(f"/api/v1/limits/{brand}")

    async def put(self, body: dict[str, Any], brand: str = BRAND, who: Caller | None = None) -> httpx.Response:
        self._as(who)
        return await self.http.put(f"/api/v1/limits/{brand}", json=body)

    async def body(self) -> dict[str, Any]:
        """The limits as they stand, to be changed and put."""
        view = (await self.get()).json()
        return deepcopy({name: view[name] for name in FIELDS} | {"why": "the autumn's budget"})

    async def may_give(self, role: str, amount: int) -> httpx.Response:
        """Let a role approve so much alone, in pounds."""
        body = await self.body()
        next(limit for limit in body["alone"] if limit["role"] == role)["most"]["GBP"] = amount
        return await self.put(body)

    def _as(self, who: Caller | None) -> None:
        self.app.dependency_overrides[caller_of] = lambda: who or self.actions.admin


@cache
def _application() -> FastAPI:
    """Every world uses it in turn: making it takes time."""
    return make_app(Settings(address_rate=10_000))


@asynccontextmanager
async def limits_world(engine: AsyncEngine) -> AsyncIterator[LimitsWorld]:
    actions = ActionWorld(engine, SHIPPED_KNOWLEDGE)
    desk = SimpleNamespace(ports=actions.service.desk.ports, guidance=shipped_guidance())
    actions.service = replace(actions.service, desk=cast(Any, desk))
    await actions.open(order("FH-1"))
    app = _application()
    app.state.service = actions.service
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield LimitsWorld(actions, app, http)
