"""Looking at a customer before a question is chosen: what they bought, what is open, what they were asked before."""

import asyncio
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.complaints import is_complaint
from server.models import CaseRow, ConversationRow, CustomerFactRow, QuestionOfferRow, QuestionSpacingRow
from server.questions import matters_repository, offers_repository
from server.questions.complaints import complaint_in
from server.questions.matters_repository import Reply
from server.questions.moments import bought_of
from server.questions.situation import Matter, Past, Situation
from server.questions.states import OfferState
from server.shop.folding import fold_channel, fold_handle
from tools.ports import Conversations, Customers, Orders, Promises
from tools.records import Customer, Known, Order, PastPost, Product, Promise

_ORDERS = 50
_SURE = frozenset({Known.VERIFIED, Known.LINKED})
_SOLVED_FOR = timedelta(days=7)
_SKIPPED_FOR = timedelta(days=30)
_SAID_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shop:
    """The ports that a look needs."""

    customers: Customers
    orders: Orders
    promises: Promises
    conversations: Conversations


@dataclass(frozen=True, slots=True)
class Records:
    """What the shop's records say of one customer."""

    customer: Customer
    orders: Sequence[Order]
    products: Mapping[str, Product]
    promises: Sequence[Promise]
    earlier: Sequence[PastPost]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a question would be asked: in which conversation and about which case, if it is known already.

    `solved_at`: when the rep said that what the customer had come for is solved. `read`: the turn that was read and is
    no complaint; its record need not be written yet.
    """

    brand: str
    channel: str
    conversation: str | None = None
    case: str | None = None
    solved_at: datetime | None = None
    read: str | None = None

    @classmethod
    def of(cls, conversation: ConversationRow, *, solved_at: datetime | None = None, read: str | None = None) -> Self:
        """In this conversation."""
        return cls(conversation.brand, conversation.channel, conversation.id, conversation.case, solved_at, read)

    @classmethod
    def under(cls, conversation: ConversationRow, offer: QuestionOfferRow | None) -> Self:
        """In this conversation, by what its question was offered under; if none was, as it is."""
        if offer is None:
            return cls.of(conversation)
        return cls.of(conversation, solved_at=offer.solved_at, read=offer.read_turn)

    def is_over(self, said: Reply) -> bool:
        """Whether it was said before the rep said that it is solved."""
        return self.solved_at is not None and said.conversation == self.conversation and said.at <= self.solved_at


async def read_records(shop: Shop, customer: str) -> Records | None:
    """What the shop's records say; None: there is no such customer.

    Raises:
        PortUnavailable: Some of it does not answer, so that nobody can say whether they complain.
    """
    who = await shop.customers.get(customer)
    if who is None:
        return None
    orders, promises, earlier = await asyncio.gather(
        shop.orders.latest(customer, limit=_ORDERS),
        shop.promises.open_for(customer),
        shop.conversations.earlier(customer, limit=1),
    )
    named = sorted({line.product for order in orders for line in order.lines if line.product})
    products = await asyncio.gather(*(shop.orders.product(product) for product in named))
    known = {product.id: product for product in products if product is not None}
    return Records(who, orders, known, promises, earlier)


async def situation_of(session: AsyncSession, records: Records, where: Where, now: datetime) -> Situation:
    """The customer's situation: the shop's records, and what our own cases and this conversation say."""
    customer = records.customer
    writers = {
        (fold_channel(handle.channel), fold_handle(handle.handle))
        for handle in customer.handles
        if handle.known in _SURE
    }
    writers |= set(await matters_repository.linked_to(session, customer.id))
    cases = await matters_repository.cases_of_writers(session, writers, case=where.case, since=now - _SOLVED_FOR)
    intents = await matters_repository.intents_of(session, [case.id for case in cases])
    matters = [_matter(case, intents) for case in cases]
    said = await matters_repository.replies_to(
        session, customer.id, where.brand, where.conversation, since=now - _SAID_LATELY, but_for=where.read
    )
    counted = [each for each in said if not where.is_over(each)]
    complaint = complaint_in(
        orders=records.orders,
        promises=records.promises,
        matters=matters,
        earlier=records.earlier,
        now=now,
    )
    return Situation(
        now=now,
        brand=where.brand,
        customer=customer,
        channel=where.channel,
        complaint=complaint or _said(counted, where.conversation),
        bought=bought_of(records.orders, records.products, now),
        orders=len(records.orders),
        intents=frozenset(intent for intent in (*intents.values(), *_wanted_in(said, where.conversation)) if intent),
        solved=where.solved_at or _solved_since(matters, now),
    )


async def past_of(session: AsyncSession, customer: Customer, keys: Sequence[str], now: datetime) -> Past:
    """What this person was asked before, whoever asked, and until when they are left alone."""
    offers = await offers_repository.offers_to(session, customer.id)
    facts = await offers_repository.facts_of(session, customer.id)
    return make_past(offers, facts, await offers_repository.spacings_of(session, keys), customer, now)


def make_past(
    offers: Sequence[QuestionOfferRow],
    facts: Sequence[CustomerFactRow],
    spacings: Sequence[QuestionSpacingRow],
    customer: Customer,
    now: datetime,
) -> Past:
    """The same of rows that were read."""
    answered = [offer.fact for offer in offers if offer.state == OfferState.ANSWERED]
    refused = [offer for offer in offers if offer.state == OfferState.REFUSED]
    return Past(
        asked=frozenset(offer.question for offer in offers if offer.asked_at is not None),
        refused=frozenset(name for offer in refused for name in (offer.question, offer.fact)),
        answered=frozenset(answered),
        skipped=frozenset(
            offer.question
            for offer in offers
            if offer.state == OfferState.SKIPPED and now - (offer.decided_at or offer.offered_at) < _SKIPPED_FOR
        ),
        known=frozenset({*customer.facts, *(fact.fact for fact in facts)}),
        until=max((spacing.until for spacing in spacings if spacing.until is not None), default=None),
    )


def person_keys(customer: Customer, key: bytes) -> list[str]:
    """By what one person is known, whichever brand's customer they are.

    Args:
        customer: The person as a customer of one brand.
        key: Digests are made with it, so that the table does not tell addresses to who has it alone.
    """
    addresses = {email.strip().casefold() for email in customer.emails}
    digests = {hmac.digest(key, address.encode(), "sha256").hex()[:32] for address in addresses}
    return [customer_key(customer.id), *(f"email:{digest}" for digest in sorted(digests))]


def customer_key(customer: str) -> str:
    """By what a customer is known of whom nothing is known but the id."""
    return f"customer:{customer}"


def _matter(case: CaseRow, intents: Mapping[str, str | None]) -> Matter:
    return Matter(case.id, case.open, intents.get(case.id), case.danger, case.updated_at)


def _wanted_in(said: Sequence[Reply], conversation: str | None) -> list[str]:
    return [each.intent for each in said if each.conversation == conversation and each.intent is not None]


def _said(said: Sequence[Reply], conversation: str | None) -> str | None:
    """What of this is a complaint, or may be one: the newest counts."""
    complaints = [each for each in said if is_complaint(each.intent)]
    if not complaints:
        return None
    newest = complaints[-1]
    where = "in this session" if newest.conversation == conversation else "in another session of these days"
    return f"they complain {where} ({newest.intent})" if newest.intent else f"what they said {where} has not been read"


def _solved_since(matters: Sequence[Matter], now: datetime) -> datetime | None:
    if any(matter.open for matter in matters):
        return None
    return max((matter.since for matter in matters if now - matter.since <= _SOLVED_FOR), default=None)
