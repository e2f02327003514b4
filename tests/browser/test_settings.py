"""An admin's day: somebody new is let in."""

from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from server.staff.roles import Role
from tests.browser.test_signing_in import link_for
from tests.fixtures.browser import IN_A_BROWSER, visiting
from tests.fixtures.programs import Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER


NEWCOMER = "Nora <b>New</b>"
_LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (380, "dark"))


async def test_an_admin_adds_a_person_who_signs_in_by_the_link(
    town: Town, served: Program, browser: Browser, page: Page
):
    await page.goto(await link_for(town, served, Role.ADMIN))
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/settings" in url)
    await page.get_by_role("navigation", name="Settings").get_by_role("link", name="People").click()
    await page.wait_for_url("**/settings/people")

    form = page.locator("#add-person")
    await form.get_by_label("Name", exact=True).fill(NEWCOMER)
    await form.get_by_label("Email").fill("nora@example.com")
    await form.get_by_label("Role").select_option("rep")
    await form.get_by_role("button", name="Add and show the link").click()
    shown = page.get_by_role("dialog", name="Shown this once")
    link = await shown.get_by_label("Link or secret").input_value()
    await shown.get_by_role("button", name="I have it").click()
    await expect(page.get_by_role("row", name="nora@example.com")).to_contain_text("no password yet")
    assert link.partition("#")[2] not in await page.content()

    async with visiting(browser, served.address) as elsewhere:
        theirs = await elsewhere.new_page()
        await theirs.goto(f"{served.address}/sign-in#{link.partition('#')[2]}")
        await theirs.get_by_role("button").click()
        await theirs.wait_for_url(lambda url: "/panel" in url)
        await theirs.goto("/settings/you")
        await expect(theirs.get_by_label("Initials")).to_have_value("N<")
        await expect(theirs.get_by_label("Name", exact=True)).to_have_value(NEWCOMER)
        assert await theirs.get_by_role("link", name="People").count() == 0


@pytest.mark.parametrize("name", ["first-steps", "you", "people", "channels", "limits", "model", "operating"])
async def test_no_section_has_a_barrier_that_a_machine_can_find(town: Town, served: Program, page: Page, name: str):
    await page.goto(await link_for(town, served, Role.ADMIN))
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/settings" in url)
    await page.goto(f"/settings/{name}")
    for width, colours in _LOOKS:
        await page.set_viewport_size({"width": width, "height": 900})
        await page.emulate_media(color_scheme=colours)
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
