"""Pictures of every page of the demo: `python -m tests.screenshots`, or `--readme` for the four of the front page.

Light and dark, 380 and 1440 px wide, into `screenshots/`; those of the front page into `docs/images/`.
"""

import asyncio
import base64
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from playwright.async_api import BrowserContext, Page, expect

from server.pages.guide import GUIDE_COOKIE
from server.staff.roles import Role
from tests.fixtures.browser import chromium, visiting
from tests.fixtures.demo import Demo, open_demo

_ROOT = Path(__file__).resolve().parents[1]
FOLDER, README_FOLDER = _ROOT / "screenshots", _ROOT / "docs" / "images"
WIDTHS, HEIGHT = (1440, 380), 900
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PATIENCE_MS = 60_000
_README_WIDTH, _README_QUALITY, _README_HEIGHT = 900, 72, 860

# What a page's module does without a key or a form: as the viewer, with the session's CSRF value.
_POST = """async ([address, body]) => {
  const { csrf } = await (await fetch("/api/v1/me")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.text();
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${told}`);
  return { location: answer.headers.get("location"), told };
}"""


@dataclass(frozen=True, slots=True)
class Sight:
    """A page: its name, where it is, or where a link to it is (`follow`: what the link's address begins with)."""

    name: str
    at: str
    follow: str = ""


SIGHTS = (
    Sight("inbox", "/inbox"),
    Sight("inbox-case", "/demo/cases/tent"),
    Sight("inbox-danger", "/inbox?danger=true", "/inbox/drafts/"),
    Sight("incidents", "/inbox/incidents"),
    Sight("incident", "/inbox/incidents", "/inbox/incidents/"),
    Sight("panel", "/panel"),
    Sight("panel-session", "/panel", "/panel/sessions/"),
    Sight("transcripts", "/transcripts?q=refund"),
    Sight("transcript", "/transcripts?q=refund", "/transcripts/case"),
    Sight("scorecards", "/transcripts/scorecards"),
    Sight("coaching", "/transcripts/coaching"),
    Sight("insights", "/insights"),
    Sight("insights-figure", "/insights/first_real_answer"),
    Sight("samples", "/insights/samples"),
    Sight("knowledge", "/knowledge"),
    Sight("knowledge-document", "/knowledge/policies/returns-2026"),
    Sight("knowledge-new", "/knowledge/new"),
    Sight("knowledge-replace", "/knowledge/policies/returns-2026/replace"),
    Sight("knowledge-search", "/knowledge/search?question=how+long+can+I+return+a+tent&brand=fernhollow"),
    Sight("knowledge-missing", "/knowledge/missing"),
    Sight("questions", "/knowledge/questions"),
    Sight("question", "/knowledge/questions", "/knowledge/questions/one/"),
    Sight("question-new", "/knowledge/questions/new"),
    Sight("replies", "/knowledge/replies"),
    Sight("reply-new", "/knowledge/replies/new"),
    Sight("destinations", "/knowledge/destinations"),
    Sight("destination", "/knowledge/destinations", "/knowledge/destinations/one/"),
    Sight("destination-new", "/knowledge/destinations/new"),
    Sight("first-steps", "/settings/first-steps"),
    Sight("you", "/settings/you"),
    Sight("people", "/settings/people"),
    Sight("person", "/settings/people", "/settings/people/"),
    Sight("channels", "/settings/channels"),
    Sight("account", "/settings/channels", "/settings/channels/"),
    Sight("limits", "/settings/limits"),
    Sight("model", "/settings/model"),
    Sight("operating", "/settings/operating"),
    Sight("nothing-there", "/knowledge/policies/nothing"),
)
README = {
    "inbox": ("/demo/cases/tent", "", 1440),
    "panel": ("/panel", "/panel/sessions/", 380),
    "transcript": ("/demo/cases/refund", "/transcripts/case", 1440),
    "insights": ("/insights", "", 1440),
}


