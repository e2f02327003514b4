"""How long a colleague waits: from a post that was accepted to its draft, and from an approval to the text being sent.

`python -m tests.benchmarks.drafting` prints both as JSON for SQLite and Postgres. No model is configured, nobody has to
be quiet, and there is no time to undo; the network is a process of its own. Each moment is the one at which a browser
hears of it over the feed of events. Meanwhile the process is asked again and again whether it lives: whatever holds its
loop up shows in how long that takes.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.serving import KINDS, Served, Watch, new_town, print_each, serving, spread

POSTS = 40
_BETWEEN_S = 0.5
_ASKED_EVERY_S = 0.02
_WRITTEN = ("draft.drafted", "draft.handed_over", "draft.held", "draft.left_unanswered")
_QUESTIONS = (
    "Where is my tent? It should have been here last week.",
    "Can I send unused things back after 50 days?",
    "My order is late again. When does it come?",
    "How long do I have to return a tent?",
)


async def measure(kind: str) -> dict[str, Any]:
    """Seconds from accepted to pending, and from approved to sent."""
    with tempfile.TemporaryDirectory() as folder:
        quick = {"DESKSIDE_QUIET_MINUTES": "0", "DESKSIDE_UNDO_SECONDS": "0", "DESKSIDE_POLL_SECONDS": "600"}
        async with (
            new_town(kind, Path(folder), **quick) as town,
            serving(town) as served,
            httpx.AsyncClient(trust_env=False, timeout=30) as world,
            served.watched() as watch,
        ):
            await _drafted(served, world, watch, range(3))  # what is loaded once
            async with _asked_meanwhile(served) as answers:
                pending = await _drafted(served, world, watch, range(3, 3 + POSTS))
            sent = await _sent(served, watch)
    return {
        "posts": POSTS,
        "pending_s": spread(pending),
        "answers_ms": spread([took * 1000 for took in answers]),
        "approved": len(sent),
        "sent_s": spread(sent),
    }


@asynccontextmanager
async def _asked_meanwhile(served: Served) -> AsyncIterator[list[float]]:
    """How long the process took for each answer in this block, in seconds."""
    took: list[float] = []

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=served.program.address, trust_env=False, timeout=30) as http:
            while True:
                began = time.perf_counter()
                await http.get("/healthz")
                took.append(time.perf_counter() - began)
                await asyncio.sleep(_ASKED_EVERY_S)

    asking = asyncio.create_task(ask())
    try:
        yield took
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _drafted(served: Served, world: httpx.AsyncClient, watch: Watch, people: Sequence[int]) -> list[float]:
    """People post, one after the other; seconds from each 202 to the draft."""
    accepted: dict[str, float] = {}
    before = len(watch.of(*_WRITTEN))
    for number in people:
        post = await served.town.say(world, f"walker{number}", _QUESTIONS[number % len(_QUESTIONS)])
        answer = await served.town.tell(world, served.program.address, post)
        answer.raise_for_status()
        accepted[f"walker{number}"] = time.perf_counter()
        await asyncio.sleep(_BETWEEN_S)
    written = await watch.until(before + len(accepted), *_WRITTEN)
    authors = await _authors(served)
    return [at - accepted[authors[event["subject"]]] for at, event in written[before:]]


async def _authors(served: Served) -> Mapping[str, str]:
    found = await served.admin.get("/drafts", limit=100)
    return {draft["id"]: draft["author"] for draft in found["items"]}


async def _sent(served: Served, watch: Watch) -> list[float]:
    """Whatever can be approved is, one after the other; seconds from each approval to its last part being sent."""
    approved: dict[str, float] = {}
    for queued in (await served.admin.get("/drafts", state="pending", limit=100))["items"]:
        draft = await served.admin.get(f"/drafts/{queued['id']}")
        asked = time.perf_counter()
        answer = await served.admin.decide(draft, "approve", confirmed=True, override="measured")
        if answer.is_success and answer.json()["state"] == "approved":
            approved[draft["id"]] = asked
        await asyncio.sleep(_BETWEEN_S)
    parts = 0
    for draft_id in approved:
        parts += len((await served.admin.get("/publications", draft=draft_id))["items"])
    last: dict[str, float] = {}
    for at, event in await watch.until(parts, "publication.sent"):
        last[event["data"]["draft"]] = at
    return [last[draft_id] - at for draft_id, at in approved.items() if draft_id in last]


if __name__ == "__main__":
    asyncio.run(print_each(measure, sys.argv[1:] or KINDS))
