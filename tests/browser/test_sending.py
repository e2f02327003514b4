"""Sending in a browser: the next case stands there at once, and what is refused after that comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from playwright.async_api import Page, Route, expect

from server.staff.roles import Role
from tests.browser.test_inbox import asked, signed_in, world
from tests.fixtures.browser import IN_A_BROWSER
from tests.fixtures.programs import PATIENCE_S, Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER
__all__ = ["world"]

TOASTS, FIELD = "#toasts", "#draft-form textarea[name=public_text]"


@asynccontextmanager
async def held_back(page: Page) -> AsyncIterator[asyncio.Event]:
    """Approvals reach the server when the event is set, and are told what it says."""
    goes = asyncio.Event()

    async def wait(route: Route) -> None:
        await goes.wait()
        await route.continue_()

    await page.route("**/approve", wait)
    yield goes
    await page.unroute("**/approve")


async def _open(page: Page, draft: str) -> None:
    await page.locator(f'[data-draft="{draft}"][href]').click()
    await _stands(page, draft)


async def _stands(page: Page, draft: str) -> None:
    await expect(page.locator("article.case")).to_have_attribute("data-draft", draft)


async def _send(page: Page) -> None:
    if await page.locator("[name=confirmed]").count():
        await page.check("[name=confirmed]")
    await page.keyboard.press("Control+Enter")


async def _send_again(page: Page, who: str) -> None:
    """What came back, as soon as a press is meant for it."""
    async with asyncio.timeout(PATIENCE_S):
        while f"Sending your reply to @{who}" not in await page.inner_text(TOASTS):
            await _send(page)


async def _change(town: Town, served: Program, draft: str, words: str) -> None:
    """A colleague takes a case over, puts other words in its draft's place and lets it go."""
    async with town.employee(Role.SUPERVISOR, served.address) as other:
        shown = await other.get(f"/drafts/{draft}")
        claim = f"/api/v1/cases/{shown['case']}"
        assert (await other.http.post(f"{claim}/claim", json={"reason": "they called me"})).status_code == 200
        answer = await other.decide(await other.get(f"/drafts/{draft}"), "edit", public_text=words)
        assert answer.status_code == 200, answer.text
        assert (await other.http.post(f"{claim}/let-go")).is_success


async def test_what_is_refused_after_the_next_case_stands_there_comes_back_and_nothing_typed_is_lost(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    first, second = [await asked(town, served, world, f"walker{n}", f"Where is my tent? {n}") for n in (51, 52)]
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto("/inbox")
    await _open(page, first)
    text = f"{await page.input_value(FIELD)} Thank you."
    await page.fill(FIELD, text)
    async with held_back(page) as goes:
        await _send(page)
        await _stands(page, second)
        await expect(page.locator(TOASTS)).to_contain_text("Sending your reply to @walker51")
        await _change(town, served, first, "We are looking for your tent.")
        goes.set()
        await expect(page.locator(TOASTS)).to_contain_text("Not sent to @walker51")
    await _stands(page, first)
    await expect(page.locator(FIELD)).to_have_value(text)
    async with held_back(page) as goes:
        await expect(page.locator("[data-changed]")).to_contain_text("changed while you were typing")
        await expect(page.locator("#case-title")).to_be_focused()
        await _send_again(page, "walker51")
        await _stands(page, second)
        await page.fill(FIELD, "What I am writing here.")
        await _change(town, served, first, "We are still looking for your tent.")
        goes.set()
        back = page.locator(TOASTS).get_by_role("button", name="Back to it")
        await expect(back).to_be_visible()
    await _stands(page, second)
    await expect(page.locator(FIELD)).to_have_value("What I am writing here.")
    await back.click()
    await _stands(page, first)
    await expect(page.locator(FIELD)).to_have_value(text)
    assert wrong == []


async def test_a_second_press_is_not_meant_for_the_case_that_stands_there_now(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    first, second = [await asked(town, served, world, f"walker{n}", f"Where is my tent? {n}") for n in (53, 54)]
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto("/inbox")
    await _open(page, first)
    await _send(page)
    await _stands(page, second)
    await _send(page)
    await expect(page.locator(TOASTS)).to_contain_text("Your reply to @walker53 goes out in")
    async with town.employee(Role.SOCIAL, served.address) as social:
        states = [(await social.get(f"/drafts/{draft}"))["state"] for draft in (first, second)]
    assert states == ["approved", "pending"]


async def test_a_session_that_runs_out_while_it_is_sent_leaves_nobody_believing_that_it_was(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    first, second = [await asked(town, served, world, f"walker{n}", f"Where is my tent? {n}") for n in (57, 58)]
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto("/inbox?danger=false")
    await _open(page, first)
    await page.fill(FIELD, "My own words.")
    async with held_back(page) as goes:
        await _send(page)
        await _stands(page, second)
        await expect(page.locator("#case-title")).to_be_focused()
        await page.context.clear_cookies()
        goes.set()
        await page.wait_for_url(lambda url: "/sign-in" in url)
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto("/inbox")
    await expect(page.locator(TOASTS)).to_contain_text("not certain whether your reply to @walker57 was sent")
    await page.locator(TOASTS).get_by_role("button", name="Back to it").click()
    await _stands(page, first)
    await expect(page.locator(FIELD)).to_have_value("My own words.")


async def test_what_nobody_knows_the_fate_of_is_not_said_to_be_unsent(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    first = await asked(town, served, world, "walker59", "Where is my tent?")
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto(f"/inbox/drafts/{first}")
    await page.route("**/approve", lambda route: route.abort())
    await _send(page)
    await expect(page.locator(TOASTS)).to_contain_text("It is not certain whether your reply to @walker59 was sent")
    await _stands(page, first)
