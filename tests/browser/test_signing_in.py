"""Signing in as people do: in a browser, on the page that a link leads to."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Error, Page, expect

from server.staff.links import address_of
from server.staff.roles import Role
from tests.fixtures.browser import IN_A_BROWSER
from tests.fixtures.programs import Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER


async def link_for(town: Town, served: Program, role: Role) -> str:
    """What an admin sends to who has to sign in."""
    staff, _ = town.tokens[role]
    async with town.employee(Role.ADMIN, served.address) as admin:
        answer = await admin.http.post(f"/api/v1/staff/{staff}/sign-in-link")
        answer.raise_for_status()
        return address_of(served.address, answer.json()["link"].rpartition("#")[2])


async def test_a_link_signs_in_once_its_button_is_pressed(town: Town, served: Program, page: Page):
    await page.goto(await link_for(town, served, Role.SOCIAL))
    assert await page.context.cookies() == []
    assert "#" not in page.url
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    me = await page.request.get("/api/v1/me")
    assert (await me.json())["id"] == town.tokens[Role.SOCIAL][0]


async def test_a_link_that_was_used_says_so(town: Town, served: Program, page: Page):
    link = await link_for(town, served, Role.REP)
    await page.goto(link)
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.context.clear_cookies()
    await page.goto(link)
    await page.get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_contain_text("does not count any more")


async def test_the_page_to_sign_in_on_has_no_barrier_that_a_machine_can_find(page: Page):
    await page.goto("/sign-in")
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_a_page_reaches_the_server_and_nothing_else(town: Town, page: Page):
    await page.goto("/sign-in")
    for elsewhere in (f"{town.network.address}/posts", "http://example.com/"):
        with pytest.raises(Error, match="ERR_BLOCKED_BY_CLIENT"):
            await page.goto(elsewhere)
