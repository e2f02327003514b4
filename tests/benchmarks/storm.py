"""A storm: 3,000 posts in 10 minutes, most of one thing; an incident is opened in the middle of it.

`python -m tests.benchmarks.storm [--posts N]` prints what became of them as JSON, in the home that DESKSIDE_HOME names.
The time is simulated, but for work: a clock goes on by what the work really takes, and jumps where there is none. One
job is done at a time, so that a machine with more processors does better. Drafts are written without a model.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from assistant.turn import Desk
from server.channels.intake import take
from server.channels.protocol import Channel, Incoming
from server.db import open_database, reading, writing
from server.drafts.endpoints import WAITING
from server.drafts.queue_repository import Wanted, queue_page
from server.incidents import answering, approving, closing, confirming, opening, promise_repository, telling
from server.incidents.approving import Yes
from server.incidents.opening import Match
from server.incidents.repository import count_cases, find_incident
from server.incidents.states import Purpose
from server.incidents.texts import NewText, write_text
from server.jobs.claims import Claimed, Holder, claim, end
from server.jobs.lanes import limit_of
from server.jobs.worker import HANDLERS
from server.models import AccountRow, CaseRow, DraftRow, EventRow, IncidentCaseRow, JobRow, PublicationRow
from server.service import Service
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.writer import SqlShopWriter
from server.staff.roles import PERMISSIONS, Caller, Role
from server.wiring import open_desk
from tests.benchmarks.storm_posts import Told, storm
from tests.fakes.network import FakeChannel, FakeNetwork
from tests.fakes.standing import where_all_stand

BRAND, ACCOUNT = "fernhollow", "account_x"
POSTS, SECONDS = 3_000, 600.0
SPREAD = timedelta(minutes=60)
KNOWN = "The website and the checkout are down since 11:40 UTC."
TEXTS = {
    "en": "We are sorry, our website is down. We will update you by 18:00 UTC.",
    "de": "Es tut uns leid, unsere Website ist ausgefallen. Wir melden uns bis 18:00 UTC.",
    "es": "Lo sentimos, nuestra web está caída. Os informaremos antes de las 18:00 UTC.",
    "fr": "Désolés, notre site est en panne. Nous vous tiendrons au courant avant 18:00 UTC.",
}
OVER = {
    "en": "Our website works again. Thank you for waiting.",
    "de": "Unsere Website läuft wieder. Danke fürs Warten.",
    "es": "Nuestra web vuelve a funcionar. Gracias por esperar.",
    "fr": "Notre site fonctionne de nouveau. Merci de votre patience.",
}
MATCH = Match(
    intents=("is_it_down", "app_or_site_fault"),
    words=("website", "site down", "checkout", "web", "site", "app", "shop", "error 503"),
)
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class WorkingClock:
    """Goes on by itself while something is done, and jumps where nothing is."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._skipped = timedelta()

    def __call__(self) -> datetime:
        return START + self._skipped + timedelta(seconds=time.perf_counter() - self._began)

    def jump(self, to: datetime) -> None:
        """To this moment, unless it has passed."""
        self._skipped += max(to - self(), timedelta())


def _boss(name: str) -> Caller:
    role = Role.SUPERVISOR
    return Caller(f"staff_{name}", name, role, frozenset({BRAND}), PERMISSIONS[role], languages=tuple(TEXTS))


