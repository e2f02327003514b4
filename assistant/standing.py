"""How things stand with a customer who has said nothing yet: who it is, what is wrong, and what is promised."""

import time
from collections.abc import Iterator
from datetime import datetime

from assistant.answering import (
    FoundFacts,
    as_thread,
    claim_of,
    read_customer,
    read_for_rep,
    say_none,
    tell_recalls,
    was_unread,
)
from assistant.material import Material
from assistant.outcome import Claim, ClaimKind, Part
from assistant.troubles import is_open, say_items, troubles
from assistant.turn import Desk
from tools.context import ToolContext
from tools.evidence import Evidence
from tools.orders import get_order_status
from tools.records import Order

_ASKED = "Who is this customer, what is wrong with their orders, and what was promised to them?"
_ORDERS = 5
_RESTS_ON = 6


async def find_standing(customer_id: str, desk: Desk, *, now: datetime) -> FoundFacts:
    """What a colleague has to know before the customer says a word.

    Raises:
        NoSuchCustomer: No customer has this id.
        PortUnavailable: Whether there is one cannot be looked up.
    """
    began = time.monotonic()
    customer = await read_customer(customer_id, desk)
    material, context = await read_for_rep(as_thread(_ASKED, customer, now), customer, desk, now)
    gathered = time.monotonic()
    orders = [order for order in material.orders if troubles(order, now) or is_open(order)]
    for order in orders[:_ORDERS]:
        await get_order_status(context, order.id)
    recalls = await tell_recalls(material, context)
    claims = (*_person(context), *recalls, *_orders(orders, material, context), *_promises(material, context))
    return FoundFacts(material, context, claims, began, gathered)


def _person(context: ToolContext) -> Iterator[Claim]:
    yield from (claim_of(item) for item in context.ledger if item.ref.startswith("customer:") and "/" not in item.ref)


def _orders(orders: list[Order], material: Material, context: ToolContext) -> Iterator[Claim]:
    """Those with something wrong first; that nothing is wrong is only said where all could be read."""
    wrong = [order for order in orders if troubles(order, context.now)]
    for order in wrong[:_ORDERS]:
        yield _told(order, "; ".join(troubles(order, context.now)), context)
    for order in [order for order in orders if order not in wrong][: _ORDERS - len(wrong[:_ORDERS])]:
        yield _told(order, f"{order.status.value.replace('_', ' ')}, nothing wrong with it", context)
    if not orders and not was_unread(material):
        yield say_none("No order of theirs is open, and with none is anything wrong.", list(context.ledger))


def _told(order: Order, how: str, context: ToolContext) -> Claim:
    own = [item.id for item in context.ledger if _is_of(item, order)]
    return Claim(Part.PRIVATE, f"Order {order.id} ({say_items(order)}): {how}.", ClaimKind.FACT, tuple(own[:_RESTS_ON]))


def _is_of(item: Evidence, order: Order) -> bool:
    return item.ref == f"order:{order.id}" or item.ref.startswith(f"order:{order.id}/")


def _promises(material: Material, context: ToolContext) -> Iterator[Claim]:
    owed = [item for item in context.ledger if item.ref.startswith("promise:")]
    yield from (claim_of(item) for item in owed)
    if not owed and not was_unread(material):
        yield say_none("No promise to them is on record but what stands above.", list(context.ledger))
