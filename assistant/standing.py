"""How things stand with a customer who has said nothing yet: who it is, what is wrong, and what is promised."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

from assistant.answering import (
    FoundFacts,
    as_thread,
    read_customer,
    read_for_rep,
    tell_recalls,
    was_unread,
)
from assistant.material import Material
from assistant.outcome import Claim, ClaimKind, Part
from assistant.rep_claims import claim_of, say_none
from assistant.troubles import is_open, say_items, troubles
from assistant.turn import Desk
from tools.context import ToolContext
from tools.evidence import Evidence
from tools.orders import get_order_status
from tools.records import Order
from tools.saying import quote

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
    orders = [order for order in material.orders if _is_pressing(order, material) or is_open(order)]
    claims = (*_person(context), *await tell_standing(orders, material, context))
    return FoundFacts(material, context, claims, began, gathered)


def that_matter(material: Material) -> list[Order]:
    """The order that they write about, then those that are pressing."""
    about = [material.order] if material.order is not None else []
    return [*about, *(order for order in material.orders if order not in about and _is_pressing(order, material))]


def _is_pressing(order: Order, material: Material) -> bool:
    """Whether something is wrong with it, or something was promised about it and is open."""
    return bool(troubles(order, material.now)) or order.id in {promise.order for promise in material.promises}


async def tell_standing(orders: Sequence[Order], material: Material, context: ToolContext) -> Sequence[Claim]:
    """What is recalled, what is wrong with these orders and what is promised, each once."""
    for order in orders[:_ORDERS]:
        await get_order_status(context, order.id)
    recalls = await tell_recalls(material, context)
    return [*recalls, *_orders(orders, material, context), *_promises(material, context)]


def _person(context: ToolContext) -> Iterator[Claim]:
    yield from (claim_of(item) for item in context.ledger if item.ref.startswith("customer:") and "/" not in item.ref)


def _orders(orders: Sequence[Order], material: Material, context: ToolContext) -> Iterator[Claim]:
    """Those with something wrong first; that nothing is wrong is only said where all could be read."""
    wrong = [order for order in orders if troubles(order, context.now)]
    for order in wrong[:_ORDERS]:
        yield _told(order, "; ".join(one.words for one in troubles(order, context.now)), context)
    for order in [order for order in orders if order not in wrong][: _ORDERS - len(wrong[:_ORDERS])]:
        yield _told(order, _say_state(order, material), context)
    if not orders and not was_unread(material):
        yield say_none("No order of theirs is open, and with none is anything wrong.", list(context.ledger))


def _say_state(order: Order, material: Material) -> str:
    """Where an order stands with which nothing is wrong; a promise about it is told behind it, and may be overdue."""
    words = order.status.value.replace("_", " ")
    if order.status_note:
        return f"{words}, with the note {quote(order.status_note)}"
    owed = any(promise.order == order.id for promise in material.promises)
    return words if owed else f"{words}, nothing wrong on record"


def _told(order: Order, how: str, context: ToolContext) -> Claim:
    """The order's things are named once: by what is wrong with them, where that names them."""
    items = say_items(order)
    own = [item.id for item in context.ledger if _is_of(item, order)]
    named = f", {how}" if how.startswith(items) else f": {how}" if items in how else f" ({items}): {how}"
    return Claim(Part.PRIVATE, f"Order {order.id}{named}.", ClaimKind.FACT, tuple(own[:_RESTS_ON]))


def _is_of(item: Evidence, order: Order) -> bool:
    return item.ref == f"order:{order.id}" or item.ref.startswith(f"order:{order.id}/")


def _promises(material: Material, context: ToolContext) -> Iterator[Claim]:
    owed = [item for item in context.ledger if item.ref.startswith("promise:")]
    yield from (claim_of(item) for item in owed)
    if not owed and not was_unread(material):
        yield say_none("No promise to them is on record but what stands above.", list(context.ledger))
