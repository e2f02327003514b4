"""Which of a customer's orders a post is about."""

from collections.abc import Sequence
from datetime import datetime

import regex

from assistant.guidance import Intent
from tools.parcels import Progress, progress_of
from tools.records import ARRIVED, Order, OrderStatus

_LINK_OR_MAIL = regex.compile(r"https?://\S+|(?<!\S)@?[^\s@]+@[^\s@]+\.\S+")
_ORDER_ID = regex.compile(r"(?<![\w@+])#?((?:[A-Za-z]{1,5}[-_ ]?)?\d{4,}[\w-]*)")
_LED_BY_LETTERS = regex.compile(r"[A-Za-z]{1,5}[-_]?\d")
_CALLED_ORDER = (
    r"(?:#|\b(?:order|bestell\w*|auftrag\w*|pedido|commande)\b[\s\p{P}]*"
    r"(?:(?:no|nr|num\w*|number|id|n)[°º.:]*)?)\s*"
)
_PHONE = regex.compile(r"\+?\d[\d ()/-]{7,}\d")
_WORD = regex.compile(r"\p{L}{3,}|\d+")

UNDER_WAY = frozenset(
    {
        OrderStatus.PENDING,
        OrderStatus.PROCESSING,
        OrderStatus.BACKORDERED,
        OrderStatus.PREORDERED,
        OrderStatus.PACKED,
        OrderStatus.SHIPPED,
        OrderStatus.PARTLY_SHIPPED,
        OrderStatus.LOST,
    }
)
# What an order in this state is asked about, whatever the words.
INTENT_OF_STATE = {
    OrderStatus.LOST: "order_lost",
    OrderStatus.BACKORDERED: "backorder",
    OrderStatus.PREORDERED: "backorder",
    OrderStatus.CANCELLED: "order_cancel",
    OrderStatus.PARTLY_SHIPPED: "order_status",
    OrderStatus.EXCHANGE_REQUESTED: "exchange_policy",
}
_STATES_BY_INTENT: dict[str, frozenset[OrderStatus]] = {
    "order_late": UNDER_WAY,
    "order_lost": UNDER_WAY | {OrderStatus.DELIVERED},
    "order_status": UNDER_WAY,
    "order_change": UNDER_WAY,
    "order_cancel": UNDER_WAY,
    "backorder": frozenset({OrderStatus.BACKORDERED, OrderStatus.PREORDERED, OrderStatus.PARTLY_SHIPPED}),
    "exchange_policy": frozenset({OrderStatus.EXCHANGE_REQUESTED}),
    "return_policy": frozenset({OrderStatus.RETURN_REQUESTED}),
    "wrong_item": ARRIVED,
    "wrong_size": ARRIVED,
    "damaged_item": ARRIVED,
    "missing_part": ARRIVED | {OrderStatus.PARTLY_SHIPPED},
    "product_fault": ARRIVED,
    "warranty_policy": ARRIVED,
    "repair_request": ARRIVED,
}


def named_orders(text: str) -> tuple[str, ...]:
    """What reads like an order number in `text`: links, addresses and phone numbers are left out."""
    bare = _LINK_OR_MAIL.sub(" ", text)
    candidates = [match.group(1) for match in _ORDER_ID.finditer(bare)]
    phones = [regex.sub(r"\D", "", match.group()) for match in _PHONE.finditer(bare)]
    return tuple(dict.fromkeys(c for c in candidates if not any(regex.sub(r"\D", "", c) in phone for phone in phones)))


def order_numbers(text: str) -> tuple[str, ...]:
    """Those of `named_orders` that are plainly order numbers: led by letters, by # or by a word for an order."""
    return tuple(
        number
        for number in named_orders(text)
        if _LED_BY_LETTERS.match(number) or regex.search(_CALLED_ORDER + regex.escape(number), text, regex.IGNORECASE)
    )


def choose_order(orders: Sequence[Order], request: str, *, intent: Intent | None, now: datetime) -> Order | None:
    """The one order that the request must mean, or None where two fit as well.

    Products named in the request decide first, then whether the order's state fits what is asked. An order that is
    late counts above one that is merely under way.
    """
    if not orders:
        return None
    scores = [_score(order, request, intent, now) for order in orders]
    best = max(scores)
    if best == (0, 0, 0) or scores.count(best) > 1:
        return None
    return orders[scores.index(best)]


def is_late(order: Order, now: datetime) -> bool:
    """Whether a parcel of this order should have arrived and certainly has not."""
    return any(
        shipment.promised is not None
        and shipment.promised < now.date()
        and progress_of(shipment, order) in (Progress.WAITING, Progress.SENT)
        for shipment in order.shipments
    )


def _score(order: Order, request: str, intent: Intent | None, now: datetime) -> tuple[int, int, int]:
    said = {word.casefold() for word in _WORD.findall(request)}
    named = max((len(said & {w.casefold() for w in _WORD.findall(line.title)}) for line in order.lines), default=0)
    states = _STATES_BY_INTENT.get(intent.id) if intent else None
    fits = int(states is not None and order.status in states)
    if intent is not None:
        fits += _money_fit(order, intent.id)
    return named, fits, int(fits > 0 and order.status in UNDER_WAY and is_late(order, now))


def _money_fit(order: Order, intent: str) -> int:
    if intent in {"refund_status", "refund_request"}:
        return int(any(payment.kind == "refund" for payment in order.payments)) + int(bool(order.returns))
    if intent == "double_charge":
        paid = [payment.amount for payment in order.payments if payment.kind == "payment"]
        return int(len(paid) != len(set(paid)))
    return 0
