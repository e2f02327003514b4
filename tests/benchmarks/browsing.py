"""What somebody's browser loads and waits for, told by the browser: by its own clock, from the key to the picture."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.async_api import BrowserContext, CDPSession, Page

_QUIET_S = 0.3
"""So long nothing has come: the page is there."""

_AT_REST_S = 0.8
"""What anybody reads for, at least, before they decide."""

_PAINTED = """() => new Promise((told) => new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (one.name === "first-contentful-paint") told(one.startTime);
}).observe({ type: "paint", buffered: true }))"""

_PATIENCE_S = 20

# From the key to the frame in which something else stands there, or to what was refused.
_WATCH = """([part, sign, key, control]) => {
  const place = document.querySelector(`[data-part="${part}"]`);
  const now = () => place.querySelector(sign)?.dataset;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  let began, before, tell;
  addEventListener("keydown", (event) => {
    if (event.key !== key || event.ctrlKey !== control) return;
    [began, before] = [event.timeStamp, { ...now() }];
  }, true);
  new MutationObserver(() => {
    const refused = [...place.querySelectorAll("[data-told]")].some((told) => told.textContent);
    if (began === undefined || (!refused && (!now() || same({ ...now() }, before)))) return;
    const from = began;
    began = undefined;
    requestAnimationFrame(() => setTimeout(() => tell(refused ? -1 : performance.now() - from)));
  }).observe(place, { childList: true, subtree: true, characterData: true });
  window.waited = () => new Promise((told) => (tell = told));
}"""

# From the key to the words that say what has become of it: an offer to take it back, or why it was not sent.
_ANSWERED = """() => {
  let began, tell;
  addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && (began = event.timeStamp), true);
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const toast of addedNodes) {
      if (/^Not sent/.test(toast.textContent)) tell(-1);
      else if (toast.querySelector("button")) tell(performance.now() - began);
    }
  }).observe(document.getElementById("toasts"), { childList: true });
  window.answered = () => new Promise((told) => (tell = told));
}"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that went out: milliseconds until the next case stood there, and until the server had said yes."""

    next_ms: float
    answered_ms: float


@dataclass(frozen=True, slots=True)
class Load:
    """A page as it was loaded: what the browser asked the network for, and milliseconds to its first content."""

    requests: int
    transferred: int
    painted_ms: float


@dataclass
class Network:
    """What a page asks for: the number of its requests, and bytes as they were sent, images apart."""

    asked: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    _open: set[str] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def of(cls, page: Page) -> Self:
        """Listening from now on."""
        network = cls()
        spoken: CDPSession = await page.context.new_cdp_session(page)
        spoken.on("Network.requestWillBeSent", network._sent)
        spoken.on("Network.requestServedFromCache", lambda told: network.kept.add(told["requestId"]))
        spoken.on("Network.responseReceived", network._answered)
        spoken.on("Network.loadingFinished", network._finished)
        spoken.on("Network.loadingFailed", lambda told: network._open.discard(told["requestId"]))
        await spoken.send("Network.enable")
        return network

    async def quiet(self) -> None:
        """Until nothing has been asked for a while, and whatever was has come; streams go on."""
        while True:
            self._news.clear()
            try:
                async with asyncio.timeout(_QUIET_S):
                    await self._news.wait()
            except TimeoutError:
                if not self._open:
                    return

    def total(self) -> tuple[int, int]:
        """Requests that reached the network, and the bytes that came without images."""
        reached = self.asked.keys() - self.kept
        return len(reached), sum(self.bytes.get(one, 0) for one in reached if self.asked[one] != "Image")

    def _sent(self, told: dict[str, Any]) -> None:
        if told["request"]["url"].startswith("http"):
            self.asked[told["requestId"]] = told.get("type", "Other")
            self._open.add(told["requestId"])
            self._news.set()

    def _answered(self, told: dict[str, Any]) -> None:
        self._news.set()
        if told["response"].get("fromDiskCache"):
            self.kept.add(told["requestId"])
        if told["response"]["mimeType"] == "text/event-stream":
            self._open.discard(told["requestId"])

    def _finished(self, told: dict[str, Any]) -> None:
        self.bytes[told["requestId"]] = told["encodedDataLength"]
        self._open.discard(told["requestId"])
        self._news.set()


async def painted_ms(page: Page, address: str) -> float:
    """Open an address; milliseconds until something of it was to be seen."""
    answer = await page.goto(address)
    assert answer is not None
    assert answer.ok, address
    return float(await page.evaluate(_PAINTED))


async def load(page: Page, address: str) -> Load:
    """Open an address in a browser that has nothing of it, and wait until it is all there."""
    network = await Network.of(page)
    painted = await painted_ms(page, address)
    await network.quiet()
    return Load(*network.total(), painted)


async def send_all(context: BrowserContext, times: int) -> list[Sent]:
    """Send what can be sent, one after the other with Ctrl+Enter."""
    page = await context.new_page()
    await page.goto("/inbox")
    await page.evaluate(_WATCH, ["case", "article.case", "Enter", True])
    await page.evaluate(_ANSWERED)
    await page.keyboard.press("j")
    sent: list[Sent] = []
    for _ in range(3 * times):
        await asyncio.sleep(_AT_REST_S)
        done = await _send(page)
        if done is None:
            await page.evaluate("document.activeElement?.blur()")
            await page.keyboard.press("j")
        else:
            sent.append(done)
        if len(sent) == times:
            break
    await page.close(run_before_unload=False)
    return sent


async def _send(page: Page) -> Sent | None:
    """Send the case that stands there; None: it may not be sent."""
    confirmed = page.locator("#draft-form [name=confirmed]")
    if await confirmed.count():
        await confirmed.check()
    can = await page.locator('#draft-form [data-move="approve"]:enabled:not([hidden])').count()
    if not can or await page.locator("#draft-form [name=override]").count():
        return None
    await page.evaluate("window.saying = window.answered(); 0")
    waited = await _waited(page, "Control+Enter")
    if waited < 0:
        return None
    async with asyncio.timeout(_PATIENCE_S):
        said = float(await page.evaluate("window.saying"))
    return Sent(waited, said) if said >= 0 else None


async def open_panels(context: BrowserContext, customers: Sequence[str]) -> list[float]:
    """Type each customer and choose what is found; milliseconds until their session stands there."""
    page = await context.new_page()
    took: list[float] = []
    for customer in customers:
        await page.goto("/panel")
        await page.evaluate(_WATCH, ["panel", ".session", "Enter", False])
        await page.locator("#whom").fill(customer)
        await page.locator("#found [role=option]").first.wait_for()
        await page.keyboard.press("ArrowDown")
        took.append(await _waited(page, "Enter"))
    await page.close()
    return [one for one in took if one >= 0]


async def _waited(page: Page, keys: str) -> float:
    """Milliseconds from the key to what it leads to; -1: it was refused."""
    await page.evaluate("window.told = window.waited(); 0")
    await page.keyboard.press(keys)
    async with asyncio.timeout(_PATIENCE_S):
        return float(await page.evaluate("window.told"))
