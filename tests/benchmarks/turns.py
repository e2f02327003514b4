"""Model calls and waiting time per draft, beside a plain LangChain agent with the same tools and the same endpoint.

`python -m tests.benchmarks.turns` prints both over the demo inbox as JSON.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from assistant.case import Thread
from assistant.language import detect_language
from assistant.turn import Desk, Listener, find_brand, run_turn
from server.drafts.reading import BadLine, read_threads
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.wiring import fill_demo, open_desk
from tests.benchmarks import plain_agent
from tests.benchmarks.plain_agent import Timing
from tools.context import ToolContext

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def compare(home: Path, posts: int | None = None) -> dict[str, object]:
    """Means over the posts of the demo inbox (the first `posts`) that reach a model. `home` keeps shop and index."""
    with _endpoint() as base_url:
        settings = Settings(home=home, openai_base_url=base_url, model="scripted", draft_deadline=60)
        await fill_demo(settings)
        async with open_desk(settings) as desk:
            inbox = _inbox()[:posts]
            await _both(inbox[0], desk, base_url)  # loads what is loaded once
            pairs = [await _both(thread, desk, base_url) for thread in inbox]
    ours, plain = zip(*[pair for pair in pairs if pair is not None], strict=True)
    return _summary(ours, plain)


async def _both(thread: Thread, desk: Desk, base_url: str) -> tuple[Timing, Timing] | None:
    """The same post through a turn and through the plain agent; None if the turn needed no model."""
    mine = await _turn(thread, desk)
    if mine is None:
        return None
    return mine, await plain_agent.answer(thread.request, await _context(thread, desk), base_url)


async def _turn(thread: Thread, desk: Desk) -> Timing | None:
    began = time.monotonic()
    first: list[float] = []

    def note(_: str) -> None:
        if not first:
            first.append(time.monotonic() - began)

    record = await run_turn(thread, desk, now=NOW, listener=Listener(on_text=note))
    whole = time.monotonic() - began
    return Timing(first[0] if first else whole, whole, record.model_calls) if record.model_calls else None


async def _context(thread: Thread, desk: Desk) -> ToolContext:
    """What the plain agent's tools work with: the same customer and moment, and an empty ledger."""
    brand = find_brand(thread, desk.guidance)
    assert brand is not None
    identity = await desk.ports.customers.identify(brand=brand.id, channel=thread.channel, handle=thread.target.author)
    language = detect_language(thread.request, hint="en")
    return ToolContext(
        identity=identity,
        brand=brand.id,
        channel=thread.channel,
        language=language,
        region=brand.home_region,
        now=NOW,
        ports=desk.ports,
    )


def _inbox() -> list[Thread]:
    lines = (SHIPPED_KNOWLEDGE / "demo" / "inbox.jsonl").read_text(encoding="utf-8").splitlines()
    return [line.thread for line in read_threads(lines, now=NOW) if not isinstance(line, BadLine)]


def _summary(ours: Sequence[Timing], plain: Sequence[Timing]) -> dict[str, object]:
    mine, theirs = _figures(ours), _figures(plain)
    ratios = {name: mine[name] / theirs[name] for name in ("first_words_s", "whole_s")}
    return {"drafts": len(ours), "deskside": mine, "plain_agent": theirs, "ratio": ratios}


def _figures(timings: Sequence[Timing]) -> dict[str, float]:
    """Mean calls, and the median and 95th percentile of the waiting."""
    first, whole = sorted(t.first_words for t in timings), sorted(t.whole for t in timings)
    late = int(len(timings) * 0.95)
    return {
        "calls": statistics.mean(t.calls for t in timings),
        "first_words_s": statistics.median(first),
        "first_words_s_p95": first[late],
        "whole_s": statistics.median(whole),
        "whole_s_p95": whole[late],
    }


@contextmanager
def _endpoint() -> Iterator[str]:
    """The scripted endpoint in a process of its own, so that its work is not counted as ours."""
    command = [sys.executable, "-m", "tests.benchmarks.endpoint"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(compare(Path(folder))), indent=2))  # noqa: T201 - the result