@dataclass
class Storm:
    """The desk in a storm: posts come in when they are due, and jobs are done one after the other."""

    engine: AsyncEngine
    desk: Desk
    told: deque[Told]
    clock: WorkingClock = field(default_factory=WorkingClock)
    took: dict[str, list[float]] = field(default_factory=dict)
    incident: str = ""

    def __post_init__(self) -> None:
        self.network = FakeNetwork(self.clock)
        self.boss, self.other = _boss("one"), _boss("two")
        self.service = Service(
            settings=Settings(model=None),
            engine=self.engine,
            clock=self.clock,
            desk=self.desk,
            channel=self._channel,
            wake=lambda: None,
            writer=SqlShopWriter(self.engine, SHIPPED_KNOWLEDGE, self.clock),
        )
        self.holder = Holder("storm", Counter(), partial(limit_of, settings=self.service.settings))

    def _channel(self, account: AccountRow) -> Channel:
        return FakeChannel(self.network, account)

    async def open(self) -> "Storm":
        account = AccountRow(
            id=ACCOUNT,
            brand=BRAND,
            channel="x",
            adapter="fake",
            handle="FernhollowHelp",
            settings={},
            hours={},
            created_at=START,
        )
        async with writing(self.engine) as session:
            session.add(account)
        self.clock = self.network.clock = WorkingClock()
        self.__post_init__()
        return self

    async def run(self, until: timedelta) -> None:
        """Take in and do everything that is due up to then."""
        end_of_it = START + until
        while True:
            await self._take_in()
            jobs = await claim(self.engine, self.holder, 4, self.clock())
            for job in jobs:
                await self._do(job)
            following = await self._next()
            if jobs and (following is None or self.clock() < end_of_it):
                continue
            if following is None or following > end_of_it:
                break
            self.clock.jump(following if following > self.clock() else self.clock() + timedelta(seconds=0.25))
        self.clock.jump(end_of_it)

    async def _take_in(self) -> None:
        """What has come up to now, as one request of the network."""
        batch: list[Incoming] = []
        while self.told and START + timedelta(seconds=self.told[0].at) <= self.clock():
            one = self.told.popleft()
            at = START + timedelta(seconds=one.at)
            post = self.network.write(one.author, one.text)
            batch.append(Incoming(post.id, post.id, one.author, one.text, at))
        if batch:
            quiet = timedelta(minutes=self.service.settings.quiet_minutes)
            async with writing(self.engine) as session:
                account = await session.get_one(AccountRow, ACCOUNT)
                await take(session, account, batch, self.clock(), quiet=quiet)

    async def _do(self, job: Claimed) -> None:
        module, name = HANDLERS[job.kind].split(":")
        began = time.perf_counter()
        await getattr(import_module(module), name)(self.service, job)
        await end(self.engine, job, self.clock())
        self.took.setdefault(job.kind, []).append(time.perf_counter() - began)

    async def _next(self) -> datetime | None:
        """When something comes in or falls due; what is due already waits for its lane."""
        query = select(JobRow.run_after).where(JobRow.state == "ready", JobRow.kind != "draft_due")
        async with reading(self.engine) as session:
            due = (await session.exec(query.order_by(col(JobRow.run_after)).limit(1))).first()
        coming = START + timedelta(seconds=self.told[0].at) if self.told else None
        return min((moment for moment in (due, coming) if moment is not None), default=None)

    async def begin_incident(self) -> None:
        row = await opening.open_incident(
            self.service, self.boss, brand=BRAND, title="Website is down", match=MATCH, known=KNOWN
        )
        self.incident = row.id

    async def confirm(self) -> int:
        """Confirm all that is listed; how many."""
        query = select(IncidentCaseRow.id).where(IncidentCaseRow.state == "listed")
        async with reading(self.engine) as session:
            seen = (await session.exec(query)).all()
        return (await confirming.confirm(self.service, self.boss, self.incident, seen)).confirmed if seen else 0

    async def approve(self, said: Mapping[str, str], purpose: Purpose) -> dict[str, str]:
        """Texts that two people have approved; their digests by language."""
        digests = {}
        for language, text in said.items():
            promises = purpose is Purpose.ANSWER
            due = START + timedelta(hours=6) if promises else None
            new = NewText(language, text, purpose, promises_update=promises, update_due=due)
            row = await write_text(self.service, self.boss, self.incident, new)
            yes = Yes(row.digest, confirmed=True, override="everybody is told the same")
            await approving.approve_text(self.service, self.boss, self.incident, row.id, yes)
            await approving.approve_text(self.service, self.other, self.incident, row.id, yes)
            digests[language] = row.digest
        return digests

    async def version(self) -> int:
        async with reading(self.engine) as session:
            row = await find_incident(session, self.incident)
        assert row is not None
        return row.version

    async def queue(self) -> list[DraftRow]:
        async with reading(self.engine) as session:
            return await queue_page(session, Wanted({BRAND}, frozenset(WAITING)), after=None, limit=10_000)


async def weather(engine: AsyncEngine, desk: Desk, *, posts: int, seconds: float) -> dict[str, Any]:
    """Let the storm go over; what became of its posts."""
    told = storm(posts, seconds)
    storming = await Storm(engine, desk, deque(told)).open()
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


async def _main(posts: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = await open_database(Path(folder) / "storm.db")
        try:
            async with open_desk(Settings(model=None)) as desk:
                figures = await weather(engine, desk, posts=posts, seconds=seconds)
        finally:
            await engine.dispose()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.storm", description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    asyncio.run(_main(asked.posts, asked.seconds))
