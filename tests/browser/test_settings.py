"""An admin's day: somebody new is let in."""

from playwright.async_api import Browser, Page, expect

from server.staff.roles import Role
from tests.browser.test_signing_in import link_for
from tests.fixtures.browser import IN_A_BROWSER, visiting
from tests.fixtures.programs import Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER


NEWCOMER = "Nora <b>New</b>"


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
