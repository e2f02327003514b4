"""An admin lets somebody new in, a supervisor says how the brand sounds."""

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
        await expect(theirs.get_by_label("Initials")).to_have_value("NB")
        await expect(theirs.get_by_label("Name", exact=True)).to_have_value(NEWCOMER)
        assert await theirs.get_by_role("link", name="People").count() == 0


async def test_a_supervisor_says_how_the_brand_sounds_and_what_is_wrong_is_told_at_its_field(
    town: Town, served: Program, page: Page
):
    await page.goto(await link_for(town, served, Role.SUPERVISOR))
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto("/settings/voice/pine")
    card = page.get_by_role("region", name="English")
    await card.get_by_label("It sounds otherwise on").select_option("email")
    await card.get_by_role("button", name="Add").click()
    email = card.get_by_role("group", name="Only on Email")
    greeting = email.get_by_label("Greeting")
    await expect(greeting).to_be_focused()
    await greeting.fill("Good day")
    await expect(email.locator("[data-sounds]")).to_have_text("Good day You have 60 days to send it back.")
    await page.get_by_label("Why you change it").fill("letters greet")
    await page.get_by_role("button", name="Save").click()
    await expect(email.locator(".problem")).to_have_text("runs into the answer; end it with a full stop, “!” or “?”")
    await expect(greeting).to_have_attribute("aria-invalid", "true")
    await greeting.fill("Good day.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("listitem").filter(has_text="letters greet")).to_be_visible()
    await expect(greeting).to_have_value("Good day.")
    await email.get_by_role("button", name="Let Email sound as elsewhere").click()
    await expect(card.get_by_label("It sounds otherwise on")).to_be_focused()
