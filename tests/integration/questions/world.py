"""A shop of this test's own, customers who call, and reps with a question for each of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.guidance import Brand, Question
from server.db import reading, writing
from server.models import ConversationRow, CustomerFactRow, QuestionOfferRow, SuggestionRow
from server.models.ids import new_id
from server.questions import asking
from server.questions.admitting import Value
from server.questions.choosing import Chosen, choose_question
from server.questions.known import with_answers
from server.questions.seeding import seed_questions
from server.questions.states import SkipReason
from server.settings import Settings
from server.staff.roles import Caller, Role
from tests.fakes.cases import CaseWorld, person
from tests.fakes.shop import MemoryConversations, MemoryCustomers, MemoryOrders, MemoryPromises
from tools.ports import Ports
from tools.records import Customer, Handle, Known, Money, Order, OrderLine, OrderStatus, Product, Shipment

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
REP, OTHER = person("rep", Role.REP), person("rep-2", Role.REP)
TENT = Product("ridge", "Ridge 2", (), "fernhollow", "tents")
BOOTS = Product("scarp", "Scarp Mid", (), "fernhollow", "boots")


def question(name: str, **fields: Any) -> Question:
    """A question that anybody may be asked who has bought something of late, unless `fields` say otherwise."""
    told: dict[str, Any] = {
        "id": name,
        "text": {"en": f"What of {name}?", "de": f"Was ist mit {name}?"},
        "why": "We want to know.",
        "fact": name.replace("-", "_"),
        "purpose": "advice",
        "worth": 5,
        "ask_when": {"moment": "delivered"},
        "cap_per_day": 100,
    }
    return Question.model_validate(told | fields)


USE = question("main-use", text={"en": "What is the {product} for?", "de": "{product}: wofür?"})


def customer(number: int | str = 1, **fields: Any) -> Customer:
    told: dict[str, Any] = {
        "id": f"C-{number}",
        "name": "Ann Wood",
        "brand": "fernhollow",
        "language": "en",
        "emails": (f"ann{number}@example.com",),
        "handles": (Handle("x", f"ann{number}", Known.VERIFIED),),
    }
    return Customer(**(told | fields))


def order(who: Customer, product: Product = TENT, *, days_ago: float = 10, **fields: Any) -> Order:
    """It arrived in time, `days_ago`."""
    at = NOW - timedelta(days=days_ago)
    parcel = Shipment("S1", ("1",), promised=at.date(), shipped_at=at - timedelta(days=2), delivered_at=at)
    told: dict[str, Any] = {
        "id": f"FH-{who.id}-{product.id}",
        "customer": who.id,
        "status": OrderStatus.DELIVERED,
        "currency": "GBP",
        "lines": (OrderLine("1", product.title, 1, Money(20000, "GBP"), product.id),),
        "brand": who.brand,
        "placed_at": at - timedelta(days=4),
        "shipments": (parcel,),
    }
    return Order(**(told | fields))


def late(who: Customer) -> Order:
    """It was promised for yesterday and is on its way."""
    parcel = Shipment("S1", ("1",), promised=(NOW - timedelta(days=1)).date(), shipped_at=NOW - timedelta(days=5))
    return order(who, id=f"FH-{who.id}-late", status=OrderStatus.SHIPPED, shipments=(parcel,))


class _AnsweringCustomers(MemoryCustomers):
    """Customers in memory, and what they have answered in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__()
        self._engine = engine

    async def get(self, customer: str) -> Customer | None:
        found = await super().get(customer)
        async with reading(self._engine) as session:
            return await with_answers(session, found) if found is not None else None


class QuestionWorld(CaseWorld):
    """Calls and questions, over the shop's ports in memory."""

    def __init__(self, engine: AsyncEngine, home: Path) -> None:
        super().__init__(engine, now=NOW)
        self.customers = _AnsweringCustomers(engine)
        self.orders = MemoryOrders([], [TENT, BOOTS])
        self.promises, self.past = MemoryPromises(), MemoryConversations()
        self.shop |= {
            "customers": self.customers,
            "orders": self.orders,
            "promises": self.promises,
            "conversations": self.past,
        }
        desk = self.service.desk
        guidance = desk.guidance.model_copy(update={"brands": (*desk.guidance.brands, Brand(id="oak", name="Oak"))})
        desk = replace(desk, ports=Ports(**self.shop, vectors=desk.ports.vectors), guidance=guidance)
        self.service = replace(self.service, desk=desk, settings=Settings(home=home))

    async def ask_of(self, *questions: Question) -> None:
        """These are what the company wants to learn."""
        async with writing(self.engine) as session:
            await seed_questions(session, questions, self.now)

    def sell(self, who: Customer, *orders: Order) -> Customer:
        self.customers.add(who)
        self.orders.add(*orders)
        return who

    async def call(self, who: Customer, *, by: Caller = REP, **fields: Any) -> ConversationRow:
        """They ring, and a rep opens a session and makes sure that it is them."""
        told: dict[str, Any] = {
            "id": new_id("conversation"),
            "brand": who.brand or "fernhollow",
            "customer": who.id,
            "channel": "phone",
            "staff": by.id,
            "found_by": "customer",
            "known": "verified",
            "confirmed_by": "name and postcode",
            "confirmed_at": self.now,
            "opened_at": self.now,
        }
        row = ConversationRow(**(told | fields))
        async with writing(self.engine) as session:
            session.add(row)
        return row

    async def chosen(self, conversation: ConversationRow, *, solved: bool = False) -> Chosen | None:
        return await choose_question(self.service, conversation, now=self.now, solved=solved)

    async def offered(self, who: Customer, **fields: Any) -> tuple[ConversationRow, Chosen | None]:
        """They call, and a question is looked for."""
        conversation = await self.call(who, **fields)
        return conversation, await self.chosen(conversation)

    async def asked(self, conversation: ConversationRow, text: str | None = None, by: Caller = REP) -> QuestionOfferRow:
        return await asking.ask(self.service, by, conversation.id, text=text, now=self.now)

    async def skipped(self, conversation: ConversationRow, by: Caller = REP) -> QuestionOfferRow:
        reason = SkipReason.NO_TIME
        return await asking.skip(self.service, by, conversation.id, reason=reason, words=None, now=self.now)

    async def answered(
        self,
        conversation: ConversationRow,
        value: Value = "weekends",
        *,
        confirmed: bool = True,
        by: Caller = REP,
    ) -> CustomerFactRow | None:
        _, fact = await asking.answer(self.service, by, conversation.id, value=value, confirmed=confirmed, now=self.now)
        return fact

    async def declined(self, conversation: ConversationRow, by: Caller = REP) -> QuestionOfferRow:
        return await asking.refuse(self.service, by, conversation.id, now=self.now)

    async def offers(self, **equal: Any) -> list[QuestionOfferRow]:
        return await self.rows(QuestionOfferRow, **equal)

    async def suggestions(self) -> list[SuggestionRow]:
        return await self.rows(SuggestionRow)

    async def put(self, *rows: Any) -> None:
        async with writing(self.engine) as session:
            session.add_all(rows)

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


def ids(rows: Iterable[Any]) -> list[str]:
    return [row.id for row in rows]