async def main(arguments: Sequence[str]) -> None:
    """Make the pictures."""
    with TemporaryDirectory() as folder:
        async with open_demo(Path(folder)) as demo, chromium() as browser, visiting(browser, demo.address) as context:
            await _sign_in(demo, context)
            await _live_a_little(await context.new_page(), storm="--readme" not in arguments)
            state = await context.storage_state()
            for theme in THEMES[: 1 if "--readme" in arguments else None]:
                themed = await browser.new_context(base_url=demo.address, storage_state=state, color_scheme=theme)
                if "--readme" in arguments:
                    await _for_the_front_page(themed)
                else:
                    await _of_every_page(themed, theme)


async def _of_every_page(context: BrowserContext, theme: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    page = await context.new_page()
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        for sight in SIGHTS:
            await _open(page, sight.at, sight.follow)
            await page.screenshot(path=FOLDER / f"{sight.name}-{width}-{theme}.png")
    async with _nobody(context, page) as stranger:
        for width in WIDTHS:
            await stranger.set_viewport_size({"width": width, "height": HEIGHT})
            await stranger.goto("/sign-in")
            await stranger.screenshot(path=FOLDER / f"sign-in-{width}-{theme}.png")


async def _for_the_front_page(context: BrowserContext) -> None:
    README_FOLDER.mkdir(parents=True, exist_ok=True)
    page = await context.new_page()
    spoken = await context.new_cdp_session(page)
    for name, (at, follow, width) in README.items():
        await page.set_viewport_size({"width": width, "height": _README_HEIGHT})
        await _open(page, at, follow)
        clip = {"x": 0, "y": 0, "width": width, "height": _README_HEIGHT, "scale": min(1.0, _README_WIDTH / width)}
        taken: dict[str, Any] = await spoken.send(
            "Page.captureScreenshot", {"format": "webp", "quality": _README_QUALITY, "clip": clip}
        )
        (README_FOLDER / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))


async def _sign_in(demo: Demo, context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto(demo.link(Role.ADMIN))
    await page.get_by_role("button").first.click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await context.add_cookies([{"name": GUIDE_COOKIE, "value": "1-closed", "url": demo.address}])
    await page.close()


async def _live_a_little(page: Page, *, storm: bool) -> None:
    """Somebody calls and asks, something is sent, many write of one thing: pages show what they are for."""
    await page.goto("/inbox")
    await page.locator("[data-draft][href]").nth(10).wait_for(timeout=_PATIENCE_MS)
    made = await page.evaluate(_POST, ["/panel/sessions", {"customer": "C-0001", "channel": "phone"}])
    await page.goto(made["location"])
    await page.fill("#asking textarea[name=text]", "My tent was due days ago and we leave on Monday. Where is it?")
    await page.click("#asking [data-kind=reply]")
    await _open(page, "/demo/cases/hacked", "")
    await page.click('[data-move="approve"]')
    if storm:
        await page.evaluate(_POST, ["/demo/acts/outage", {}])
        incident = {"brand": "fernhollow", "title": "Checkout is down", "match": {"intents": ["is_it_down"]}}
        await page.evaluate(_POST, ["/api/v1/incidents", incident])
    await page.wait_for_timeout(15_000)  # nobody waits for this but who makes pictures


async def _open(page: Page, at: str, follow: str) -> None:
    """Open a page, or the first that it links to, and let it show what it asks for afterwards."""
    await page.goto(at)
    if follow:
        address = await page.locator(f'a[href^="{follow}"]').first.get_attribute("href")
        await page.goto(str(address))
    await page.wait_for_timeout(300)
    await expect(page.locator(".skeleton, [aria-busy=true]")).to_have_count(0, timeout=_PATIENCE_MS)


@asynccontextmanager
async def _nobody(context: BrowserContext, page: Page) -> AsyncIterator[Page]:
    """A page of somebody who has not signed in, in the same theme."""
    browser = context.browser
    assert browser is not None
    dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    origin = await page.evaluate("location.origin")
    other = await browser.new_context(base_url=origin, color_scheme="dark" if dark else "light")
    try:
        yield await other.new_page()
    finally:
        await other.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
