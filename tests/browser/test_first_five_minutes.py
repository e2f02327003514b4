"""The demo's first five minutes as its guide leads through them: each thing that it says is so.

`make test-demo` runs it: a whole demo and two hundred posts take minutes that `make test` has not.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from server.staff.roles import Role
from tests.fixtures.browser import IN_A_BROWSER, visiting
from tests.fixtures.demo import open_demo

pytestmark = [
    *IN_A_BROWSER,
    pytest.mark.skipif(not os.environ.get("FIRST_MINUTES"), reason="`make test-demo` runs this"),
]

SEND, PUBLIC, PRIVATE = '[data-move="approve"]', "[name=public_text]", "[name=private_text]"
PATIENCE_MS = 60_000


async def test_the_guide_leads_through_the_first_five_minutes(browser: Browser, tmp_path: Path):
    expect.set_options(timeout=PATIENCE_MS)
    try:
        async with open_demo(tmp_path) as demo, visiting(browser, demo.address) as context:
            page = await context.new_page()
            page.on("dialog", lambda asked: asked.accept())  # "what you typed has not been sent. Leave it?"
            await page.goto(demo.link(Role.SUPERVISOR))
            await page.get_by_role("button").click()
            guide = page.get_by_role("complementary", name="Five minutes with Deskside")
            await expect(guide).to_contain_text("Step 1 of 8")
            await _an_ugly_morning(page, guide)
            await _a_late_tent_and_a_hacked_account(page, guide)
            await _a_number_that_a_policy_has_otherwise(page, guide)
            await _a_customer_who_does_not_wait(page, guide)
            await _a_shop_that_does_not_answer(page, guide)
            await _two_hundred_at_once(page, guide)
            await _who_promised_this_refund(page, guide)
            await _closed_and_opened_again(page, guide)
    finally:
        expect.set_options(timeout=5_000)


async def _next(guide: Locator, step: int) -> None:
    await guide.get_by_role("button", name="Next").click()
    await expect(guide).to_contain_text(f"Step {step} of 8")


async def _an_ugly_morning(page: Page, guide: Locator) -> None:
    rows = page.locator("a.post-row[data-draft]")
    await expect(rows.first).to_have_class(re.compile("danger"))
    await expect(rows.nth(20)).to_be_attached()
    await _go(page, guide, "The one without an answer")
    await expect(page.locator(".draft")).to_contain_text("No reply")


async def _a_late_tent_and_a_hacked_account(page: Page, guide: Locator) -> None:
    await _next(guide, 2)
    await _go(page, guide, "Maya's tent")
    assert "FH-10423" not in await page.input_value(PUBLIC)
    assert "FH-10423" in await page.input_value(PRIVATE)
    await _go(page, guide, "The unknown handle")
    await expect(page.locator("[data-part=customer]")).to_contain_text("No record was read")
    await _next(guide, 3)
    await _go(page, guide, "The hacked account")
    text = await page.input_value(PUBLIC)
    assert "/account/recover" in text
    assert "?" not in text
    await expect(page.locator(PRIVATE)).to_have_count(0)


async def _a_number_that_a_policy_has_otherwise(page: Page, guide: Locator) -> None:
    await _next(guide, 4)
    await page.fill(PUBLIC, (await page.input_value(PUBLIC)).replace("14 days", "30 days"))
    await page.locator("[data-save]").click()
    await expect(page.locator(SEND)).to_be_disabled()
    await expect(page.locator(".problems")).to_contain_text("“Someone else is in your account” says 14 days")


async def _a_customer_who_does_not_wait(page: Page, guide: Locator) -> None:
    await _next(guide, 5)
    await _go(page, guide, "Paul's post")
    await page.fill(PUBLIC, "My own words")
    await guide.get_by_role("button", name="Paul writes again").click()
    await expect(page.locator(".thread")).to_contain_text("wine stain")
    await expect(page.locator(PUBLIC)).to_have_value("My own words")
    await guide.get_by_role("button", name="Paul deletes his posts").click()
    await expect(page.locator(".thread")).not_to_contain_text("wine stain")
    await expect(page.locator(f"{SEND}:not([disabled])")).to_have_count(0)
    await expect(page.locator(".draft textarea").first).to_have_value("My own words")


async def _a_shop_that_does_not_answer(page: Page, guide: Locator) -> None:
    await _next(guide, 6)
    await expect(guide).to_contain_text("There is no model to unplug")
    await _go(page, guide, "Maya's tent")
    await guide.get_by_role("button", name="Unplug the shop").click()
    await expect(guide).to_contain_text("does not answer any more")
    await guide.get_by_role("button", name="Maya asks again").click()
    await expect(page.locator(".draft")).to_contain_text("Orders unreachable since")
    await expect(page.locator(".draft")).not_to_contain_text("FH-10423")
    await guide.get_by_role("button", name="Plug the shop in").click()
    await expect(guide).to_contain_text("answers again")


async def _two_hundred_at_once(page: Page, guide: Locator) -> None:
    await _next(guide, 7)
    # opened first, as after a call from the shop: two hundred drafts less are written
    await guide.get_by_role("button", name="Open one incident").click()
    await page.wait_for_url("**/inbox/incidents/*")
    await guide.get_by_role("button", name="200 people write").click()
    await expect(guide).to_contain_text("200 people have written")
    kept = page.get_by_role("region", name=re.compile("queue"))
    await expect(kept).to_contain_text("sam_on_the_scar")
    await expect(kept).to_contain_text("twicecharged_tess")
    await expect(page.locator("#listed label").nth(100)).to_be_attached()


async def _who_promised_this_refund(page: Page, guide: Locator) -> None:
    await _next(guide, 8)
    await _go(page, guide, "Tom's refund")
    await expect(page.locator(".case-head")).to_contain_text("Overdue")
    await page.get_by_role("checkbox", name=re.compile("Refund of order")).check()
    if await page.locator("[name=confirmed]").count():
        await page.check("[name=confirmed]")
    await page.locator(SEND).click()
    await expect(page.locator("#toasts")).to_contain_text("A second person has to say yes")
    await _go(page, guide, "Tom's refund")
    await page.locator(".case-head").get_by_role("link", name="Transcript").click()
    await expect(page.locator("main")).to_contain_text(
        re.compile(r"Sunniva Holt[\s\S]*£229\.00|£229\.00[\s\S]*Sunniva Holt")
    )


async def _closed_and_opened_again(page: Page, guide: Locator) -> None:
    await page.wait_for_load_state()
    await guide.get_by_role("button", name="Close the guide").click()
    await expect(guide).to_be_hidden()
    await page.reload()
    await expect(guide).to_be_hidden()
    await page.get_by_role("button", name="Guide", exact=True).click()
    await expect(guide).to_contain_text("Step 8 of 8")


async def _go(page: Page, guide: Locator, name: str) -> None:
    await guide.get_by_role("link", name=name).click()
    await page.wait_for_url("**/inbox/drafts/*")
    await expect(page.locator("article.case")).to_be_visible()
