"""A service over a real database with a small shop behind it: posts come in, drafts are written, the clock is ours."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from assistant.guidance import Guidance
from assistant.intents import IntentRecogniser
from assistant.model_round import ModelWriter, Translator
from assistant.turn import Desk
from server.channels.intake import take
from server.channels.protocol import Happened, Incoming
from server.db import reading, writing
from server.drafts.alarm import look_at_new
from server.drafts.deadlines import look_again
from server.drafts.deciding import Seen, read_draft
from server.drafts.drafting import draft_case
from server.jobs.claims import Claimed, Holder, claim, finish
from server.jobs.lanes import Limit
from server.models import (
    AccountRow,
    ApprovalRow,
    CaseRow,
    DecisionRow,
    DraftRow,
    EventRow,
    PostRow,
    StaffBrandRow,
    StaffRow,
)
from server.policies.files import load_guidance
from server.service import Service
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.writer import SqlShopWriter
from server.staff.roles import PERMISSIONS, Caller, Role
from tests.fakes.policies import MemoryDestinations, MemoryPassages
from tests.fakes.shop import MemoryConversations, MemoryCustomers, MemoryOrders, MemoryPromises
from tests.fakes.small_shop import ANN, BOB, BOBS, EARLIER, JACKET, LATE, NOW, PASSAGES, PLACES
from tests.fakes.vectors import HashVectors
from tools.ports import Ports

QUIET = timedelta(minutes=3)
BRAND = "fernhollow"
KNOWN, STRANGER = "annwood", "nobody.knows"


@cache
def shipped_guidance() -> Guidance:
    return load_guidance(SHIPPED_KNOWLEDGE)


@cache
def recogniser() -> IntentRecogniser:
    return IntentRecogniser(shipped_guidance().intents, HashVectors())


def person(name: str, role: Role = Role.SUPERVISOR, *, brands: Sequence[str] = (BRAND,), **more: Any) -> Caller:
    return Caller(
        f"staff_{name}", name.title(), role, frozenset(brands), PERMISSIONS[role], **{"languages": ("en",), **more}
    )


@dataclass
class CaseWorld:
    """Everything a test of drafts touches. `shop` holds the ports, which a test may change or take down."""

    engine: AsyncEngine
    model: ModelWriter | None = None
    translate: Translator | None = None
    now: datetime = NOW
    posts: int = 0
    shop: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shop = {
            "customers": MemoryCustomers([ANN, BOB]),
            "orders": MemoryOrders([LATE, EARLIER, BOBS], [JACKET]),
            "promises": MemoryPromises(),
            "conversations": MemoryConversations(),
            "passages": MemoryPassages(PASSAGES),
            "destinations": MemoryDestinations(PLACES),
        }
        desk = Desk(
            Ports(**self.shop, vectors=HashVectors()),
            shipped_guidance(),
            recogniser(),
            lambda: self.now,
            model=self.model,
            translate=self.translate,
        )
        self.service = Service(
            settings=Settings(),
            engine=self.engine,
            clock=lambda: self.now,
            desk=desk,
            channel=_no_network,
            wake=lambda: None,
            writer=SqlShopWriter(self.engine, SHIPPED_KNOWLEDGE, lambda: self.now),
        )

    async def open(self) -> "CaseWorld":
        """Add the account and the people."""
        people = {name: role for role in Role for name in (role.value, f"{role.value}-2")}
        async with writing(self.engine) as session:
            session.add(self.account)
            for name, role in people.items():
                row = StaffRow(
                    id=f"staff_{name}",
                    email=f"{name}@example.com",
                    name=name.title(),
                    initials="XX",
                    role=role,
                    languages=["en"],
                    created_at=self.now,
                )
                session.add(row)
                await session.flush()
                session.add(StaffBrandRow(staff=row.id, brand=BRAND))
        return self

    @property
    def account(self) -> AccountRow:
        return AccountRow(
            id="account_x",
            brand=BRAND,
            channel="x",
            adapter="simulated",
            handle="FernhollowHelp",
            settings={},
            hours={},
            created_at=self.now,
        )

    async def post(self, text: str, author: str = KNOWN, *, thread: str = "t1", **more: Any) -> str:
        """The network tells of a new post; its id there."""
        self.posts += 1
        name = f"{thread}-{self.posts}"
        await self.tell(Incoming(name, thread, author, text, self.now, **more))
        return name

    async def edit(self, name: str, text: str, author: str = KNOWN, *, thread: str = "t1") -> None:
        await self.tell(Incoming(name, thread, author, text, self.now, Happened.EDITED))

    async def delete(self, name: str, author: str = KNOWN, *, thread: str = "t1") -> None:
        await self.tell(Incoming(name, thread, author, "", self.now, Happened.DELETED))

    async def tell(self, *incoming: Incoming) -> None:
        async with writing(self.engine) as session:
            account = await session.get(AccountRow, "account_x")
            assert account is not None
            await take(session, account, incoming, self.now, quiet=QUIET)

    def wait(self, length: timedelta = QUIET) -> None:
        self.now += length

    async def due(self) -> list[Claimed]:
        """Claim every job that is due."""
        holder = Holder("test", Counter(), lambda lane: Limit())
        return await claim(self.engine, holder, 100, self.now)

    async def work(self) -> int:
        """Do every job of drafts that is due; how many were done, but for looks at new posts."""
        done = 0
        while jobs := await self.due():
            for job in jobs:
                done += job.kind != "draft_alarm"
                if job.kind == "draft_alarm":
                    await look_at_new(self.service, job)
                elif job.kind == "draft":
                    await draft_case(self.service, job)
                elif job.kind == "draft_due":
                    await look_again(self.service, job)
                else:
                    async with writing(self.engine) as session:
                        await finish(session, job, self.now)
        return done

    async def drafted(self, text: str, author: str = KNOWN, *, thread: str = "t1", **more: Any) -> DraftRow:
        """A post has come in and its draft is there."""
        await self.post(text, author, thread=thread, **more)
        self.wait()
        await self.work()
        return await self.newest(author, thread=thread)

    async def newest(self, author: str = KNOWN, *, thread: str = "t1") -> DraftRow:
        del thread
        async with reading(self.engine) as session:
            query = (
                select(DraftRow)
                .join(CaseRow, col(CaseRow.id) == DraftRow.case)
                .where(CaseRow.author == author)
                .order_by(col(DraftRow.created_at).desc(), col(DraftRow.id).desc())
            )
            return (await session.exec(query)).first() or _fail(f"no draft for {author}")

    async def seen(self, draft: str, by: Caller | None = None) -> Seen:
        """What somebody sees who looks at the draft now."""
        async with reading(self.engine) as session:
            opened = await read_draft(session, by or person("anybody"), draft)
        return Seen(opened.draft.version, opened.digests)

    async def draft(self, draft: str) -> DraftRow:
        async with reading(self.engine) as session:
            return await session.get(DraftRow, draft) or _fail(f"no draft {draft}")

    async def rows(self, table: Any, **equal: Any) -> list[Any]:
        async with reading(self.engine) as session:
            query = select(table)
            for name, value in equal.items():
                query = query.where(getattr(table, name) == value)
            return list((await session.exec(query)).all())

    async def case(self, author: str = KNOWN) -> CaseRow:
        [row] = await self.rows(CaseRow, author=author)
        return row

    async def decisions(self, draft: str) -> list[DecisionRow]:
        rows = await self.rows(DecisionRow, draft=draft)
        return sorted(rows, key=lambda row: (row.at, (row.after or {}).get("version", 0)))

    async def approvals(self, draft: str) -> list[ApprovalRow]:
        return await self.rows(ApprovalRow, draft=draft)

    async def events(self) -> list[str]:
        return [row.kind for row in await self.rows(EventRow)]

    async def stored(self, network_id: str) -> PostRow:
        [row] = await self.rows(PostRow, network_id=network_id)
        return row


def changed_order(**changes: Any) -> Any:
    """Ann's late order, otherwise."""
    return replace(LATE, **changes)


def _no_network(account: AccountRow) -> Any:
    raise AssertionError(f"nothing of drafts asks the network of {account.id}")


def _fail(words: str) -> Any:
    raise AssertionError(words)
