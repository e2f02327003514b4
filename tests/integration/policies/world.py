"""Policies over HTTP: a folder of our own, an index that this process holds, and drafts that rest on what it finds."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.guidance import Brand
from retrieval.index import open_index
from server.policies.calendar import Calendar
from server.policies.files import load_guidance
from server.policies.held import HeldPolicies, OwnPolicies
from server.settings import Settings
from server.staff.roles import Role
from server.web.app import make_app
from tests.fakes.cases import BRAND, CaseWorld, person
from tests.fakes.vectors import HashEmbedding
from tests.integration.drafts.http import Desk
from tools.ports import Ports
from tools.records import Passage

BOSS = person("supervisor", brands=("fernhollow", "tarnlight"))
REP = person("rep", Role.REP)
OURS_ONLY = person("supervisor-2")
THEIRS_ONLY = person("supervisor-3", brands=("tarnlight",))

BRANDS = """\
brands:
  - {id: fernhollow, name: Fernhollow, languages: [en], regions: [UK, US], time_zone: Europe/London, default: true}
  - {id: tarnlight, name: Tarnlight, languages: [en], regions: [UK, US], time_zone: America/New_York}
"""
RETURNS = """\
---
id: returns
title: Returns of tents
brand: fernhollow
category: returns
audience: public
effective_from: 2026-02-01
owner: Returns team
public_url: https://www.fernhollow.example/returns
answers:
  - intent: return_policy
    en: "You can send an unused tent back within 60 days of delivery."
---

# Returns of tents

## How long

An unused tent may come back within 60 days of delivery.

## How

Use the label that came with the parcel.
"""
LAMPS = """\
---
id: lamps
title: Lamps
brand: tarnlight
category: warranty
audience: public
effective_from: 2026-01-01
owner: Lamps team
public_url: https://www.tarnlight.example/lamps
---

# Lamps

A lamp of Tarnlight is repaired for 2 years.
"""
MANNERS = """\
---
id: manners
title: How we speak
category: tone
audience: internal
effective_from: 2026-01-01
owner: Everybody
---

# How we speak

Short sentences and no blame, whoever wrote.
"""
SHIPPED = {"returns.md": RETURNS, "lamps.md": LAMPS, "manners.md": MANNERS}


def write(folder: Path, files: dict[str, str] | None = None) -> Path:
    """A knowledge folder with these documents."""
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    (folder / "brands.yaml").write_text(BRANDS, encoding="utf-8")
    for name, text in (SHIPPED if files is None else files).items():
        (folder / "policies" / name).write_text(text, encoding="utf-8")
    return folder


@dataclass
class PolicyWorld:
    """Asks the API about policies, as somebody, at a time of our own."""

    cases: CaseWorld
    desk: Desk
    policies: HeldPolicies
    folder: Path

    @property
    def today(self) -> str:
        """The day in London."""
        return self.policies.calendar.today(BRAND).isoformat()

    async def get(self, path: str = "", who: Any = BOSS, **query: Any) -> httpx.Response:
        return await self.desk.get(who, f"/policies{path}", **query)

    async def post(self, path: str, who: Any = BOSS, **body: Any) -> httpx.Response:
        return await self.desk.post(who, f"/policies{path}", body)

    async def replace(self, document: str, text: str, who: Any = BOSS, **more: Any) -> httpx.Response:
        """Put in the next version of what stands there now."""
        body = {"version": await self.version(document), "file": {"name": f"{document}.md", "text": text}, "why": "new"}
        return await self.post(f"/{document}/replace", who, **{**body, **more})

    async def version(self, document: str) -> int:
        number: int = (await self.get(f"/{document}")).json()["version"]
        return number

    async def told(self, query: str, brand: str = BRAND) -> list[Passage]:
        """What a draft would rest on now."""
        both = frozenset({"public", "internal"})
        found = await self.policies.search(query, brand=brand, region=None, audiences=both, at=self.cases.now, limit=5)
        return list(found)

    async def text_of(self, document: str, brand: str = BRAND) -> str:
        """What a document says now to who holds a draft against it."""
        opening = Passage(document, document, "", (), "", "public", 0.0, brand=brand)
        return "\n".join(passage.text for passage in await self.policies.whole(opening))


def calendar_of(folder: Path, clock: Callable[[], datetime]) -> Calendar:
    return Calendar.of(brands_of(folder), clock)


def brands_of(folder: Path) -> tuple[Brand, ...]:
    return load_guidance(folder).brands


@cache
def _application() -> FastAPI:
    """Every world uses it in turn: making it takes time."""
    return make_app(Settings(address_rate=10_000))


@asynccontextmanager
async def policy_world(engine: AsyncEngine, folder: Path, home: Path) -> AsyncIterator[PolicyWorld]:
    cases = await CaseWorld(engine).open()
    calendar = calendar_of(folder, lambda: cases.now)
    index = await open_index(home / "index", HashEmbedding())
    try:
        policies = OwnPolicies(folder, calendar, index, engine)
        await policies.renew()
        shop = {**cases.shop, "passages": policies}
        guidance = cases.service.desk.guidance.model_copy(update={"brands": brands_of(folder)})
        desk = replace(
            cases.service.desk, guidance=guidance, ports=Ports(**shop, vectors=cases.service.desk.ports.vectors)
        )
        cases.service = replace(cases.service, desk=desk, settings=Settings(home=home, knowledge=folder))
        app = _application()
        app.state.service, app.state.policies, app.state.feed = cases.service, policies, SimpleNamespace(newest=0)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield PolicyWorld(cases, Desk(app, http), policies, folder)
    finally:
        index.close()
