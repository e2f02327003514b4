"""Whether a customer has something to complain of: then nothing is asked, and nothing they say is kept.

It is read off records, not off a mood, and in doubt it is a complaint. docs/questions.md says the same in words.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from assistant.complaints import is_complaint
from server.questions.situation import Matter
from tools.parcels import Progress, progress_of
from tools.records import Order, OrderStatus, PastPost, Promise
from tools.saying import say_date

_NOT_MOVING = timedelta(days=14)
_FRESH_LOSS = timedelta(days=30)
_IN_WORKSHOP = timedelta(days=30)
_UNANSWERED = timedelta(days=30)
_WAITING = frozenset({OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.PACKED})
_OVER = frozenset({OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.EXCHANGED})


def complaint_in(
    *,
    orders: Sequence[Order],
    promises: Sequence[Promise],
    matters: Sequence[Matter],
    earlier: Sequence[PastPost],
    now: datetime,
) -> str | None:
    """What the customer may complain of, in words; None: nothing.

    Args:
        orders: Theirs.
        promises: What they were promised and has not been kept.
        matters: Their cases.
        earlier: The last posts of earlier times, newest first.
        now: This moment.
    """
    return next(_complaints(orders, promises, matters, earlier, now), None)


def _complaints(
    orders: Sequence[Order],
    promises: Sequence[Promise],
    matters: Sequence[Matter],
    earlier: Sequence[PastPost],
    now: datetime,
) -> Iterator[str]:
    yield from (words for matter in matters if matter.open for words in _in_case(matter))
    for promise in promises:
        if promise.due is not None and promise.due <= now:
            yield f"a promise is overdue since {say_date(promise.due)}"
    for order in orders:
        yield from _in_parcels(order, now)
        yield from _in_returns(order, now)
        yield from _in_money(order)
    newest = next(iter(earlier), None)
    if newest is not None and newest.role == "customer" and now - newest.created_at <= _UNANSWERED:
        yield f"what they wrote on {say_date(newest.created_at)} has no answer"


def _in_case(matter: Matter) -> Iterator[str]:
    if matter.danger is not None:
        yield f"their open case is about danger ({matter.danger})"
    elif matter.intent is None:
        yield "their open case has not been read yet"
    elif is_complaint(matter.intent):
        yield f"their open case is a complaint ({matter.intent})"


def _in_parcels(order: Order, now: datetime) -> Iterator[str]:
    if order.status is OrderStatus.LOST:
        refunds = [payment.at for payment in order.payments if payment.kind == "refund" and payment.done and payment.at]
        if not refunds or now - max(refunds) <= _FRESH_LOSS:
            yield f"{order.id} was lost"
        return
    if order.status in _OVER:
        return
    for parcel in order.shipments:
        if parcel.promised is None or parcel.promised >= now.date():
            continue
        if progress_of(parcel, order) is not Progress.DELIVERED:
            yield f"{order.id} is late: it was promised for {say_date(parcel.promised)}"
    promised = any(parcel.promised for parcel in order.shipments)
    if order.status in _WAITING and not promised and order.placed_at and now - order.placed_at > _NOT_MOVING:
        yield f"nothing has happened to {order.id} since {say_date(order.placed_at)}"


def _in_returns(order: Order, now: datetime) -> Iterator[str]:
    for item in order.returns:
        what = {"return": "a return", "exchange": "an exchange"}.get(item.kind, "a repair")
        if item.received_at is None:
            if order.status not in _OVER:
                yield f"{what} of {order.id} is open"
        elif item.kind == "repair" and now - item.received_at < _IN_WORKSHOP:
            yield f"a repair of {order.id} is open"


def _in_money(order: Order) -> Iterator[str]:
    if any(payment.kind == "refund" and not payment.done for payment in order.payments):
        yield f"a refund for {order.id} is owed"
    done = [payment for payment in order.payments if payment.done]
    paid = sum(payment.amount.amount for payment in done if payment.kind == "payment")
    back = sum(payment.amount.amount for payment in done if payment.kind == "refund")
    more = sum(item.difference.amount for item in order.returns if item.difference and item.difference.amount > 0)
    if order.lines and paid - back > order.total.amount + more:
        yield f"more was paid for {order.id} than it costs"
