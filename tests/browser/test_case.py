"""One case in a browser: found by the palette, signed, shared with others, kept through a lost connection."""

import re

import httpx
from playwright.async_api import Browser, Page, expect

from server.staff.roles import Role
from tests.browser.test_inbox import SEND, asked, signed_in, world
from tests.fixtures.browser import IN_A_BROWSER, visiting
from tests.fixtures.programs import Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER
__all__ = ["world"]

SLOW_MS = 5_000


async def test_a_case_is_found_written_in_and_sent_though_the_connection_breaks_off(
    town: Town, served: Program, page: Page, browser: Browser, world: httpx.AsyncClient
):
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    draft = await asked(town, served, world, "walker49", "Where is my tent, the purple one?")
    async with town.employee(Role.ADMIN, served.address) as admin, town.employee(Role.SOCIAL, served.address) as social:
        account = (await social.get(f"/drafts/{draft}"))["account"]
        initials = (await social.get("/me"))["initials"]
        form = {"initials": "^{initials}"}
        assert (await admin.http.put(f"/api/v1/accounts/{account}/initials", json=form)).status_code == 200
        await signed_in(town, served, page, Role.SOCIAL)
        await _find(page, "walker49")
        await expect(page.locator(f'article.case[data-draft="{draft}"]')).to_be_visible()
        field = page.locator("#draft-form textarea[name=public_text]")
        async with visiting(browser, served.address) as elsewhere:
            other = await elsewhere.new_page()
            await signed_in(town, served, other, Role.SUPERVISOR)
            await other.goto(f"/inbox/drafts/{draft}")
            await expect(other.locator("#draft-form")).to_be_visible()
            text = f"{await field.input_value()} Thank you."
            await field.fill(text)
            await expect(other.locator("#presence")).to_contain_text("has it", timeout=SLOW_MS)
            await expect(other.locator(SEND)).to_be_disabled()
        await expect(page.locator("[data-signed]").first).to_contain_text(f"Thank you. ^{initials}")
        await _break_off(page)
        await expect(field).to_have_value(text)
        if await page.locator("[name=confirmed]").count():
            await page.locator("[name=confirmed]").check()
        await field.press("Control+Enter")
        await expect(page.locator("#toasts")).to_contain_text("@walker49 goes out in", timeout=SLOW_MS)
        found = await social.get(f"/drafts/{draft}")
        assert {one["digest"] for one in found["approvals"]} == set(found["digests"].values())
        assert set(found["signatures"].values()) == {f" ^{initials}"}
        assert (
            await admin.http.put(f"/api/v1/accounts/{account}/initials", json={"initials": None})
        ).status_code == 200
    assert wrong == []


async def _leave_unasked(page: Page) -> None:
    """Nothing is asked before the page is left: as where the browser was closed and has opened its tabs again."""
    await page.evaluate("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")


async def _find(page: Page, words: str) -> None:
    """By the keyboard alone."""
    await page.goto("/insights")
    await page.keyboard.press("Control+k")
    field = page.get_by_role("combobox")
    await expect(field).to_be_focused()
    await field.fill(words)
    await expect(page.get_by_role("option").first).to_contain_text(f"@{words}", timeout=SLOW_MS)
    active = str(await field.get_attribute("aria-activedescendant"))
    assert await page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    await field.press("Enter")


async def _break_off(page: Page) -> None:
    """The connection is lost and comes back; the page is loaded anew after that."""
    await page.context.set_offline(True)
    await expect(page.locator("#live")).to_contain_text("Connection lost since")
    save = page.locator("[data-save]")
    await expect(save).to_have_attribute("aria-disabled", "true")
    await save.click(force=True)
    await expect(page.locator("#toasts")).to_contain_text("waits until the connection is back")
    await page.context.set_offline(False)
    await expect(save).not_to_have_attribute("aria-disabled", "true", timeout=SLOW_MS)
    await expect(page.locator("#live")).to_be_hidden()
    await page.reload()


async def test_what_somebody_typed_is_not_shown_to_who_signs_in_next_in_the_same_tab(
    town: Town, served: Program, page: Page, world: httpx.AsyncClient
):
    draft = await asked(town, served, world, "walker50", "Where is my tent, the green one?")
    await signed_in(town, served, page, Role.SOCIAL)
    await page.goto(f"/inbox/drafts/{draft}")
    field = page.locator("#draft-form textarea[name=public_text]")
    await field.fill("What I think of you all.")
    note = page.locator("form[data-keep] textarea[name=text]")
    await note.fill("Between us.")
    await page.reload()
    await expect(field).to_have_value("What I think of you all.")
    await _leave_unasked(page)
    await page.goto("/inbox")
    await page.locator(f'[data-draft="{draft}"][href]').click()
    await expect(field).to_have_value("What I think of you all.")
    await field.focus()
    await page.context.clear_cookies()  # the session has run out, nobody has signed out
    await page.keyboard.press("!")
    await page.wait_for_url("**/sign-in?to=*")
    await signed_in(town, served, page, Role.SUPERVISOR)
    await page.goto(f"/inbox/drafts/{draft}")
    await expect(field).to_be_visible()
    await expect(field).not_to_have_value(re.compile("What I think of you all"))
    await expect(note).to_have_value("")
    assert "Between us." not in await page.evaluate("JSON.stringify(sessionStorage)")
