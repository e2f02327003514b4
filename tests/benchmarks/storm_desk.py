"""The desk in a storm: a clock that goes on by what the work takes, one worker, a supervisor and a colleague."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from assistant.turn import Desk
from server.channels.intake import take
from server.channels.protocol import Channel, Incoming
from server.db import reading, writing
from server.drafts.endpoints import WAITING
from server.drafts.queue_repository import Wanted, queue_page
from server.incidents import approving, confirming, opening
from server.incidents.approving import Yes
from server.incidents.opening import Match
from server.incidents.repository import find_incident
from server.incidents.states import Purpose
from server.incidents.texts import NewText, write_text
from server.jobs.claims import Claimed, Holder, claim, end
from server.jobs.lanes import limit_of
from server.jobs.worker import HANDLERS
from server.models import AccountRow, DraftRow, IncidentCaseRow, JobRow
from server.service import Service
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.writer import SqlShopWriter
from server.staff.roles import PERMISSIONS, Caller, Role
from tests.benchmarks.storm_posts import Told
from tests.fakes.network import FakeChannel, FakeNetwork

BRAND, ACCOUNT = "fernhollow", "account_x"
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

    @classmethod
    async def begin(cls, engine: AsyncEngine, desk: Desk, told: Iterable[Told]) -> Self:
        """The account is there, and the clock goes."""
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
        async with writing(engine) as session:
            if await session.get(AccountRow, ACCOUNT) is None:
                session.add(account)
        return cls(engine, desk, deque(told))

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
