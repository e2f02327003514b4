"""A shop of this test's own over a real database, people who propose and approve, and workers that carry out."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from server.actions import approving, carrying_out, falling
from server.actions.consent import Consent
from server.actions.kinds import ActionKind
from server.actions.proposing import Proposed, propose
from server.channels.intake import take
from server.channels.linked_customers import LinkedCustomers
from server.channels.protocol import Incoming
from server.db import reading, writing
from server.jobs import claims
from server.jobs.lanes import Limit
from server.models import (
    AccountRow,
    ActionDecisionRow,
    ActionRow,
    CarriedOutRow,
    CaseRow,
    CustomerRow,
    EventRow,
    HandleRow,
    ImportRow,
    JobRow,
    OrderRow,
    PostRow,
    ProductRow,
    StaffBrandRow,
    StaffRow,
    ThreadRow,
)
from server.service import Service
from server.settings import Settings
from server.shop.ports import SqlCustomers, SqlOrders
from server.shop.rows import customer_row, handle_rows, order_row, product_row
from server.shop.writer import SqlShopWriter
from server.staff.roles import Caller, Role
from tests.fakes.cases import person
from tests.fakes.jobs import NOON

HANDLERS = {"act": carrying_out.carry_out, "action_due": falling.expire}
YES = Consent("Yes, please do that.", "call 8812")
ANN: dict[str, Any] = {
    "id": "C-1",
    "name": "Ann Wood",
    "handles": [{"channel": "x", "handle": "annwood", "known": "verified"}],
    "payment_methods": [
        {"id": "card-1", "kind": "credit_card", "last_four": "4242"},
        {"id": "gift-1", "kind": "gift_card", "balance": 500, "currency": "GBP"},
    ],
}
BEN: dict[str, Any] = {"id": "C-2", "name": "Ben Hill"}
JACKET: dict[str, Any] = {
    "id": "jacket",
    "title": "Jacket",
    "variants": [
        {"sku": "jacket-s", "options": {"size": "S"}, "price": 9000, "currency": "GBP", "available": True},
        {"sku": "jacket-m", "options": {"size": "M"}, "price": 9500, "currency": "GBP", "available": True},
    ],
}


def order(number: str, status: str = "pending", customer: str = "C-1", **more: Any) -> dict[str, Any]:
    line = {"id": "1", "product": "jacket", "sku": "jacket-s", "title": "Jacket", "quantity": 1, "unit_price": 9000}
    return {
        "id": number,
        "customer": customer,
        "status": status,
        "currency": "GBP",
        "placed_at": "2026-11-01T09:00:00Z",
        "lines": [line],
        "payments": [{"id": f"pay-{number}", "kind": "payment", "amount": 9000, "method": "card-1"}],
        **more,
    }


class ActionWorld:
    """`clock.now` is what everybody's clock shows."""

    def __init__(self, engine: AsyncEngine, knowledge: Path, writer: Any = None, **settings: Any) -> None:
        self.engine, self.now = engine, NOON
        ports = SimpleNamespace(customers=LinkedCustomers(SqlCustomers(engine), engine), orders=SqlOrders(engine))
        nothing = cast(Any, None)
        self.shop = SqlShopWriter(engine, knowledge, lambda: self.now)
        self.service = Service(
            Settings(knowledge=knowledge, **settings),
            engine,
            lambda: self.now,
            cast(Any, SimpleNamespace(ports=ports)),
            nothing,
            lambda: None,
            writer or self.shop,
        )
        self.rep, self.social = person("rep", Role.REP), person("social", Role.SOCIAL)
        self.supervisor, self.admin = person("supervisor"), person("admin", Role.ADMIN)

    async def open(self, *orders: dict[str, Any], brand: str | None = "fernhollow") -> "ActionWorld":
        async with writing(self.engine) as session:
            started = ImportRow(source="test", started_at=self.now, switched_at=self.now)
            session.add(started)
            await session.flush()
            assert started.id is not None
            of = {"brand": brand} if brand else {}
            session.add_all(CustomerRow(**customer_row({**one, **of}, started.id)) for one in (ANN, BEN))
            session.add(ProductRow(**product_row({**JACKET, **of}, started.id)))
            await session.flush()
            session.add_all(HandleRow(**row) for row in handle_rows({**ANN, **of}, started.id))
            session.add_all(OrderRow(**order_row({**one, **of}, started.id)) for one in orders)
            for who in (self.rep, self.social, self.supervisor, self.admin):
                session.add(_staff(who, self.now))
                await session.flush()
                session.add(StaffBrandRow(staff=who.id, brand="fernhollow"))
        return self

    async def propose(
        self, kind: ActionKind | str, consent: Consent | None = YES, customer: str = "C-1", case: str | None = None,
        who: Caller | None = None, **arguments: Any,
    ) -> ActionRow:  # fmt: skip
        proposed = Proposed(customer, ActionKind(kind), arguments, consent, case=case)
        return await propose(self.service, who or self.rep, proposed)

    async def approve(self, action: ActionRow | str, who: Caller | None = None) -> ActionRow:
        id_ = action if isinstance(action, str) else action.id
        return await approving.approve(self.service, who or self.rep, id_)

    async def done(self, kind: ActionKind | str, **arguments: Any) -> ActionRow:
        """Proposed, approved and carried out."""
        action = await self.propose(kind, **arguments)
        await self.approve(action, self.admin)
        await self.work()
        return await self.get(action.id)

    async def work(self, *, seconds: float = 0) -> None:
        """Let that much time pass, and workers do whatever falls due in it."""
        end = self.now + timedelta(seconds=seconds)
        while True:
            for job in await self.claim():
                await self.carry(job)
            due = await self._next_due()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
        self.now = max(self.now, end)

    async def claim(self) -> list[claims.Claimed]:
        holder = claims.Holder("w", Counter(), lambda _lane: Limit())
        return await claims.claim(self.engine, holder, 10, self.now)

    async def carry(self, job: claims.Claimed) -> None:
        if job.kind in HANDLERS:
            await HANDLERS[job.kind](self.service, job)
        await claims.end(self.engine, job, self.now)

    async def _next_due(self) -> datetime | None:
        async with reading(self.engine) as session:
            jobs = (await session.exec(select(JobRow).where(col(JobRow.state).in_(["ready", "running"])))).all()
        times = [job.run_after if job.state == "ready" else job.leased_until for job in jobs]
        return min((time for time in times if time is not None), default=None)

    async def get(self, action: str) -> ActionRow:
        async with reading(self.engine) as session:
            return await session.get_one(ActionRow, action)

    async def order(self, number: str) -> OrderRow:
        async with reading(self.engine) as session:
            return (await session.exec(select(OrderRow).where(OrderRow.id == number))).one()

    async def customer(self, id_: str = "C-1") -> CustomerRow:
        async with reading(self.engine) as session:
            return (await session.exec(select(CustomerRow).where(CustomerRow.id == id_))).one()

    async def carried_out(self) -> list[CarriedOutRow]:
        async with reading(self.engine) as session:
            return list((await session.exec(select(CarriedOutRow).order_by(col(CarriedOutRow.at)))).all())

    async def events(self, subject: str) -> list[str]:
        async with reading(self.engine) as session:
            query = select(EventRow).where(EventRow.subject == subject).order_by(col(EventRow.id))
            return [row.kind for row in (await session.exec(query)).all()]

    async def history(self, action: str) -> list[ActionDecisionRow]:
        async with reading(self.engine) as session:
            query = select(ActionDecisionRow).where(ActionDecisionRow.action == action)
            return list((await session.exec(query.order_by(col(ActionDecisionRow.id)))).all())

    async def write(
        self, text: str, *, author: str = "annwood", network_id: str = "n1", thread: str = "n1"
    ) -> tuple[str, str]:
        """A customer has written; the post and their case."""
        async with writing(self.engine) as session:
            account = await session.get(AccountRow, "acc-x")
            if account is None:
                account = AccountRow(
                    id="acc-x", brand="fernhollow", channel="x", adapter="fake", handle="FernhollowHelp", settings={},
                    hours={}, created_at=self.now,
                )  # fmt: skip
                session.add(account)
                await session.flush()
            one = Incoming(network_id=network_id, thread=thread, author=author, text=text, sent_at=self.now)
            await take(session, account, [one], self.now, quiet=timedelta(minutes=3))
        async with reading(self.engine) as session:
            post = (await session.exec(select(PostRow).where(PostRow.network_id == network_id))).one()
            thread = await session.get_one(ThreadRow, post.thread)
            case = (await session.exec(select(CaseRow).where(CaseRow.thread == thread.id))).first()
        return post.id, case.id if case else ""


def _staff(who: Caller, now: datetime) -> StaffRow:
    assert who.role is not None
    return StaffRow(
        id=who.id, name=who.name, initials="", role=who.role, languages=[], email=f"{who.id}@x.example", created_at=now
    )
