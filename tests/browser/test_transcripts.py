"""A supervisor's day in a browser: an answer is found, what it rests on is opened, it is talked about and scored."""

import asyncio

import httpx
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from server.staff.roles import Role
from tests.browser.test_signing_in import link_for
from tests.fixtures.browser import IN_A_BROWSER
from tests.fixtures.programs import PATIENCE_S, Program
from tests.fixtures.town import Town

pytestmark = IN_A_BROWSER

PERSON = "marginwalker"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


async def answered(town: Town, served: Program) -> str:
    """A rep has approved what was drafted for somebody; the case."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as world:
        await town.tell(
            world, served.address, await town.say(world, PERSON, "Can I still return unused goods after 50 days?")
        )
    async with asyncio.timeout(PATIENCE_S), town.employee(Role.REP, served.address) as rep:
        while True:
            waiting = (await rep.get("/drafts", state="pending", limit=200))["items"]
            for draft in waiting:
                if draft["author"] == PERSON:
                    seen = await rep.get(f"/drafts/{draft['id']}")
                    text = f"{seen['public_text']} Thank you."
                    done = await rep.decide(seen, "approve", public_text=text, confirmed=True)
                    assert done.status_code == 200, done.text
                    return str(seen["case"])
            await asyncio.sleep(0.1)


async def test_a_supervisor_finds_an_answer_opens_what_it_rests_on_and_scores_it(
    town: Town, served: Program, page: Page
):
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    case = await answered(town, served)
    await page.goto(await link_for(town, served, Role.SUPERVISOR))
    await page.get_by_role("button").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    async with asyncio.timeout(PATIENCE_S):
        await page.goto("/transcripts")
        await page.get_by_label("Words").fill(f"{PERSON} unused")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**?q=*")
        while not await page.locator(".hit").count():
            await page.reload()
    assert page.url.endswith(f"?q={PERSON}+unused")
    await page.locator(".hit a").first.click()
    marked = page.locator(".entry:target")
    await expect(marked).to_be_focused()
    await expect(page).to_have_url(
        f"{served.address}/transcripts/{case}?at={await marked.get_attribute('id')}#{await marked.get_attribute('id')}"
    )

    draft = page.locator(".kind-draft")
    await draft.locator("details.seen > summary").click()
    await draft.locator(".rests a").first.click()
    await expect(draft.locator(".sources details[open] .text").first).to_be_visible()

    approved = page.locator(".kind-decision", has_text="Approved")
    await approved.locator(".say summary").click()
    await approved.locator("textarea").fill("Say <b>when</b> next time.")
    await approved.get_by_role("checkbox").check()
    await approved.get_by_role("button", name="Comment").click()
    await expect(approved.locator(".comments .text")).to_have_text("Say <b>when</b> next time.")
    await _has_no_barriers(page)

    await page.get_by_text("Have work looked at").click()
    await page.get_by_role("button", name="Assign").click()
    await page.wait_for_url("**/transcripts/scorecards/*")
    for question in await page.locator("[data-question]").all():
        await question.locator("input").last.check()
    await _has_no_barriers(page)
    await page.get_by_role("button", name="Score").click()
    await expect(page.locator(".share").first).to_have_text("100")
    assert wrong == []


async def _has_no_barriers(page: Page) -> None:
    for scheme, width in (("light", 380), ("dark", 1440)):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.set_viewport_size({"width": width, "height": 900})
        found = await Axe().run(page, options=WCAG)
        assert found.violations_count == 0, f"{scheme} {width}\n{found.generate_report()}"
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    await page.set_viewport_size({"width": 1440, "height": 900})
