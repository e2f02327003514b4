"""A town in which whatever can be written is written to do harm: posts, names, policies, the model's answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from server.db import open_database
from server.shop.importing import import_folder
from server.staff.roles import Role
from tests.fixtures.programs import PATIENCE_S, Program
from tests.fixtures.town import Employee, Town, open_town
from tests.integration.service.gated_model import GatedModel

CUSTOMER, AUTHOR = "C-900", "spoil.sport"
ELSEWHERE = "http://elsewhere.example"
_HERE = '"><img src=x onerror="window.ran=1"><script>window.ran=1</script><svg onload="window.ran=1">'
RUNS = f"{_HERE}<script src={ELSEWHERE}/a.js></script>"
TURNED = "\u202eeht evirra ti lliw\u2066 \u200b\u200d\u2060\ufeff"
FAMILY = "👨‍👩‍👧‍👦" * 30
NAME = f"Wanda <b>{RUNS}{TURNED}"
POST = f"Where is my tent? {RUNS} [click](javascript:window.ran=1) {TURNED}{FAMILY} {{{{ 7*7 }}}} {'W' * 300}"
LONGEST = "Ärger " + "x" * 19_990
ANSWER = f"The tent is late. {RUNS} [here](javascript:window.ran=1) {TURNED}{FAMILY} {'M' * 200}"
POLICY = f"""---
id: spoiled
title: 'Care <i>{_HERE}'
brand: pine
category: care
audience: internal
owner: 'care {_HERE}'
effective_from: 2026-01-01
---

# Care {_HERE}

A tent {TURNED} is dried before it is packed. {_HERE} [more](javascript:window.ran=1) {"P" * 300}
"""


@dataclass
class Spoiled:
    """Where it is served, and the pages that show what was written."""

    town: Town
    served: Program
    pages: tuple[str, ...]


@asynccontextmanager
async def spoiled_town(folder: Path, database: str) -> AsyncIterator[Spoiled]:
    """Served until the end of the block."""
    model = GatedModel(lambda prompt: ANSWER if "THE REP" in prompt else f"→ {ANSWER}")
    model.gate.set()
    async with model.serving() as address:
        asks = {"DESKSIDE_MODEL": "spoiled", "OPENAI_BASE_URL": address, "OPENAI_API_KEY": "none"}
        async with open_town(folder, database, **asks) as town:
            await _add_customer(folder, database)
            served = town.serving()
            await served.started()
            try:
                yield Spoiled(town, served, await _spoil(town, served.address))
            finally:
                assert served.stop() == 0, served.log()[-3000:]


async def _add_customer(folder: Path, database: str) -> None:
    handles = [{"channel": "x", "handle": AUTHOR, "known": "verified"}]
    customer = {"id": CUSTOMER, "brand": "pine", "name": NAME, "handles": handles}
    line = {"id": "1", "title": f"Larch Tent {RUNS}", "quantity": 1, "unit_price": 21900}
    order = {"id": "P-1900", "brand": "pine", "customer": CUSTOMER, "status": "processing", "currency": "GBP"}
    order |= {"lines": [line], "status_note": POST}
    more = folder / "more"
    more.mkdir()
    for name, row in (("customers", customer), ("orders", order)):
        (more / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    engine = await open_database(database)
    await import_folder(engine, more)
    await engine.dispose()


async def _spoil(town: Town, address: str) -> tuple[str, ...]:
    """Everybody writes; the pages that show it."""
    async with (
        town.employee(Role.ADMIN, address) as admin,
        httpx.AsyncClient(timeout=30, trust_env=False) as world,
    ):
        drafts = [await _drafted(town, address, admin, world, text) for text in (POST, LONGEST)]
        cases = [draft["case"] for draft in drafts]
        for path, body in (
            (f"/cases/{cases[0]}/notes", {"text": POST}),
            (
                "/policies",
                {"file": {"name": "spoiled.md", "text": POLICY}, "why": RUNS},
            ),
            ("/staff", {"email": "s@pine.example", "name": NAME[:120], "role": "rep", "brands": ["pine"]}),
        ):
            answer = await admin.http.post(f"/api/v1{path}", json=body)
            assert answer.is_success, f"{path}: {answer.text}"
        session = await _called(admin)
        return (
            *(f"/inbox/drafts/{draft['id']}" for draft in drafts),
            *(f"/transcripts/{of}" for of in (*cases, session)),
            f"/panel/sessions/{session}",
            "/knowledge/policies/spoiled",
            "/settings/people",
            "/inbox",
        )


async def _drafted(town: Town, address: str, admin: Employee, world: httpx.AsyncClient, text: str) -> dict[str, Any]:
    """Somebody writes; the draft that waits for it."""
    post = await town.say(world, AUTHOR if text is POST else "somebody", text)
    await town.tell(world, address, post)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for draft in (await admin.get("/drafts", state="pending", limit=50))["items"]:
                if draft["post"]["text"][:40] == text[:40]:
                    return dict(draft)
            await asyncio.sleep(0.1)


async def _called(admin: Employee) -> str:
    """A rep asks about the customer, and the model answers; the session's id."""
    opened = await admin.http.post("/api/v1/conversations", json={"customer": CUSTOMER, "channel": "phone"})
    opened.raise_for_status()
    session = str(opened.json()["conversation"]["id"])
    for kind, text in (("question", POST), ("reply", POST), ("offers", None)):
        body = {"kind": kind, "text": text} if text else {"kind": kind}
        asked = await admin.http.post(f"/api/v1/conversations/{session}/turns", json=body)
        asked.raise_for_status()
    return session
