"""What becomes of an order that has not left: cancelled, sent elsewhere, of other variants, paid otherwise."""

from collections.abc import Iterable
from dataclasses import replace

from assistant.regions import country_code
from server.actions.arguments import CancelOrder, ChangeAddress, ChangePayment
from server.actions.given_back import free, left_of
from server.actions.judging import Judged
from server.actions.money import (
    book,
    give_back,
    held,
    held_by_method,
    is_gift_card,
    make_promised,
    promised_back,
    still_to_take,
    take_less,
)
from server.actions.order_conditions import ITEMS_MODIFIED
from server.actions.results import told
from server.actions.shop import Effect
from tools.records import Order, OrderLine, OrderStatus, Payment


def cancel_order(asked: Judged) -> Effect:
    """The order is cancelled and its money goes back to where it came from; or only the lines that are named are."""
    arguments, order, customer = asked.arguments, asked.order, asked.customer
    assert isinstance(arguments, CancelOrder)
    lines = asked.named.lines
    if lines and len(lines) < len(order.lines):
        return _cancel_lines(asked, lines)
    for promised in promised_back(order):
        order, customer = make_promised(order, customer, promised, asked.now, method=promised.method)
    to_take = sum(payment.amount.amount for payment in still_to_take(order))
    order, refunds = give_back(order, to_take + max(free(asked.shop, order), 0), asked.wanted.id, asked.now)
    order, customer = book(order, customer, refunds)
    order = replace(order, status=OrderStatus.CANCELLED, status_note=arguments.reason)
    return told(asked, order, customer, amount=held(asked.order) - held(order))


def _cancel_lines(asked: Judged, lines: tuple[OrderLine, ...]) -> Effect:
    gone = {line.id for line in lines}
    to_take = sum(payment.amount.amount for payment in still_to_take(asked.order))
    worth = min(left_of(asked.shop, lines), to_take + max(free(asked.shop, asked.order), 0))
    order, refunds = give_back(asked.order, worth, asked.wanted.id, asked.now)
    order, customer = book(order, asked.customer, refunds)
    note = f"cancelled {', '.join(line.title for line in lines)}: {asked.arguments.reason}"
    order = replace(
        order,
        lines=tuple(line for line in order.lines if line.id not in gone),
        shipments=tuple(
            replace(shipment, lines=tuple(line for line in shipment.lines if line not in gone))
            for shipment in order.shipments
            if not set(shipment.lines) <= gone or not shipment.lines
        ),
        status_note="; ".join(filter(None, (order.status_note, note))),
    )
    return told(asked, order, customer, amount=sum(refund.amount.amount for refund in refunds))


def change_address(asked: Judged) -> Effect:
    """The order goes to the new address."""
    arguments = asked.arguments
    assert isinstance(arguments, ChangeAddress)
    new, old = arguments.address.record, asked.order.ship_to
    if old is not None and country_code(new.country) == country_code(old.country):
        new = replace(new, country=old.country)  # as the shop writes it
    return told(asked, replace(asked.order, ship_to=new), asked.customer)


def change_items(asked: Judged) -> Effect:
    """The lines are the new variants, and the difference is settled."""
    order, difference = asked.order, asked.difference
    swaps = {swap.line.id: swap for swap in asked.swaps}
    lines = []
    for line in order.lines:
        swap = swaps.get(line.id)
        if swap is not None and swap.variant is not None and swap.instead is not None:
            line = replace(
                line,
                sku=swap.sku,
                product=swap.instead.id,
                title=line.title if swap.instead is swap.product else swap.instead.title,
                options=swap.variant.options,
                unit_price=swap.unit_price(no_more_than_paid=asked.no_more_than_paid),
            )
        lines.append(line)
    order = replace(order, lines=tuple(lines), status_note=ITEMS_MODIFIED)
    customer = asked.customer
    if order.payments:
        order, entries = _settled(asked, order, difference)
        order, customer = book(order, customer, entries)
    return told(asked, order, customer, amount=max(held(asked.order) - held(order), 0), difference=difference)


def _settled(asked: Judged, order: Order, difference: int) -> tuple[Order, tuple[Payment, ...]]:
    """A difference to pay is taken when the rest is; one to get is first not taken, as far as that has not been."""
    number = f"{asked.wanted.id}-1"
    if difference > 0:
        done = held(order) > 0 or asked.pays_by_gift_card
        at = asked.now if done else None
        return order, (Payment("payment", asked.money(difference), number, asked.method, at, done),)
    order, back = take_less(order, -difference)
    back = min(back, free(asked.shop, order))
    if back <= 0:
        return order, ()
    return order, (Payment("refund", asked.money(back), number, asked.method, asked.now),)


def change_payment(asked: Judged) -> Effect:
    """What was taken goes back to where it came from and is taken with the new method, as is what was still to take."""
    order, arguments = asked.order, asked.arguments
    assert isinstance(arguments, ChangePayment)
    refunds = tuple(
        Payment("refund", asked.money(amount), f"{asked.wanted.id}-{number}", method, asked.now)
        for number, (method, amount) in enumerate(_held(order), start=2)
    )
    to_take = sum(payment.amount.amount for payment in still_to_take(order))
    order, _ = take_less(order, to_take)
    # a gift card pays when the order is made, everything else what was taken already now and the rest later
    taken = max(held(order), 0)
    at_once = taken + (to_take if is_gift_card(asked.customer, arguments.method) else 0)
    later = taken + to_take - at_once
    payments = []
    if at_once > 0:
        payments.append(Payment("payment", asked.money(at_once), f"{asked.wanted.id}-1", arguments.method, asked.now))
    if later > 0:
        number = f"{asked.wanted.id}-{len(refunds) + 2}"
        payments.append(Payment("payment", asked.money(later), number, arguments.method, done=False))
    order, customer = book(order, asked.customer, (*payments, *refunds))
    return told(asked, order, customer)


def _held(order: Order) -> Iterable[tuple[str | None, int]]:
    """What each method paid and has not got back; together what the order holds."""
    rest = held(order)
    for method, amount in held_by_method(order).items():
        part = min(amount, rest)
        if part > 0:
            rest -= part
            yield method, part
