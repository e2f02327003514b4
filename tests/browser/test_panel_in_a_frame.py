"""The panel in a helpdesk's frame: two sites, no cookies, links that count once."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, Page, expect
from sqlmodel import col, delete

from server.db import open_database, writing
from server.models import TokenRow
from server.staff.people import operator
from server.staff.roles import Permission, Role
from server.staff.tokens import make_machine
from tests.fixtures.browser import IN_A_BROWSER
from tests.fixtures.programs import Program, free_port
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER
EXAMPLE = Path("docs/examples/helpdesk/backend.py")
TICKET = {"customer": "C-3", "channel": "email", "said": "Where is my tent?"}
NEARLY_OVER_MS = 9 * 60_000 + 5_000
PORT, OTHER_PORT = free_port(), free_port()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def embedding(town: Town) -> AsyncIterator[Program]:
    """Deskside, set up to be shown by the helpdesk at http://localhost."""
    home = str(town.folder / "embedding")  # an index is held by one process alone
    program = town.serving("embedding", DESKSIDE_PANEL_HOSTS=f"http://localhost:{PORT}", DESKSIDE_HOME=home)
    program.environment = {**program.environment, "DESKSIDE_PUBLIC_URL": program.address}
    await program.started()
    yield program
    program.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def helpdesk(town: Town, embedding: Program) -> AsyncIterator[str]:
    """Where the example in the documentation serves its page."""
    engine = await open_database(town.database)
    async with writing(engine) as session:
        by, scopes = operator(frozenset({"pine"})), {Permission.LINK_PANEL}
        now, lasts = datetime.now(UTC), timedelta(hours=1)
        made = await make_machine(session, by, name="helpdesk", scopes=scopes, brands={"pine"}, lasts=lasts, now=now)
    await engine.dispose()
    environment = {
        "DESKSIDE_URL": embedding.address,
        "DESKSIDE_TOKEN": made.secret,
        "AGENT": "rep@pine.example",
        "TICKET": json.dumps(TICKET),
    }
    backend = Program(
        str(EXAMPLE),
        str(PORT),
        log=town.folder / "helpdesk.log",
        environment=environment,
        address=f"http://127.0.0.1:{PORT}",
        executable=sys.executable,
    )
    await backend.started("/page.html")
    yield f"http://localhost:{PORT}"
    backend.kill()


@asynccontextmanager
async def _ticket(browser: Browser, helpdesk: str) -> AsyncIterator[tuple[Page, FrameLocator]]:
    context = await browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 800})
    page = await context.new_page()
    await page.clock.install()
    try:
        await page.goto(helpdesk)
        frame = page.frame_locator("#panel")
        await expect(frame.locator(".session")).to_be_visible(timeout=20_000)
        yield page, frame
    finally:
        await context.close()


async def test_it_knows_the_ticket_and_hands_the_helpdesk_its_text(
    browser: Browser, helpdesk: str, town: Town, embedding: Program
):
    async with _ticket(browser, helpdesk) as (page, frame):
        await expect(frame.get_by_role("heading", level=1)).to_have_text("Wanda Walker")
        await expect(frame.locator("#asking textarea")).to_have_value(TICKET["said"])
        await frame.locator("#asking [data-kind=reply]").click()
        card = frame.locator("[data-card]").first
        offered = await card.get_attribute("data-original")
        await card.locator("[data-do=insert]").click()
        await expect(page.locator("#reply")).to_have_value(offered or "")
        await expect(card.locator(".badge")).to_have_text("inserted")
        assert await page.context.cookies() == []
        assert not any("#" in shown.url for shown in page.frames), "the secret stays in no address"
        # without a cookie it hears what happens elsewhere, too
        session = await frame.locator(".session").get_attribute("data-session")
        async with town.employee(Role.REP, embedding.address) as rep:
            assert (await rep.http.post(f"/api/v1/conversations/{session}/close")).status_code == 200
        await expect(frame.get_by_role("alert").filter(has_text="session")).to_be_visible()


async def test_what_is_internal_is_inserted_only_by_who_has_read_the_warning(browser: Browser, helpdesk: str):
    async with _ticket(browser, helpdesk) as (page, frame):
        await frame.locator("#asking [data-kind=question]").click()
        await frame.locator(".answer[data-state] [data-do=insert]").first.click()
        await expect(frame.locator("#warning")).to_contain_text("for you alone", ignore_case=True)
        await frame.locator("#warning button.main").click()
        await expect(page.locator("#reply")).to_have_value("")
        await frame.locator(".answer[data-state] [data-do=insert]").first.click()
        await frame.locator("#warning [value=anyway]").click()
        await expect(page.locator("#reply")).not_to_have_value("")


async def test_it_goes_on_by_the_helpdesks_next_link(browser: Browser, helpdesk: str, town: Town):
    async with _ticket(browser, helpdesk) as (page, frame):
        async with page.expect_response("**/panel-links/exchange"):
            await page.clock.fast_forward(NEARLY_OVER_MS)
        # and where what it acted by has ended before its time
        engine = await open_database(town.database)
        async with writing(engine) as session:
            await session.exec(delete(TokenRow).where(col(TokenRow.kind) == "panel"))
        await engine.dispose()
        async with page.expect_request("**/panel-links/exchange"):
            await frame.locator("#asking [data-kind=summary]").click()
        await expect(frame.locator(".answer[data-state=checked]")).to_be_visible()


async def test_another_site_shows_nothing_and_is_not_heard(browser: Browser, helpdesk: str):
    async with _ticket(browser, helpdesk) as (page, frame):
        # a page of another origin that holds the frame's window
        address = await page.evaluate("document.getElementById('panel').src")
        elsewhere = await page.context.new_page()
        await elsewhere.goto(f"{helpdesk.replace('localhost', '127.0.0.1')}/page.css")
        async with elsewhere.expect_console_message(lambda said: "frame-ancestors" in said.text):
            await elsewhere.evaluate(
                "address => { const frame = document.createElement('iframe'); frame.src = address;"
                " document.body.append(frame); }",
                address.split("#")[0],
            )
        # what is said by another than the host, or from another window, opens nobody
        await page.evaluate(
            "address => { const frame = document.createElement('iframe'); frame.srcdoc ="
            ' "<script>parent.frames[0].postMessage({deskside:\\"customer\\",customer:\\"C-4\\"},\\"*\\")</script>";'
            " document.body.append(frame); }"
        )
        await frame.locator("#asking [data-kind=summary]").click()
        await expect(frame.locator(".answer[data-state=checked]")).to_be_visible()
        await expect(frame.locator(".who-head")).to_contain_text("C-3")


async def test_who_is_not_set_up_gets_no_frame(embedding: Program):
    async with httpx.AsyncClient(base_url=embedding.address, trust_env=False) as http:
        answer = await http.get("/panel/embedded", params={"host": f"http://localhost:{OTHER_PORT}"})
    assert answer.status_code == 404
