"""What pages weigh and how long somebody waits for them, in Chromium, beside a serving process.

`python -m tests.benchmarks.pages [--drafts 100000] [sqlite] [postgres]` prints it as JSON: of each page the requests
and the bytes (compressed, without images) of a browser that has nothing of it yet, and the milliseconds to its first
content with nothing kept and with everything; of the inbox from Ctrl+Enter to the next case standing there, and to
the server's yes; of the panel from choosing a customer to what is known of them. On the demo, or on so many drafts of a
quarter of a year, before which stand posts of this minute.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext
from sqlalchemy import text

from server.db import open_database, writing
from server.staff.roles import Role
from tests.benchmarks.browsing import load, open_panels, painted_ms, send_all
from tests.benchmarks.insight_rows import fill
from tests.benchmarks.serving import KINDS, Served, new_database, new_town, print_each, serving, spread
from tests.fixtures.browser import chromium
from tests.fixtures.programs import DESKSIDE, Program, free_port

LOADS, SENDS, PANELS = 10, 50, 30
DAYS = 90
_PATIENCE_S, _QUIET_S = 300, 3
_LINK = re.compile(r"^  ([\w-]+) .*\s+(http\S+/sign-in#\S+)$", re.MULTILINE)
_ASKED = "Where is my tent, please?"
_SECTIONS = ("you", "people", "channels", "limits", "model", "operating")


@dataclass(frozen=True)
class World:
    """A process that serves, and a sign-in link for each role that is needed."""

    address: str
    links: Mapping[str, str]


async def measure(kind: str, *, drafts: int | None) -> dict[str, Any]:
    """The figures, on the demo or on so many drafts."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            async with chromium() as browser:
                world = _demo(kind, Path(folder)) if drafts is None else _many(kind, Path(folder), drafts)
                async with world as open_world:
                    return {"drafts": drafts or "demo", **await _figures(browser, open_world)}
        except pytest.skip.Exception as refused:
            return {"left_out": str(refused)}


async def _figures(browser: Browser, world: World) -> dict[str, Any]:
    desks = {role: await _sign_in(browser, world, role) for role in (Role.SUPERVISOR, Role.REP, Role.ADMIN)}
    await _drafted(desks[Role.SUPERVISOR])
    pages = {}
    for name, role, address in await _pages(desks[Role.SUPERVISOR]):
        pages[name] = await _page(browser, world, await desks[role].storage_state() if role else None, address)
    sent = await send_all(desks[Role.SUPERVISOR], SENDS)
    opened = await open_panels(desks[Role.REP], await _customers(desks[Role.REP]))
    return {
        "pages": pages,
        "sends": len(sent),
        "send_to_next_ms": spread([one.next_ms for one in sent]),
        "send_to_answer_ms": spread([one.answered_ms for one in sent]),
        "panel_to_customer_ms": spread(opened),
    }


async def _page(browser: Browser, world: World, state: Any, address: str) -> dict[str, Any]:
    cold = []
    for _ in range(LOADS):
        context = await browser.new_context(base_url=world.address, locale="en-GB", storage_state=state)
        cold.append(await load(await context.new_page(), address))
        kept = context
        if len(cold) < LOADS:
            await context.close()
    page = kept.pages[0]
    warm = [await painted_ms(page, address) for _ in range(LOADS)]
    await kept.close()
    return {
        "requests": max(one.requests for one in cold),
        "bytes": max(one.transferred for one in cold),
        "first_paint_ms": spread([one.painted_ms for one in cold]),
        "first_paint_again_ms": spread(warm),
    }


async def _pages(desk: BrowserContext) -> list[tuple[str, Role | None, str]]:
    """Each page's name, who opens it, and where it is."""
    [draft] = await _asked(desk, "/drafts?limit=1")
    [policy] = await _asked(desk, "/policies?limit=1")
    found: list[tuple[str, Role | None, str]] = [
        ("sign-in", None, "/sign-in"),
        ("inbox", Role.SUPERVISOR, "/inbox"),
        ("case", Role.SUPERVISOR, f"/inbox/drafts/{draft['id']}"),
        ("incidents", Role.SUPERVISOR, "/inbox/incidents"),
        ("panel", Role.REP, "/panel"),
        ("transcripts", Role.SUPERVISOR, "/transcripts"),
        ("transcript", Role.SUPERVISOR, f"/transcripts/{draft['case']}"),
        ("insights", Role.SUPERVISOR, "/insights"),
        ("knowledge", Role.SUPERVISOR, "/knowledge"),
        ("document", Role.SUPERVISOR, f"/knowledge/policies/{policy['id']}"),
    ]
    return found + [(f"settings, {one}", Role.ADMIN, f"/settings/{one}") for one in _SECTIONS]


