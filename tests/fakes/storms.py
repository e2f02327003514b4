"""A world in which many write about one thing: posts come in, every job is done by its handler, texts go out."""

from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from server.channels.protocol import Channel, Incoming
from server.db import reading
from server.drafts.endpoints import WAITING
from server.drafts.queue_repository import Wanted, queue_page
from server.jobs.claims import Claimed, LeaseLost, end
from server.jobs.worker import HANDLERS
from server.models import AccountRow, CaseRow, DraftRow
from tests.fakes.cases import BRAND, CaseWorld
from tests.fakes.network import FakeChannel, FakeNetwork


@dataclass
class StormWorld(CaseWorld):
    """`CaseWorld` with a network on which customers' posts stand, and with everything that a worker does."""

    network: FakeNetwork = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.network = FakeNetwork(lambda: self.now)
        self.service = replace(self.service, channel=self._channel)

    def _channel(self, account: AccountRow) -> Channel:
        return FakeChannel(self.network, account)

    async def work(self) -> int:
        """Do every job that is due, whatever it is; how many were done."""
        done = 0
        while jobs := await self.due():
            for job in jobs:
                done += 1
                await self.do(job)
        return done

    async def do(self, job: Claimed) -> None:
        """What a worker does with a job."""
        module, name = HANDLERS[job.kind].split(":")
        try:
            await getattr(import_module(module), name)(self.service, job)
            await end(self.engine, job, self.now)
        except LeaseLost:
            return

    async def written(self, text: str, author: str, *, thread: str | None = None, **more: Any) -> str:
        """A customer's post, on the network and told to us; its id there."""
        post = self.network.write(author, text)
        await self.tell(Incoming(post.id, thread or post.id, author, text, self.now, **more))
        return post.id

    async def queue(self) -> list[DraftRow]:
        """What waits for people, as the queue shows it."""
        async with reading(self.engine) as session:
            return await queue_page(session, Wanted({BRAND}, frozenset(WAITING)), after=None, limit=10_000)

    async def case_of(self, draft: DraftRow) -> CaseRow:
        """The draft's case."""
        [row] = await self.rows(CaseRow, id=draft.case)
        return row
