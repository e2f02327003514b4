"""What the shop knows of the customer in question: read together, and noted as evidence."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.case import Thread
from assistant.focus import choose_order, named_orders
from assistant.guidance import Intent
from assistant.reach import Reads, reach
from tools.context import ToolContext
from tools.conversations import note_past_post, note_promise
from tools.customers import note_profile
from tools.evidence import Evidence
from tools.order_evidence import OrderNotes
from tools.orders import note_order
from tools.ports import Identity, Ports
from tools.records import Customer, Order, PastPost, Product, Promise

LATEST_ORDERS = 10
EARLIER_POSTS = 20
OTHER_ORDERS = 3


@dataclass(frozen=True, slots=True)
class CustomerRecords:
    """What the shop knows of one customer, or nothing.

    `named` are their orders that the posts name, `refused` the numbers in them that are not one of theirs.
    """

    customer: Customer | None = None
    latest: tuple[Order, ...] = ()
    named: tuple[Order, ...] = ()
    refused: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    earlier: tuple[PastPost, ...] = ()

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order that was read, the named ones first."""
        return _each_once([*self.named, *self.latest])

    def without_orders(self) -> "CustomerRecords":
        """The same where the orders could not be read: then no number is said not to be theirs, either."""
        return replace(self, latest=(), named=(), refused=())

    def in_question(self, thread: Thread, intent: Intent | None, now: datetime) -> Order | None:
        """The order that the posts are about, if that is certain."""
        if self.named or self.refused:
            return self.named[0] if len(self.named) == 1 else None
        return choose_order(self.latest, thread.request, intent=intent, now=now)


async def read_records(thread: Thread, identity: Identity, ports: Ports, reads: Reads) -> CustomerRecords:
    """The records of this customer; nothing of people we do not know (rule 1). Ports that fail are noted."""
    who = identity.customer
    if who is None:
        return CustomerRecords()
    customer, orders, promises, earlier, named = await asyncio.gather(
        reach(ports.customers.get(who), None, "customers", reads, "get_customer_profile"),
        reach(ports.orders.latest(who, limit=LATEST_ORDERS), (), "orders", reads, "get_purchase_history"),
        reach(ports.promises.open_for(who), (), "promises", reads, "get_open_promises"),
        reach(
            ports.conversations.earlier(who, limit=EARLIER_POSTS),
            (),
            "conversations",
            reads,
            "get_conversation_history",
        ),
        _read_named(thread, who, ports, reads),
    )
    return CustomerRecords(
        customer=customer,
        latest=tuple(orders),
        named=tuple(order for _, order in named if order is not None),
        refused=tuple(number for number, order in named if order is None),
        promises=tuple(promises),
        earlier=tuple(earlier),
    )


async def read_products(order: Order | None, ports: Ports, reads: Reads) -> list[Product]:
    """The products of an order's lines."""
    wanted = dict.fromkeys(line.product for line in order.lines if line.product) if order else {}
    found = await asyncio.gather(
        *(reach(ports.orders.product(one), None, "orders", reads, "get_product", product=one) for one in wanted)
    )
    return [product for product in found if product is not None]


def note_records(
    context: ToolContext, records: CustomerRecords, order: Order | None, products: Sequence[Product]
) -> dict[str, Evidence]:
    """The evidence by what it is about: the order in question in full; of other orders only what tells them apart."""
    noted: dict[str, Evidence] = {}
    if records.customer is not None:
        noted |= note_profile(context, records.customer)
    methods = records.customer.payment_methods if records.customer else ()
    in_full = _each_once([*([order] if order else []), *records.named])
    for each in in_full:
        noted |= note_order(context, each, methods=methods, products=products if each is order else ())
    for each in records.latest[:OTHER_ORDERS]:
        if each not in in_full:
            head = OrderNotes(context, each, {}, {}).head()
            noted[head.ref] = head
    promises = [note_promise(context, promise) for promise in records.promises]
    earlier = [note_past_post(context, post) for post in records.earlier]
    return noted | {item.ref: item for item in [*promises, *earlier]}


async def _read_named(thread: Thread, customer: str, ports: Ports, reads: Reads) -> list[tuple[str, Order | None]]:
    numbers = named_orders("\n".join(post.text for post in thread.spoken))
    orders = await asyncio.gather(
        *(
            reach(ports.orders.get(customer, number), None, "orders", reads, "get_order_status", order_id=number)
            for number in numbers
        )
    )
    return list(zip(numbers, orders, strict=True))


def _each_once(orders: Sequence[Order]) -> tuple[Order, ...]:
    return tuple({order.id: order for order in orders}.values())
