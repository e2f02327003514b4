"""What refunds have given back before: for each line, and of an order that the shop's system has brought anew."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from server.actions.lines import value_of
from server.actions.money import room
from server.actions.shop import Earlier, Shop
from tools.records import Order, OrderLine

REFUNDED = "refunded_lines"
"""In the result of a refund for lines: how much of the price of each has gone back, by the line's id."""


def share_out(lines: Sequence[OrderLine], amount: int, before: Mapping[str, int]) -> dict[str, int]:
    """What each line gets of a refund for all of them: the first ones what they cost, the last one what is left."""
    shares: dict[str, int] = {}
    for line in lines:
        part = min(amount, value_of([line]) - before.get(line.id, 0))
        amount -= part
        if part > 0:
            shares[line.id] = part
    return shares


def by_line(shop: Shop) -> Mapping[str, int]:
    """What has gone back for each line of the order before, or is about to."""
    back: Counter[str] = Counter()
    for earlier in _of_this_order(shop):
        back.update(earlier.result.get(REFUNDED, {}))
    return back


def left_of(shop: Shop, lines: Sequence[OrderLine]) -> int:
    """What lines cost, but for what has gone back of it."""
    back = by_line(shop)
    return sum(max(value_of([line]) - back.get(line.id, 0), 0) for line in lines)


def free(shop: Shop, order: Order) -> int:
    """What was taken for the order and can still go back.

    A refund that we made counts although the shop's system has brought the order without it: the money has left, and
    must not leave twice. One of the same amount under another number is taken for ours.
    """
    # of a refund that is promised (again) `room` has left out what it comes to
    ours, there = made_by_us(shop), {payment.id for payment in order.payments}
    others = Counter(
        payment.amount.amount
        for payment in order.payments
        if payment.kind == "refund" and payment.done and payment.id not in ours
    )
    missing = Counter(amount for number, amount in ours.items() if number not in there)
    return room(order) - sum((missing - others).elements())


def made_by_us(shop: Shop) -> Mapping[str, int]:
    """The refunds of this order that actions have made, or are about to, by their ids."""
    return {
        refund["id"]: refund["amount"]
        for earlier in _of_this_order(shop)
        for refund in earlier.result.get("payments", ())
        if refund["kind"] == "refund" and refund.get("done", True)
    }


def _of_this_order(shop: Shop) -> Iterator[Earlier]:
    order = shop.order.id if shop.order is not None else None
    return (earlier for earlier in shop.done if earlier.order == order)
