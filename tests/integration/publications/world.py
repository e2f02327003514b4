"""One account on a network in memory, a customer's post, and drafts of answers that are approved and sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels.protocol import Channel
from server.db import reading, writing
from server.drafts.digests import digest
from server.jobs import claims
from server.jobs.claims import Claimed, Holder, LeaseLost
from server.jobs.lanes import limit_of
from server.models import (
    AccountRow,
    ApprovalRow,
    CaseRow,
    DecisionRow,
    DraftRow,
    EventRow,
    JobRow,
    LaneRow,
    PostRow,
    PublicationRow,
    ThreadRow,
)
from server.models.ids import new_id
from server.promises.overdue import look_at_due
from server.publications.publishing import publish
from server.publications.sending import send
from server.publications.withdrawing import withdraw_corrected
from server.service import Service
from server.settings import Settings
from tests.fakes.jobs import HandClock
from tests.fakes.network import FakeChannel, FakeNetwork, ProcessDied

HANDLERS = {"send": send, "withdraw": withdraw_corrected, "promise_due": look_at_due}
UNDO = timedelta(seconds=10)
PUBLIC = "Thanks for telling us. We have sent you a private message."
PRIVATE = "Order FH-10423 left our warehouse on Thursday."


class World:
    """The people's and the network's side of sending, for tests to act on and look at."""

    def __init__(self, engine: AsyncEngine, **settings: Any) -> None:
        self.engine = engine
        self.clock = HandClock()
        self.network = FakeNetwork(self.clock)
        # for drafts that rest on nothing but posts
        self.desk = SimpleNamespace(ports=None, guidance=SimpleNamespace(brands=()))
        desk = cast(Any, self.desk)
        writer = cast(Any, None)
        self.service = Service(Settings(**settings), engine, self.clock, desk, self.channel, lambda: None, writer)
        self._worker = 0

    def channel(self, account: AccountRow) -> Channel:
        return FakeChannel(self.network, account)

    async def open(self) -> "World":
        """The accounts; nobody has written yet."""
        async with writing(self.engine) as session:
            for id_, channel, handle in (("acc-x", "x", "FernhollowHelp"), ("acc-m", "mastodon", "fernhollow")):
                account = AccountRow(
                    id=id_, brand="fernhollow", channel=channel, adapter="fake", handle=handle, settings={}, hours={},
                    created_at=self.clock(),
                )  # fmt: skip
                session.add(account)
        return self

    async def approve(
        self, public: str | None = PUBLIC, private: str | None = None, *, account: str = "acc-x",
        undo: timedelta = UNDO, author: str = "anna", **more: Any,
    ) -> str:  # fmt: skip
        """A customer writes, an answer is drafted and approved; the draft's id."""
        draft = await self.draft(public, private, account=account, author=author)
        await self.approve_draft(draft, undo=undo, **more)
        return draft

    async def draft(
        self, public: str | None, private: str | None, *, account: str = "acc-x", author: str = "anna"
    ) -> str:
        now = self.clock()
        told = self.network.write(author, "Where is my tent?")
        of = {"brand": "fernhollow", "account": account}
        thread = ThreadRow(id=new_id("thread"), network_id=told.id, created_at=now, **of)
        who = {"author": author, "folded_author": author}
        post = PostRow(
            id=new_id("post"), thread=thread.id, network_id=told.id, role="customer", text=told.text, sent_at=now,
            received_at=now, **of, **who,
        )  # fmt: skip
        case = CaseRow(id=new_id("case"), thread=thread.id, opened_at=now, updated_at=now, **of, **who)
        draft = DraftRow(
            id=new_id("draft"), case=case.id, state="pending", target_post=post.id, target_version=1,
            public_text=public, private_text=private, claims=[], findings=[],
            record={"brand": "fernhollow", "channel": "x", "evidence": []}, created_at=now, updated_at=now, **of,
        )  # fmt: skip
        async with writing(self.engine) as session:
            for row in (thread, post, case, draft):
                session.add(row)
                await session.flush()
        return draft.id

    async def approve_draft(
        self, draft_id: str, *, undo: timedelta = UNDO, approved: Mapping[str, str] | None = None, **more: Any
    ) -> list[PublicationRow]:
        """Approve the draft as it stands, or the texts `approved`, and hand it over."""
        now = self.clock()
        async with writing(self.engine) as session:
            draft = await session.get_one(DraftRow, draft_id)
            account = await session.get_one(AccountRow, draft.account)
            post = await session.get_one(PostRow, draft.target_post)
            approvals = [
                _approval(draft, account, post, part, text, now)
                for part, text in (approved or {"private": draft.private_text, "public": draft.public_text}).items()
                if text
            ]
            session.add_all(approvals)
            draft.state = "approved"
            draft.version += 1
            await session.flush()
            return await publish(session, draft, approvals, account, post, now, undo=undo, **more)

    async def approve_beside(self, draft_id: str, text: str) -> str:
        """Another draft in answer to the same post, approved as well."""
        async with writing(self.engine) as session:
            first = await session.get_one(DraftRow, draft_id)
            values = first.model_dump() | {"id": new_id("draft"), "state": "pending", "public_text": text}
            session.add(DraftRow(**values))
        await self.approve_draft(values["id"])
        return str(values["id"])

    async def edit_draft(self, draft_id: str, **texts: str | None) -> None:
        async with writing(self.engine) as session:
            draft = await session.get_one(DraftRow, draft_id)
            for name, text in texts.items():
                setattr(draft, name, text)

    async def run(self, *, seconds: float = 0) -> None:
        """Let that much time pass, and workers do whatever falls due in it."""
        end = self.clock() + timedelta(seconds=seconds)
        while True:
            claimed = await self.claim()
            for job in claimed:
                await self.work(job)
            due = await self._next_due()
            if due is None or due > end:
                break
            # what is due and was not claimed waits for its lane's pace, which only time gives
            self.clock.now = max(self.clock.now + (timedelta() if claimed else timedelta(seconds=1)), due)
        self.clock.now = max(end, self.clock.now)

    async def claim(self) -> list[Claimed]:
        self._worker += 1
        holder = Holder(f"w{self._worker}", Counter(), partial(limit_of, settings=self.service.settings))
        return await claims.claim(self.engine, holder, 1, self.clock())

    async def work(self, job: Claimed) -> None:
        """What a worker does with a job; one that dies leaves its lease behind."""
        try:
            await HANDLERS[job.kind](self.service, job)
        except ProcessDied:
            # the network was told to end the process here: another worker may have the job when its lease is over
            self.clock.turn(seconds=claims.LEASE.total_seconds() + 1)
        except LeaseLost:
            # a worker leaves it to whoever has it by now
            row = await self.get(JobRow, job.id)
            assert row.fence > job.fence or row.state == "ready", "nobody took it over: it was lost by a mistake"
        except ArithmeticError as fault:
            after = self.clock() + timedelta(seconds=30)
            await claims.put_off(self.engine, job, self.clock(), after=after, words=str(fault))

    async def _next_due(self) -> Any:
        async with reading(self.engine) as session:
            ready = (await session.exec(select(JobRow).where(JobRow.state == "ready"))).all()
            running = (await session.exec(select(JobRow).where(JobRow.state == "running"))).all()
            lanes = {lane.lane: lane.blocked_until for lane in await session.exec(select(LaneRow))}
        times = [max(job.run_after, lanes.get(job.lane) or job.run_after) for job in ready]
        times += [job.leased_until for job in running if job.leased_until]
        return min((time for time in times), default=None)

    async def publications(self, draft: str | None = None) -> list[PublicationRow]:
        query = select(PublicationRow).order_by(col(PublicationRow.id))
        async with reading(self.engine) as session:
            rows = (await session.exec(query)).all()
        return [row for row in rows if draft is None or row.draft == draft]

    async def states(self, draft: str) -> dict[str, str]:
        """Where the newest publication of each part stands."""
        return {row.part: row.state for row in await self.publications(draft)}

    async def get(self, kind: type[Any], id_: str) -> Any:
        async with reading(self.engine) as session:
            return await session.get(kind, id_)

    async def decisions(self, draft: str) -> list[DecisionRow]:
        async with reading(self.engine) as session:
            query = select(DecisionRow).where(DecisionRow.draft == draft).order_by(col(DecisionRow.id))
            return list((await session.exec(query)).all())

    async def approvals(self, session: AsyncSession, draft: str) -> Sequence[ApprovalRow]:
        query = select(ApprovalRow).where(ApprovalRow.draft == draft, col(ApprovalRow.voided_at).is_(None))
        return (await session.exec(query)).all()

    async def posts(self) -> list[PostRow]:
        async with reading(self.engine) as session:
            return list((await session.exec(select(PostRow).order_by(col(PostRow.id)))).all())

    async def events(self) -> list[str]:
        async with reading(self.engine) as session:
            return [event.kind for event in await session.exec(select(EventRow).order_by(col(EventRow.id)))]


def _approval(draft: DraftRow, account: AccountRow, post: PostRow, part: str, text: str, now: Any) -> ApprovalRow:
    bound = digest(
        brand=draft.brand, account=account.id, reply_to=post.network_id, recipient=post.author, part=part, text=text
    )
    return ApprovalRow(
        id=new_id("approval"),
        brand=draft.brand,
        draft=draft.id,
        part=part,
        step=1,
        digest=bound,
        staff="staff_1",
        at=now,
    )