async def _customers(desk: BrowserContext) -> Sequence[str]:
    """Ids that a rep types, as many as panels are to be opened."""
    found = {one["customer"]: None for number in range(10) for one in await _asked(desk, f"/customers?q=C-{number}")}
    known = list(found)
    return [known[number % len(known)] for number in range(PANELS)]


async def _drafted(desk: BrowserContext) -> None:
    """Until something waits, and nothing has been written for a while."""
    quiet = 0
    async with asyncio.timeout(_PATIENCE_S):
        while quiet < _QUIET_S:
            await asyncio.sleep(1)
            waits, written = await _asked(desk, "/drafts?limit=1"), await _asked(desk, "/drafts?state=drafting&limit=1")
            quiet = quiet + 1 if waits and not written else 0


async def _asked(desk: BrowserContext, path: str) -> list[dict[str, Any]]:
    answer = await desk.request.get(f"/api/v1{path}")
    assert answer.ok, (path, answer.status)
    return list((await answer.json())["items"])


async def _sign_in(browser: Browser, world: World, role: Role) -> BrowserContext:
    context = await browser.new_context(base_url=world.address, locale="en-GB")
    page = await context.new_page()
    await page.goto(world.links[role])
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.close()
    return context


@asynccontextmanager
async def _demo(kind: str, folder: Path) -> AsyncIterator[World]:
    """The demo as anybody starts it."""
    port = free_port()
    async with new_database(kind, folder) as database:
        environment = {"DESKSIDE_HOME": str(folder), "DESKSIDE_DATABASE_URL": database, "PYTHONUNBUFFERED": "1"}
        log, address = folder / "demo.log", f"http://127.0.0.1:{port}"
        arguments = (*DESKSIDE, "demo", "--port", str(port))
        program = Program(*arguments, log=log, environment=environment, address=address)
        await program.started()

        async def is_told() -> bool:
            return Role.ADMIN in dict(_LINK.findall(program.log()))

        try:
            await program.until(is_told)
            yield World(address, dict(_LINK.findall(program.log())))
        finally:
            program.stop()


@asynccontextmanager
async def _many(kind: str, folder: Path, drafts: int) -> AsyncIterator[World]:
    """So many drafts of a quarter of a year, and before them posts of this minute, drafted as they always are."""
    quick = {"DESKSIDE_QUIET_MINUTES": "0", "DESKSIDE_UNDO_SECONDS": "10"}
    async with new_town(kind, folder, **quick) as town:
        someone, _ = town.tokens[Role.SUPERVISOR]
        await fill(town.database, drafts=drafts, days=DAYS, someone=someone)
        await _put_behind(town.database)
        async with serving(town) as served, httpx.AsyncClient(trust_env=False, timeout=30) as world:
            for number in range(SENDS + SENDS // 5):
                post = await town.say(world, f"walker{number}", _ASKED)
                (await town.tell(world, served.program.address, post)).raise_for_status()
            yield World(served.program.address, {role: await _link(served, role) for role in Role})


async def _put_behind(database: str) -> None:
    """What is invented is due later than what comes in now."""
    engine = await open_database(database)
    try:
        async with writing(engine) as session:
            later = {"due": datetime.now(UTC) + timedelta(days=30)}
            await (await session.connection()).execute(
                text("UPDATE drafts SET due_at = :due WHERE state = 'pending'"), later
            )
    finally:
        await engine.dispose()


async def _link(served: Served, role: Role) -> str:
    staff, _ = served.town.tokens[role]
    answer = await served.admin.http.post(f"/api/v1/staff/{staff}/sign-in-link")
    answer.raise_for_status()
    secret = answer.json()["link"].rpartition("#")[2]
    return f"{served.program.address}/sign-in#{secret}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drafts", type=int)
    parser.add_argument("kinds", nargs="*", default=KINDS)
    asked = parser.parse_args()
    asyncio.run(print_each(partial(measure, drafts=asked.drafts), asked.kinds))
