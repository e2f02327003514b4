"""A storm: 3,000 posts in 10 minutes, most of one thing; an incident is opened in the middle of it.

`python -m tests.benchmarks.storm [--posts N] [--database postgres]` prints what became of them as JSON; the index of
the policies lies in the home that DESKSIDE_HOME names. The time is simulated, but for work: a clock goes on by what the
work really takes, and jumps where there is none. One job is done at a time, so that a machine with more processors does
better. Drafts are written without a model.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from assistant.turn import Desk
from server.db import open_database, reading
from server.incidents import answering, closing, promise_repository, telling
from server.incidents.repository import count_cases
from server.incidents.states import Purpose
from server.models import CaseRow, DraftRow, EventRow, IncidentCaseRow, PublicationRow
from server.settings import Settings
from server.wiring import open_desk
from tests.benchmarks.serving import KINDS, new_database
from tests.benchmarks.storm_desk import OVER, START, TEXTS, Storm
from tests.benchmarks.storm_posts import Told, storm
from tests.fakes.standing import where_all_stand

POSTS, SECONDS = 3_000, 600.0
SPREAD = timedelta(minutes=60)


async def weather(engine: AsyncEngine, desk: Desk, *, posts: int, seconds: float) -> dict[str, Any]:
    """Let the storm go over; what became of its posts."""
    told = storm(posts, seconds)
    storming = await Storm.begin(engine, desk, told)
    minute = timedelta(minutes=1)
    half, end_of_it = timedelta(seconds=seconds / 2), timedelta(seconds=seconds)
    await storming.run(half)
    await storming.begin_incident()
    await storming.run(half + minute)
    before = len(await storming.queue())
    await storming.confirm()
    await storming.run(half + 2 * minute)
    figures: dict[str, Any] = {"posts": posts, "seconds": seconds}
    figures["queue_before_and_after_confirming"] = [before, len(await storming.queue())]
    figures["standing_in_the_middle"] = dict(await where_all_stand(engine))
    await storming.run(max(end_of_it, half + 2 * minute) + 5 * minute)
    await storming.confirm()
    await storming.run(max(end_of_it, half + 2 * minute) + 6 * minute)
    queue = await storming.queue()
    figures["on_top"] = _on_top(queue)
    figures["queue_after_the_storm"] = len(queue)
    figures["standing_after_the_storm"] = dict(await where_all_stand(engine))
    figures["danger_on_top_s"] = await _danger(storming, told)
    figures["cases"] = await _cases(storming, told)
    figures |= await _sends(storming)
    figures["standing_at_the_end"] = dict(await where_all_stand(engine))
    figures["work_ms"] = {kind: _spread([one * 1000 for one in took]) for kind, took in sorted(storming.took.items())}
    return figures


async def _sends(storming: Storm) -> dict[str, Any]:
    """Answer everybody, close, and tell everybody who was promised an update."""
    digests = await storming.approve(TEXTS, Purpose.ANSWER)
    wanted = answering.Wanted(digests, SPREAD)
    began = storming.clock()
    started = await answering.answer(
        storming.service, storming.boss, storming.incident, await storming.version(), wanted
    )
    await storming.run(started.ends - START + timedelta(minutes=5))
    async with reading(storming.engine) as session:
        sent = (await session.exec(select(PublicationRow).where(PublicationRow.state == "sent"))).all()
        promised = await promise_repository.promised(session, storming.incident, after=None, limit=10_000)
    closed = await closing.close(
        storming.service, storming.boss, storming.incident, await storming.version(), "mended", release_rest=True
    )
    over = await storming.approve(OVER, Purpose.CLOSING)
    seen = [row.id for row, _ in promised]
    ends = (await telling.tell_promised(storming.service, storming.boss, storming.incident, over, seen, SPREAD)).ends
    await storming.run(ends - START + timedelta(minutes=5))
    async with reading(storming.engine) as session:
        left = await promise_repository.count_promised(session, storming.incident)
    texts = Counter(storming.network.texts())
    return {
        "answered": len(sent),
        "left_unanswered": dict(started.left),
        "sends_a_minute": _by_minute([row.sent_at for row in sent if row.sent_at], began),
        "promised_an_update": len(promised),
        "promised_at_closing": closed.promised,
        "told_of_the_end": sum(texts[text] for text in OVER.values()),
        "promises_left_open": left,
        "sent_twice": len(storming.network.ours()) - len({(p.reply_to, p.text) for p in storming.network.ours()}),
    }


def _on_top(queue: Sequence[DraftRow]) -> dict[str, int]:
    """How many dangerous drafts there are, and how many of the first that many in the queue are dangerous."""
    dangerous = sum(draft.danger is not None for draft in queue)
    return {"dangerous": dangerous, "first": sum(draft.danger is not None for draft in queue[:dangerous])}


async def _danger(storming: Storm, told: Sequence[Told]) -> dict[str, float]:
    """Seconds from a dangerous post to its place on top of the queue."""
    posted = {one.author: START + timedelta(seconds=one.at) for one in told if one.kind == "danger"}
    query = (
        select(CaseRow.author, EventRow.at)
        .join(DraftRow, col(DraftRow.case) == CaseRow.id)
        .join(EventRow, col(EventRow.subject) == DraftRow.id)
        .where(EventRow.kind == "draft.handed_over", col(DraftRow.danger).is_not(None))
    )
    async with reading(storming.engine) as session:
        flagged = dict((await session.exec(query)).all())
    took = [(flagged[author] - at).total_seconds() for author, at in posted.items() if author in flagged]
    return {
        **_spread(took),
        "max": round(max(took, default=0.0), 2),
        "posts": len(posted),
        "missed": len(posted) - len(took),
    }


async def _cases(storming: Storm, told: Sequence[Told]) -> dict[str, dict[str, int]]:
    """Of each kind of post, how many the incident took and how many it left in the queue."""
    kinds = {one.author: one.kind for one in told}
    query = select(CaseRow.author, IncidentCaseRow.state).join(CaseRow, col(CaseRow.id) == IncidentCaseRow.case)
    async with reading(storming.engine) as session:
        rows = (await session.exec(query)).all()
        counts = await count_cases(session, storming.incident)
    by_kind: dict[str, Counter[str]] = {kind: Counter() for kind in dict.fromkeys(kinds.values())}
    for author, state in rows:
        by_kind[kinds[author]][state] += 1
    for kind, found in by_kind.items():
        found["not in it"] = sum(one == kind for one in kinds.values()) - sum(found.values())
    return {"all": dict(counts), **{kind: dict(found) for kind, found in by_kind.items()}}


def _by_minute(moments: Sequence[datetime], began: datetime) -> dict[str, float]:
    minutes = Counter(int((moment - began).total_seconds() // 60) for moment in moments)
    return {
        "minutes": max(minutes, default=0) + 1,
        "mean": round(statistics.fmean(minutes.values()), 1) if minutes else 0,
        "most": max(minutes.values(), default=0),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    return {"p50": round(ordered[len(ordered) // 2], 2), "p95": round(ordered[int(len(ordered) * 0.95)], 2)}


@asynccontextmanager
async def _opened(database: str) -> AsyncIterator[AsyncEngine]:
    engine = await open_database(database)
    try:
        yield engine
    finally:
        await engine.dispose()


async def _main(posts: int, seconds: float, kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            new_database(kind, Path(folder)) as database,
            _opened(database) as engine,
            open_desk(Settings(model=None)) as desk,
        ):
            figures = await weather(engine, desk, posts=posts, seconds=seconds)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.storm", description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    asked = parser.parse_args()
    asyncio.run(_main(asked.posts, asked.seconds, asked.database))
