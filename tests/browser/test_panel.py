"""A rep answers a call, in a window of the panel's own."""

import re

from playwright.async_api import Page, Route, expect

from server.staff.roles import Role
from tests.browser.test_signing_in import link_for
from tests.fixtures.browser import IN_A_BROWSER
from tests.fixtures.programs import Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER
ANSWERED = ".answer[data-state=checked]"


async def _signed_in(town: Town, served: Program, page: Page) -> None:
    await page.goto(await link_for(town, served, Role.REP))
    await page.get_by_role("button").click()
    await page.wait_for_url("**/panel")


async def test_a_rep_answers_a_call_with_the_keyboard_alone(town: Town, served: Program, page: Page):
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    await _signed_in(town, served, page)
    # who it is
    await expect(page.locator("#whom")).to_be_focused()
    await page.keyboard.type("P-1003")
    await expect(page.locator("#found [role=option]")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Wanda Walker")
    await expect(page.locator(".headlines")).to_contain_text("late")
    await page.keyboard.press("Escape")
    await page.locator("h1").click()
    await page.keyboard.press("v")
    await page.keyboard.type("named the postcode")
    await page.keyboard.press("Enter")
    await expect(page.locator(".known-verified")).to_be_visible()
    # what to say
    await page.keyboard.press("t")
    await page.keyboard.type("Where is my tent?")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(f"{ANSWERED}[data-kind=reply]")).to_be_visible()
    await expect(page.locator(".answer")).to_contain_text("draft without AI")
    offered = await page.locator("[data-card]").get_attribute("data-original")
    await page.keyboard.press("c")
    await expect(page.locator("[data-card] .badge")).to_have_text("copied")
    assert await page.evaluate("navigator.clipboard.readText()") == offered
    await page.keyboard.press("x")
    await page.keyboard.type("said it already")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-card] .badge")).to_have_text("dismissed")
    # which keys there are
    await page.locator("h1").click()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Draft a reply")
    await page.keyboard.press("Escape")
    # a page that is loaded anew shows the same
    await page.reload()
    await expect(page.locator("[data-card] .badge")).to_have_text("dismissed")
    assert wrong == []


async def test_a_saved_reply_is_chosen_filled_in_and_taken_with_the_keyboard(town: Town, served: Program, page: Page):
    texts = {"en": {"public": None, "private": "Hi {{customer_first_name}}, sorry to hear that about {{product}}."}}
    body = {"brand": "pine", "team": "orders", "title": "Sorry to hear it", "texts": texts}
    async with town.employee(Role.SUPERVISOR, served.address) as boss:
        for more in ({}, {"title": "For everyone", "texts": {"en": {"public": "Thank you.", "private": None}}}):
            made = await boss.http.post("/api/v1/saved-replies", json=body | more)
            assert made.status_code == 201, made.text
    await page.set_viewport_size({"width": 380, "height": 800})
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    await _signed_in(town, served, page)
    await page.fill("#whom", "P-1005")
    await page.keyboard.press("Enter")
    await expect(page.locator(".session")).to_be_visible()
    await page.fill("#asking textarea", "It leaks!\nThanks, Wilma")
    await page.keyboard.press("Control+.")
    dialog = page.get_by_role("dialog", name="Saved replies")
    await expect(dialog.get_by_role("button", name="For everyone")).to_have_attribute("aria-disabled", "true")
    await page.keyboard.type("hear")
    await expect(dialog.get_by_role("status")).to_have_text("1 found")
    await page.keyboard.press("Enter")
    card = page.locator(f"{ANSWERED}[data-kind=saved_reply] [data-card=private]")
    await expect(card.locator(".text")).to_contain_text("Hi Wilma, sorry to hear that about {{product}}.")
    await expect(page.locator("[data-unfilled]")).to_contain_text("They have named no product")
    await expect(page.locator("#asking textarea")).to_have_value("It leaks!\nThanks, Wilma")
    # what is not filled in is written over before it is taken
    await card.locator("[data-do=copy]").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#toasts")).to_contain_text("{{product}} is not filled in")
    await page.keyboard.type("your tent")
    await card.locator("[data-do=copy]").focus()
    await page.keyboard.press("Enter")
    await expect(card.locator(".badge")).to_have_text("taken with changes")
    said = "Hi Wilma, sorry to hear that about your tent."
    assert await page.evaluate("navigator.clipboard.readText()") == said
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_what_happens_elsewhere_is_shown_and_nothing_typed_is_lost(town: Town, served: Program, page: Page):
    await _signed_in(town, served, page)
    await page.fill("#whom", "P-1006")
    async with page.expect_request("**/changes?**"):
        await page.keyboard.press("Enter")
    await expect(page.locator(".session")).to_be_visible()
    session = await page.locator(".session").get_attribute("data-session")
    typed = page.locator("#asking textarea")
    await typed.fill("What I was about to ask")
    async with town.employee(Role.REP, served.address) as colleague:
        at = f"/api/v1/conversations/{session}"
        assert (await colleague.http.post(f"{at}/confirm", json={"how": "the postcode"})).status_code == 200
        await expect(page.locator(".known-verified")).to_be_visible()
        await expect(page.locator("#toasts")).to_contain_text("Something changed for this customer")
        await expect(typed).to_be_focused()
        await expect(typed).to_have_value("What I was about to ask")
        assert (await colleague.http.post(f"{at}/close")).status_code == 200
    await expect(page.get_by_role("alert").filter(has_text="session")).to_be_focused()
    await expect(page.get_by_role("textbox", name="What you typed")).to_have_value("What I was about to ask")
    await expect(page.locator("#asking")).to_have_count(0)


async def test_what_is_not_checked_is_shown_as_such_and_read_on_where_it_broke_off(
    town: Town, served: Program, page: Page
):
    await _signed_in(town, served, page)
    await page.fill("#whom", "P-1004")
    await page.keyboard.press("Enter")
    await expect(page.locator(".session")).to_be_visible()

    async def cut_off(route: Route) -> None:
        """The turn is begun, and of its answer two words come through."""
        answer = await route.fetch()
        said = 'event: began\nid: 1\ndata: {}\n\nevent: text\nid: 2\ndata: {"add": "Two words"}\n\n'
        await route.fulfill(headers={"location": answer.headers["location"]}, body=said)

    await page.route(re.compile(r"/turns$"), cut_off, times=1)
    async with page.expect_request("**/stream") as resumed:
        await page.click("[data-kind=summary]")
        begun = page.locator(".answer.provisional")
        await expect(begun).to_contain_text("Being written, not checked yet")
        await expect(begun).to_contain_text("Two words")
        await expect(begun.locator("[data-do]")).to_have_count(0)
        await expect(begun.get_by_role("status").last).to_contain_text("The connection broke off")
    assert (await (await resumed.value).all_headers())["last-event-id"] == "2"
    stands = page.locator(f"{ANSWERED}[data-kind=summary]")
    await expect(stands).to_be_visible()
    await expect(stands).not_to_contain_text("Two words")
