"""Everything by keyboard: keys that people change, and every control reached with Tab alone, its focus seen."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from playwright.async_api import Page, expect

from server.staff.roles import Role
from tests.browser.test_inbox import asked, signed_in
from tests.fixtures.browser import IN_A_BROWSER
from tests.fixtures.programs import Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER
_STOPS_WITHIN = 20
"""Controls that are several stops each: a day and a time have one for every number."""

# Marks each control that somebody who sees it would want to use; of radio buttons of a name one is enough.
_CONTROLS = """() => {
  for (const closed of document.querySelectorAll("main details:not([open])")) closed.open = true;
  const found = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden")
    .filter((one) => one.checkVisibility({visibilityProperty: true}));
  window.reached = new Set();
  window.unseen = [];
  document.addEventListener("focusin", ({target}) => {
    reached.add(target.type === "radio" ? `radio ${target.name}` : target);
    const {outlineStyle, outlineWidth} = getComputedStyle(target);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) unseen.push(target.outerHTML.slice(0, 120));
  });
  window.controls = found;
  return found.length;
}"""
_LEFT = """() => ({
  left: controls.filter((one) => one.isConnected && !reached.has(one) && !reached.has(`radio ${one.name}`))
    .map((one) => one.outerHTML.slice(0, 120)),
  unseen,
})"""


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as world:
        yield world


async def _expect_all_reached(page: Page) -> None:
    many = await page.evaluate(_CONTROLS)
    assert many > 10
    for _ in range(many + _STOPS_WITHIN):
        await page.keyboard.press("Tab")
    assert await page.evaluate(_LEFT) == {"left": [], "unseen": []}


async def test_a_key_is_changed_and_two_actions_never_share_one(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    draft = await asked(town, served, world, "walker41", "Where is my tent?")
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto(f"/inbox/drafts/{draft}")
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    for row in await dialog.locator("tr:visible").all():
        key = row.locator("input, kbd")
        assert await row.locator("th").inner_text()
        assert await key.input_value() if await row.locator("input").count() else await key.inner_text()
    told = dialog.get_by_role("status")
    note, previous = dialog.get_by_label("Key for: Write a note"), dialog.get_by_label("Key for: Post before")
    await note.fill("M")
    await page.keyboard.press("Enter")
    await expect(told).to_have_text("M is “Write a note” now.")
    await previous.fill("j")
    await page.keyboard.press("Tab")
    await expect(told).to_have_text("J is “Next post” already.")
    await expect(previous).to_have_value("k")
    await expect(previous).to_have_attribute("aria-invalid", "true")
    for _ in range(2):
        await page.keyboard.press("Escape")
        await page.locator("#case-title").click()
        await page.keyboard.press("n")
        await expect(page.locator("main [name=text]")).not_to_be_focused()
        await page.keyboard.press("m")
        await expect(page.locator("main [name=text]")).to_be_focused()
        await page.reload()
    # no key at all is its usual one, and that is told
    await page.locator("#case-title").click()
    await page.keyboard.press("?")
    await note.fill("")
    await page.keyboard.press("Tab")
    await expect(told).to_have_text("N is “Write a note” now.")
    await expect(note).to_have_value("n")


async def test_every_control_of_a_case_and_of_a_session_is_reached_with_tab_alone(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    draft = await asked(town, served, world, "walker42", "Where is my tent?")
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto(f"/inbox/drafts/{draft}")
    await expect(page.locator("[data-part=customer] *").first).to_be_visible()
    await _expect_all_reached(page)
    await page.goto("/panel")
    await page.fill("#whom", "P-1007")
    await page.keyboard.press("Enter")
    await page.click("#asking [data-kind=summary]")
    await expect(page.locator(".answer[data-state=checked]")).to_be_visible()
    await page.locator("h1").click()
    await _expect_all_reached(page)
