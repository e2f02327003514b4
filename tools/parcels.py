"""How far a parcel came: what its own dates and the order's state say together, or that they do not agree."""

from enum import StrEnum

from tools.records import ARRIVED, Order, OrderStatus, Return, Shipment

NOT_SENT = frozenset(
    {
        OrderStatus.PENDING,
        OrderStatus.PROCESSING,
        OrderStatus.PACKED,
        OrderStatus.BACKORDERED,
        OrderStatus.PREORDERED,
    }
)
"""The states of what has not left us; of a backordered order a part may have."""


COMING_BACK = frozenset({OrderStatus.RETURN_REQUESTED, OrderStatus.EXCHANGE_REQUESTED})
"""The states of what is on its way back to us, or is to be."""

SETTLED = frozenset({OrderStatus.RETURNED, OrderStatus.EXCHANGED, OrderStatus.CANCELLED})
"""The states after which nothing is on its way back any more."""


class Progress(StrEnum):
    """How far a parcel came, as far as that is certain. The day of it may not be recorded."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"


def progress_of(shipment: Shipment, order: Order) -> Progress:
    """How far this parcel of the order came.

    Uncertain: its dates say something else than the order's state, or nothing where the state alone leaves it open.
    """
    status = order.status
    if status is OrderStatus.CANCELLED:
        return Progress.UNCERTAIN
    if status in ARRIVED:
        return Progress.DELIVERED
    dated = _by_dates(shipment)
    if status in NOT_SENT:
        return _of_unsent(shipment, order, dated)
    if status is OrderStatus.LOST and dated is Progress.DELIVERED:
        return dated if len(order.shipments) > 1 else Progress.UNCERTAIN
    if dated is not None:
        return dated
    if status is not OrderStatus.PARTLY_SHIPPED:
        return Progress.SENT
    others = any(_by_dates(other) for other in order.shipments if other is not shipment)
    return Progress.WAITING if others and not shipment.events else Progress.UNCERTAIN


def came_back(item: Return, order: Order) -> bool:
    """Whether this return has reached us, by its own date or, without one, by the order's state."""
    if item.received_at is not None:
        return True
    exchanged = item.kind == "exchange"
    return order.status is (OrderStatus.EXCHANGED if exchanged else OrderStatus.RETURNED)


def _by_dates(shipment: Shipment) -> Progress | None:
    if shipment.delivered_at is not None:
        return Progress.DELIVERED
    return Progress.SENT if shipment.shipped_at is not None else None


def _of_unsent(shipment: Shipment, order: Order, dated: Progress | None) -> Progress:
    """Of an order that has not left us; backordered, some of its lines may have."""
    if dated is None:
        return Progress.UNCERTAIN if shipment.events else Progress.WAITING
    elsewhere = {line.id for line in order.lines} - set(shipment.lines)
    return dated if order.status is OrderStatus.BACKORDERED and elsewhere else Progress.UNCERTAIN
