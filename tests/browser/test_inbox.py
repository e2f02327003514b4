"""The day of the people who answer posts, in a browser: with the keyboard, beside others, while customers write on."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.staff.roles import Role
from tests.browser.test_signing_in import link_for
from tests.fixtures.browser import IN_A_BROWSER, visiting
from tests.fixtures.programs import PATIENCE_S, Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER

WAITING = "[data-draft][href]"
SEND = '[data-move="approve"]'


async def signed_in(town: Town, served: Program, page: Page, role: Role) -> None:
    await page.goto(await link_for(town, served, role))
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def asked(town: Town, served: Program, world: httpx.AsyncClient, person: str, text: str) -> str:
    """Somebody writes; the id of the draft that waits for it."""
    return await drafted(town, served, world, await town.say(world, person, text))


async def drafted(town: Town, served: Program, world: httpx.AsyncClient, post: Mapping[str, Any]) -> str:
    """The id of the draft that waits for a post."""
    await town.tell(world, served.address, post)
    async with asyncio.timeout(PATIENCE_S), town.employee(Role.SOCIAL, served.address) as social:
        while True:
            for draft in (await social.get("/drafts", state="pending", limit=200))["items"]:
                if (draft["author"], draft["post"]["text"]) == (post["author"], post["text"]):
                    return str(draft["id"])
            await asyncio.sleep(0.1)


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as world:
        yield world


async def test_ten_posts_are_answered_with_the_keyboard_alone_while_one_of_them_changes(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    people = [f"walker{number}" for number in range(10, 20)]
    posts = {who: await town.say(world, who, f"Where is my tent, please? {who}") for who in people}
    waiting = await asyncio.gather(*(drafted(town, served, world, post) for post in posts.values()))
    drafts = dict(zip(waiting, people, strict=True))
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto("/inbox")
    await expect(page.locator(WAITING).first).to_be_visible()
    done: set[str] = set()
    async with asyncio.timeout(PATIENCE_S):
        while not done >= drafts.keys():
            await page.keyboard.press("j")
            draft = await _opened(page)
            if draft not in drafts or draft in done:
                continue
            confirm = page.locator("[name=confirmed]")
            if await confirm.count():
                await confirm.focus()
                await page.keyboard.press("Space")
            while f"your reply to @{drafts[draft]}" not in (await page.inner_text("#toasts")).lower():
                await page.keyboard.press("Control+Enter")  # the first press may be too near to the last one's
            await expect(page.locator("#toasts")).to_contain_text(f"Your reply to @{drafts[draft]} goes out in")
            done.add(draft)
            if len(done) == len(people) // 2:
                old, who = next((draft, who) for draft, who in drafts.items() if draft not in done)
                more = await town.say(world, who, "And the pegs?", in_reply_to=posts[who]["id"])
                del drafts[old]
                drafts[await drafted(town, served, world, more)] = who
    async with town.employee(Role.SOCIAL, served.address) as social:
        states = {(await social.get(f"/drafts/{draft}"))["state"] for draft in drafts}
        changed = (await social.get(f"/drafts/{old}"))["state"]
    assert (states, changed) == ({"approved"}, "superseded")
    assert wrong == []


async def _opened(page: Page) -> str:
    """The draft that stands there, once no other is on its way."""
    here = "document.querySelector('article.case')?.dataset.draft"
    chosen = f"document.querySelector('{WAITING}[aria-current=true]')?.dataset.draft"
    while True:
        if draft := await page.evaluate(f"[undefined, {here}].includes({chosen}) ? {here} : undefined"):
            return str(draft)


async def test_what_is_typed_is_kept_when_the_customer_writes_again(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    first = await town.say(world, "walker45", "Where is my tent?")
    draft = await drafted(town, served, world, first)
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto(f"/inbox/drafts/{draft}")
    field = page.locator("#draft-form textarea").first
    await field.fill("My own words")
    await town.tell(world, served.address, await town.say(world, "walker45", "And the pegs?", in_reply_to=first["id"]))
    await expect(page.locator(".draft [role=alert].notice")).to_contain_text("changed while you were typing")
    written = page.locator("#draft-form textarea").first  # once there is a new draft
    await expect(written).to_have_value("My own words")
    await expect(written).to_be_focused()


async def test_a_decision_is_seen_by_a_second_browser_and_cannot_be_written_over(
    town: Town, served: Program, page: Page, browser: Browser, world: httpx.AsyncClient
):
    waiting = [await asked(town, served, world, f"walker{number}", "Where is my tent?") for number in (46, 55, 56)]
    await signed_in(town, served, page, Role.SOCIAL)
    took: list[float] = []
    async with visiting(browser, served.address) as other_browser:
        other = await other_browser.new_page()
        await signed_in(town, served, other, Role.SUPERVISOR)
        for draft in waiting:
            took.append(await _until_seen(town, served, draft, page, other))
            await expect(other.locator(".draft textarea").first).to_have_value("What the second one typed")
            assert await other.locator(f"{SEND}:not([disabled])").count() == 0
            await other.evaluate("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
    assert min(took) < 1, "seconds until both had seen it, at their best"


async def _until_seen(town: Town, served: Program, draft: str, page: Page, other: Page) -> float:
    """Seconds from a colleague's decision until it stands in two browsers, in one of which somebody types."""
    for one in (page, other):
        await one.goto(f"/inbox/drafts/{draft}")
        await expect(one.locator("#draft-form")).to_be_visible()
    await other.locator("#draft-form textarea").first.fill("What the second one typed")
    async with town.employee(Role.SOCIAL, served.address) as social:
        case = (await social.get(f"/drafts/{draft}"))["case"]
        await social.http.post(f"/api/v1/cases/{case}/claim", json={"reason": "she is on the phone with me"})
        answer = await social.decide(await social.get(f"/drafts/{draft}"), "reject", reason="answered by phone")
        assert answer.status_code == 200, answer.text
    decided = time.monotonic()
    for one in (page, other):
        await expect(one.locator(".draft")).to_contain_text("rejected")
    return time.monotonic() - decided


async def test_an_approval_is_taken_back_while_it_can_be(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    draft = await asked(town, served, world, "walker47", "Where is my tent?")
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto(f"/inbox/drafts/{draft}")
    if await page.locator("[name=confirmed]").count():
        await page.check("[name=confirmed]")
    await page.keyboard.press("Control+Enter")
    await page.locator("#toasts").get_by_role("button", name="Take back").click()
    await expect(page.locator("article.case")).to_have_attribute("data-draft", draft)
    await expect(page.locator(f"{SEND}:not([disabled])")).to_be_visible()


async def test_single_keys_do_nothing_while_typing_and_can_be_switched_off(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    draft = await asked(town, served, world, "walker48", "Where is my tent?")
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto(f"/inbox/drafts/{draft}")
    field = page.locator("#draft-form textarea").first
    await field.focus()
    await page.keyboard.type("jxrp")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(page.locator("article.case")).to_have_attribute("data-draft", draft)
    await page.locator("#case-title").click()
    await page.keyboard.press("?")
    await page.get_by_label("Single keys").uncheck()
    await page.keyboard.press("Escape")
    await page.locator("#case-title").click()
    await page.keyboard.press("x")
    await expect(page.locator("dialog[open]")).to_have_count(0)
