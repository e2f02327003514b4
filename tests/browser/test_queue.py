"""Spam is read, left unanswered together and taken up again, while the number above the queue follows."""

import asyncio

import httpx
from playwright.async_api import Page, Route, expect

from server.staff.roles import Role
from tests.browser.test_inbox import signed_in
from tests.browser.test_inbox import world as world
from tests.fixtures.browser import IN_A_BROWSER
from tests.fixtures.programs import PATIENCE_S, Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER

SPAM = "Follow me for free crypto giveaway, DM me on WhatsApp to double your bitcoin now"


async def test_spam_is_left_unanswered_together_and_taken_up_again(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    people = ("walker60", "walker61")
    for who in people:
        await town.tell(world, served.address, await town.say(world, who, SPAM))
    async with asyncio.timeout(PATIENCE_S), town.employee(Role.SOCIAL, served.address) as social:
        while True:
            if len((await social.get("/queue/no-replies", reason="spam"))["items"]) == len(people):
                break
            await asyncio.sleep(0.1)
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto("/inbox")
    await page.locator(".queue-noise a[href*=spam]").focus()
    await page.keyboard.press("Enter")
    items = page.locator(".unanswered-item")
    await expect(items).to_have_count(len(people))
    kept = page.locator('.unanswered-item[data-author="@walker61"]')
    await kept.get_by_role("checkbox").focus()
    await page.keyboard.press("Space")
    await expect(page.locator("#unanswered-count")).to_have_text("1 of 2 chosen")
    await page.locator("#unanswered button.main").focus()
    await page.keyboard.press("Enter")
    done = page.locator("#unanswered-done")
    await expect(done).to_contain_text("1 left unanswered.")
    await expect(done).to_be_focused()
    await expect(items).to_have_count(1)
    await done.get_by_role("button", name="Take back").click()
    await expect(page.locator("#toasts")).to_contain_text("1 taken up again")
    async with town.employee(Role.SOCIAL, served.address) as social:
        waiting = (await social.get("/drafts", state="pending", limit=200))["items"]
        left = (await social.get("/queue/no-replies", reason="spam"))["items"]
    assert "walker60" in {draft["author"] for draft in waiting}
    assert [item["author"] for item in left] == ["walker61"]
    assert wrong == []


async def test_a_case_that_is_opened_by_its_link_is_found_in_the_queue(town: Town, served: Program, page: Page):
    await page.set_viewport_size({"width": 1280, "height": 200})
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto("/inbox")
    last = page.locator("a.post-row").last
    await expect(last).not_to_be_in_viewport()
    await page.goto(str(await last.get_attribute("href")))
    await expect(page.locator("a.post-row[aria-current=true]")).to_be_in_viewport()


async def test_a_server_that_is_away_is_asked_ever_less_often_until_somebody_looks(
    town: Town, served: Program, page: Page
):
    asked: list[str] = []

    async def away(route: Route) -> None:
        asked.append(route.request.url)
        await route.abort()

    await signed_in(town, served, page, Role.SOCIAL)
    await page.clock.install()
    await page.route("**/api/v1/events*", away)
    await page.goto("/inbox")
    for _ in range(120):
        await page.clock.run_for(2000)
    assert 240 / 30 <= len(asked) <= 20  # in four minutes
    async with page.expect_event("requestfailed"):
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
