"""What has just happened to what a customer bought, read off the dates of their orders."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from server.questions.situation import Bought, Moment
from tools.records import Order, OrderLine, OrderStatus, Product

_PLACED_FOR = timedelta(days=14)
_ARRIVED = (timedelta(days=2), timedelta(days=60))
# When the new piece of an exchange arrives, and when the workshop has sent something back, no record says: both count
# from when the old piece reached us, as long as the policies allow for.
_EXCHANGED = (timedelta(days=7), timedelta(days=60))
_REPAIRED = (timedelta(days=30), timedelta(days=120))
_GONE = frozenset({OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.LOST})
_NOT_ARRIVED = frozenset(
    {
        OrderStatus.PENDING,
        OrderStatus.PROCESSING,
        OrderStatus.PACKED,
        OrderStatus.BACKORDERED,
        OrderStatus.PREORDERED,
        OrderStatus.SHIPPED,
        OrderStatus.PARTLY_SHIPPED,
    }
)


def bought_of(orders: Sequence[Order], products: Mapping[str, Product], now: datetime) -> tuple[Bought, ...]:
    """What is theirs to keep, what happened last first.

    Args:
        orders: The customer's.
        products: Those that the lines name, by id.
        now: This moment.
    """
    lines = [each for order in orders if order.status not in _GONE for each in _lines(order, products, now)]
    eventful = [each for each in lines if each.happened]
    eventful.sort(key=lambda each: max(each.happened.values()), reverse=True)
    return (*eventful, *(each for each in lines if not each.happened))


def _lines(order: Order, products: Mapping[str, Product], now: datetime) -> Iterator[Bought]:
    for line in order.lines:
        if _went_back(order, line):
            continue
        product = products.get(line.product) if line.product else None
        yield Bought(
            order=order.id,
            title=product.title if product else line.title,
            product=line.product,
            family=product.family if product else None,
            gift=order.gift,
            happened={moment: at for moment, at in _happened(order, line, now) if at <= now},
        )


def _happened(order: Order, line: OrderLine, now: datetime) -> Iterator[tuple[Moment, datetime]]:
    if order.placed_at and order.status in _NOT_ARRIVED and now - order.placed_at <= _PLACED_FOR:
        yield Moment.ORDER_PLACED, order.placed_at
    arrived = _arrived(order, line)
    if arrived and _within(_ARRIVED, arrived, now) and not _is_coming_back(order, line):
        yield Moment.DELIVERED, arrived
    for item in order.returns:
        if line.id not in item.lines or item.received_at is None:
            continue
        if item.kind == "exchange" and _within(_EXCHANGED, item.received_at, now):
            yield Moment.EXCHANGE_DELIVERED, item.received_at
        if item.kind == "repair" and _within(_REPAIRED, item.received_at, now):
            yield Moment.REPAIR_RETURNED, item.received_at


def _arrived(order: Order, line: OrderLine) -> datetime | None:
    """When the parcel with this line arrived."""
    return max(
        (parcel.delivered_at for parcel in order.shipments if parcel.delivered_at and line.id in parcel.lines),
        default=None,
    )


def _went_back(order: Order, line: OrderLine) -> bool:
    """Whether the line was sent back for its money."""
    return any(item.kind == "return" and line.id in item.lines for item in order.returns)


def _is_coming_back(order: Order, line: OrderLine) -> bool:
    """Whether the line is with us, or on its way: nobody uses it at the moment."""
    return any(line.id in item.lines for item in order.returns)


def _within(window: tuple[timedelta, timedelta], at: datetime, now: datetime) -> bool:
    least, most = window
    return least <= now - at <= most
