"""Whatever people write is text, on every page that shows it; and no page shuts anybody out."""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, Page, Request, expect

from server.staff.roles import Role
from tests.browser.spoiled import Spoiled, spoiled_town
from tests.browser.test_signing_in import link_for
from tests.fixtures.browser import IN_A_BROWSER, visiting
from tests.fixtures.databases import Databases

pytestmark = IN_A_BROWSER

EVERY = (
    "/inbox/incidents",
    "/panel",
    "/transcripts",
    "/transcripts?q=tent",
    "/transcripts/scorecards",
    "/transcripts/coaching",
    "/insights",
    "/insights/draft_use",
    "/insights/samples",
    "/knowledge",
    "/knowledge/policies/returns",
    "/knowledge/search?q=how+long+for+returns",
    "/knowledge/missing",
    "/knowledge/questions",
    "/knowledge/questions/new",
    "/knowledge/destinations",
    "/knowledge/destinations/new",
    "/knowledge/replies",
    "/knowledge/replies/new",
    "/knowledge/new",
    "/knowledge/policies/returns/replace",
    "/settings/first-steps",
    "/settings/you",
    "/settings/channels",
    "/settings/limits/pine",
    "/settings/voice/pine",
    "/settings/model",
    "/settings/operating",
    "/nowhere",
)
_UNSEEN = """(root = document) =>
  [...root.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true}))
  .filter((one) => {
    one.focus({focusVisible: true, preventScroll: true});
    if (document.activeElement !== one) return one.type !== "hidden";
    const looks = getComputedStyle(one);
    return one.tabIndex > 0 || (looks.outlineStyle === "none" || parseFloat(looks.outlineWidth) < 2);
  })
  .map((one) => one.outerHTML.slice(0, 120))"""
# What is opened: every menu and every detail, then every dialog, one after the other.
_UNSEEN_OPENED = f"""() => {{
  const unseen = {_UNSEEN};
  for (const closed of document.querySelectorAll("details:not([open])")) closed.open = true;
  const found = unseen();
  for (const dialog of document.querySelectorAll("dialog:not([open])")) {{
    dialog.showModal();
    found.push(...unseen(dialog));
    dialog.close();
  }}
  return found;
}}"""
_LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 380)]
# Each of its runs would load the script anew, which takes longer than most of them.
_LOADED = Axe("0")
_WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# What the other colours or the other width can change of a page that was looked at whole in both.
_CHANGED = {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"], "resultTypes": ["violations"]}
_WHOLE = set(_LOOKS) if os.environ.get("EVERY_LOOK") else {("light", 1440), ("dark", 380)}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def spoiled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Spoiled]:
    async with (
        databases.new("sqlite") as database,
        spoiled_town(tmp_path_factory.mktemp("spoiled"), database.url) as spoiled,
    ):
        yield spoiled


@pytest_asyncio.fixture(loop_scope="session")
async def admin(browser: Browser, spoiled: Spoiled) -> AsyncIterator[Page]:
    """Somebody who may see every page."""
    async with visiting(browser, spoiled.served.address) as context:
        page = await context.new_page()
        await page.goto(await link_for(spoiled.town, spoiled.served, Role.ADMIN))
        await page.get_by_role("button").click()
        await page.wait_for_url(lambda url: "/sign-in" not in url)
        yield page


async def test_what_is_written_to_do_harm_is_shown_as_text(spoiled: Spoiled, admin: Page):
    wrong: list[str] = []
    admin.on("pageerror", lambda error: wrong.append(f"{admin.url}: {error}"))
    admin.on("console", lambda said: said.type == "error" and wrong.append(f"{admin.url}: {said.text}"))
    admin.on("dialog", lambda dialog: wrong.append(f"{admin.url}: a dialog"))

    def leaves(request: Request) -> None:
        if not request.url.startswith(spoiled.served.address):
            wrong.append(f"{admin.url} asked for {request.url}")

    admin.on("request", leaves)
    for address in spoiled.pages:
        await _open(admin, address)
        await admin.set_viewport_size({"width": 380, "height": 900})
        if not await admin.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            wrong.append(f"{address} is wider than 380 px")
        if await admin.evaluate("window.ran !== undefined || document.querySelector('img[onerror], svg[onload]')"):
            wrong.append(f"{address} ran what was written, or has made it a part of the page")
    assert wrong == []


async def test_no_page_shuts_anybody_out_as_far_as_a_machine_can_find(spoiled: Spoiled, admin: Page):
    wrong: list[str] = []
    for address in (*spoiled.pages, *EVERY):
        await _open(admin, address)
        await admin.evaluate(AXE_SCRIPT)
        for unseen in await admin.evaluate(f"({_UNSEEN})()"):
            wrong.append(f"{address}: no focus to be seen on {unseen}")
        for scheme, width in _LOOKS:
            await admin.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await admin.set_viewport_size({"width": width, "height": 900})
            found = await _LOADED.run(admin, options=_WCAG if (scheme, width) in _WHOLE else _CHANGED)
            if found.violations_count:
                wrong.append(f"{address} {scheme} {width}\n{found.generate_report()}")
            if not await admin.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                wrong.append(f"{address} is wider than {width} px")
        wrong += [
            f"{address}, opened: no focus to be seen on {unseen}" for unseen in await admin.evaluate(_UNSEEN_OPENED)
        ]
    assert wrong == [], "\n\n".join(wrong)


async def _open(page: Page, address: str) -> None:
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.goto(address)
    await expect(page.locator(".skeleton")).to_have_count(0)
