"""What is wrong with an order, in a few words for a colleague who has the customer on the line.

Where the order's state and its dates do not agree, only what both leave standing is said.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from assistant.focus import UNDER_WAY
from assistant.told import Told, Value, known
from tools.parcels import COMING_BACK, NOT_SENT, SETTLED, Progress, came_back, progress_of
from tools.records import Order, OrderStatus, Payment, Return, Shipment, ShipmentEvent

_WAITS_FOR_STOCK = frozenset({OrderStatus.BACKORDERED, OrderStatus.PREORDERED})
_ON_THE_WAY = frozenset({Progress.WAITING, Progress.SENT})
_WAITS_FOR = {
    "exchange": "nothing was sent in its place yet",
    "return": "no money has gone back yet",
    "repair": "it has not been sent back yet",
}


def is_open(order: Order) -> bool:
    """Whether something of the order is still to come, to the customer or back from them."""
    return order.status in UNDER_WAY or order.status in COMING_BACK


def troubles(order: Order, now: datetime) -> tuple[Told, ...]:
    """What is wrong with it, the most pressing first; nothing if it goes as it should."""
    return tuple(
        [
            *_lost(order),
            *_late(order, now),
            *_out_of_stock(order),
            *_paid_twice(order, now),
            *_owed(order),
            *_with_us(order, now),
            *_coming_back(order, now),
        ]
    )


def say_day(day: date | datetime, now: datetime) -> str:
    """The day as colleagues say it, with the year if it is not this one."""
    return f"{day.day} {day:%B}" + ("" if day.year == now.year else f" {day.year}")


def say_items(order: Order, lines: Sequence[str] | None = None) -> str:
    """The titles of an order's lines, or of these of them, with how many of each."""
    named = [line for line in order.lines if lines is None or line.id in lines]
    return ", ".join(line.title if line.quantity == 1 else f"{line.quantity} × {line.title}" for line in named)


def _lost(order: Order) -> Iterator[Told]:
    if order.status is not OrderStatus.LOST:
        return
    missing = [one for one in order.shipments if progress_of(one, order) is Progress.SENT]
    if len(missing) == 1:
        items = say_items(order, missing[0].lines)
        yield Told("lost", f"lost on its way: {items}", known(items=items))
    elif missing or not order.shipments:
        yield Told("lost", "lost on its way")


def _late(order: Order, now: datetime) -> Iterator[Told]:
    for shipment in order.shipments:
        progress = progress_of(shipment, order)
        days = (now.date() - shipment.promised).days if shipment.promised else 0
        if days <= 0 or progress not in _ON_THE_WAY or shipment.promised is None:
            continue
        items = say_items(order, shipment.lines)
        how = f"{days} day{'' if days == 1 else 's'} late, it was to arrive by {say_day(shipment.promised, now)}"
        values = known(items=items, days=days, promised=shipment.promised)
        if progress is Progress.WAITING:
            yield Told("late_not_sent", f"{items}: {how}; it has not left us", values)
        else:
            words = f"{items}: {how}; {_whereabouts(shipment, now)}"
            yield Told("late_on_its_way", words, values | _seen(shipment))


def _whereabouts(shipment: Shipment, now: datetime) -> str:
    told = ["sent" + (f" on {say_day(shipment.shipped_at, now)}" if shipment.shipped_at else "")]
    told[0] += f" with {shipment.carrier}" if shipment.carrier else ""
    last = _last_event(shipment)
    if last is not None:
        told.append(f"last seen{f' in {last.where}' if last.where else ''} on {say_day(last.at, now)} ({last.what})")
    return ", ".join(told)


def _seen(shipment: Shipment) -> dict[str, Value]:
    last = _last_event(shipment)
    sent = known(shipped=shipment.shipped_at, carrier=shipment.carrier)
    return sent | (known(seen=last.at, where=last.where, what=last.what) if last else {})


def _last_event(shipment: Shipment) -> ShipmentEvent | None:
    return max(shipment.events, key=lambda event: event.at, default=None)


def _out_of_stock(order: Order) -> Iterator[Told]:
    if order.status in _WAITS_FOR_STOCK:
        gone = {line for one in order.shipments if one.shipped_at or one.delivered_at for line in one.lines}
        waiting = [line.id for line in order.lines if line.id not in gone]
        note = f" ({order.status_note})" if order.status_note else ""
        if waiting:
            items = say_items(order, waiting)
            words = f"waits for stock: {items}{note}"
            yield Told("waits_for_stock", words, known(items=items, note=order.status_note))


def _paid_twice(order: Order, now: datetime) -> Iterator[Told]:
    paid = [payment for payment in order.payments if payment.kind == "payment" and payment.done]
    for number, payment in enumerate(paid):
        if any(other.amount == payment.amount for other in paid[number + 1 :]):
            on = f", the first on {say_day(payment.at, now)}" if payment.at else ""
            amount = payment.amount.say()
            yield Told("paid_twice", f"two payments of {amount}{on}", known(amount=amount, first=payment.at))
            return


def owed_refund(order: Order) -> Payment | None:
    """A refund that was promised and not carried out."""
    return next((p for p in order.payments if p.kind == "refund" and not p.done and p.amount.amount), None)


def has_reason_for_money(order: Order) -> bool:
    """Whether the records themselves say that money is due: a refund owed, a parcel lost, two equal payments."""
    paid = [payment.amount for payment in order.payments if payment.kind == "payment" and payment.done]
    return order.status is OrderStatus.LOST or owed_refund(order) is not None or len(paid) != len(set(paid))


def _owed(order: Order) -> Iterator[Told]:
    owed = owed_refund(order)
    if owed is not None:
        amount = abs(owed.amount).say()
        yield Told("refund_owed", f"refund of {amount} promised and not carried out", known(amount=amount))


def _with_us(order: Order, now: datetime) -> Iterator[Told]:
    """What came back and waits for us: nothing left since, no money went back, nothing says that it is settled."""
    for item in order.returns:
        if item.received_at is None or order.status not in COMING_BACK or _answered(item, order):
            continue
        words = [f"{item.kind} with us since {say_day(item.received_at, now)}"]
        words += [f"asked for on {say_day(item.requested_at, now)}"] if item.requested_at else []
        why = f" ({item.reason})" if item.reason else ""
        items = say_items(order, item.lines)
        values = known(items=items, since=item.received_at, asked=item.requested_at, reason=item.reason)
        told = f"{', '.join(words)}{why}: {items}; {_WAITS_FOR.get(item.kind, 'it waits for us')}"
        yield Told(f"{item.kind}_with_us", told, values)


def _answered(item: Return, order: Order) -> bool:
    """Whether we did since what was asked for, or owe it as money, which is told by itself."""
    assert item.received_at is not None
    sent = any(one.shipped_at and one.shipped_at > item.received_at for one in order.shipments)
    return sent or (item.kind == "return" and any(payment.kind == "refund" for payment in order.payments))


def _coming_back(order: Order, now: datetime) -> Iterator[Told]:
    for item in order.returns:
        if came_back(item, order) or order.status in SETTLED or order.status in NOT_SENT:
            continue
        if item.requested_at or order.status in COMING_BACK:
            asked = f" asked for on {say_day(item.requested_at, now)}" if item.requested_at else " asked for"
            why = f" ({item.reason})" if item.reason else ""
            items = say_items(order, item.lines)
            values = known(items=items, asked=item.requested_at, reason=item.reason)
            yield Told(f"{item.kind}_not_back", f"{item.kind}{asked}{why}, not back with us yet: {items}", values)
