"""A case from the customer's post to what is owed: drafted, approved over HTTP, sent, kept or overdue."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from server.actions.carrying_out import carry_out
from server.channels.protocol import Incoming
from server.db import writing
from server.drafts.deadlines import look_again
from server.drafts.drafting import draft_case
from server.jobs.claims import finish
from server.models import DraftRow, JobRow, PromiseRow, PublicationRow
from server.promises.overdue import look_at_due
from server.publications.sending import send
from server.publications.withdrawing import withdraw_corrected
from server.shop.ports import SqlPromises
from tests.fakes.cases import KNOWN, QUIET, CaseWorld, person
from tests.fakes.network import FakeChannel, FakeNetwork
from tests.integration.drafts.http import Desk
from tools.ports import Ports

HANDLERS = {
    "act": carry_out,
    "draft": draft_case,
    "draft_due": look_again,
    "promise_due": look_at_due,
    "send": send,
    "withdraw": withdraw_corrected,
}
REP, OTHER = person("supervisor"), person("supervisor-2")


class PromiseWorld(CaseWorld):
    """Promises are read from the database, and texts leave for a network in memory."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.network = FakeNetwork(lambda: self.now)
        shop: dict[str, Any] = {**self.shop, "promises": SqlPromises(engine)}
        desk = replace(self.service.desk, ports=Ports(**shop, vectors=self.service.desk.ports.vectors))
        self.service = replace(self.service, desk=desk, channel=lambda account: FakeChannel(self.network, account))

    async def asked(self, text: str, author: str = KNOWN, *, thread: str | None = None) -> DraftRow:
        """The author writes; their draft."""
        post = self.network.write(author, text)
        await self.tell(Incoming(post.id, thread or post.id, author, text, self.now))
        await self.pass_time(QUIET)
        return await self.newest(author)

    async def pass_time(self, length: timedelta) -> None:
        """Let that much time pass, and workers do whatever falls due in it."""
        end = self.now + length
        while True:
            await self.work()
            due = await self._next_due()
            if due is None or due > end:
                break
            self.now = max(self.now + timedelta(seconds=1), due)
        self.now = max(self.now, end)

    async def work(self) -> int:
        done = 0
        while jobs := await self.due():
            for job in jobs:
                done += 1
                if job.kind in HANDLERS:
                    await HANDLERS[job.kind](self.service, job)
                else:
                    async with writing(self.engine) as session:
                        await finish(session, job, self.now)
        return done

    async def _next_due(self) -> Any:
        return min((job.run_after for job in await self.rows(JobRow, state="ready")), default=None)

    async def answer(self, desk: Desk, draft: str, text: str) -> PublicationRow:
        """A person sends these words in place of the draft's."""
        edited = await desk.decide(REP, draft, "edit", public_text=text, private_text=None)
        assert edited.status_code == 200, edited.text
        for who in (REP, OTHER):
            sent = await desk.decide(who, draft, "approve", confirmed=True, override="known")
            assert sent.status_code == 200, sent.text
            if sent.json()["state"] == "approved":
                break
        await self.pass_time(timedelta(minutes=1))
        [publication] = [row for row in await self.rows(PublicationRow, draft=draft) if row.part == "public"]
        assert publication.state == "sent", publication.error
        return publication

    async def promises(self, **equal: Any) -> list[PromiseRow]:
        rows: list[PromiseRow] = await self.rows(PromiseRow, **equal)
        return sorted(rows, key=lambda row: (row.made_at, row.sentence or 0))
