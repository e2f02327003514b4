"""Voices over HTTP, asked of one process, and drafts that another one writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from server.settings import SHIPPED_KNOWLEDGE
from server.staff.roles import Caller, Role
from server.voices.kept import KeptVoices
from server.web.dependencies import caller_of
from tests.fakes.cases import BRAND, CaseWorld, person
from tests.integration.drafts.http import Desk, over_http

HEAD = person("supervisor")
REP = person("rep", Role.REP)


@dataclass
class VoiceWorld:
    """Asks the API about voices; `cases` are drafted by a process of its own."""

    cases: CaseWorld
    desk: Desk

    async def get(self, brand: str = BRAND, who: Caller = HEAD) -> httpx.Response:
        return await self.desk.get(who, f"/voices/{brand}")

    async def put(self, body: dict[str, Any], brand: str = BRAND, who: Caller = HEAD) -> httpx.Response:
        self.desk.app.dependency_overrides[caller_of] = lambda: who
        return await self.desk.http.put(f"/api/v1/voices/{brand}", json=body)

    async def body(self) -> dict[str, Any]:
        """The voices as they stand, to be changed and put."""
        view = (await self.get()).json()
        return deepcopy({name: view[name] for name in ("voices", "version")} | {"why": "we sound too stiff"})

    async def change(self, language: str, channel: str, **fields: Any) -> httpx.Response:
        """Let one of them sound otherwise."""
        body = await self.body()
        voice_in(body, language, channel).update(fields)
        return await self.put(body)


def voice_in(body: dict[str, Any], language: str, channel: str = "*") -> dict[str, Any]:
    return next(one for one in body["voices"] if (one["language"], one["channel"]) == (language, channel))


@asynccontextmanager
async def voice_world(engine: AsyncEngine) -> AsyncIterator[VoiceWorld]:
    cases = CaseWorld(engine)
    cases.service = replace(cases.service, voices=KeptVoices(engine, SHIPPED_KNOWLEDGE))
    await cases.open()
    async with over_http(cases) as desk:
        asked = replace(cases.service, voices=KeptVoices(engine, SHIPPED_KNOWLEDGE))
        desk.app.state.service = asked
        yield VoiceWorld(cases, desk)
