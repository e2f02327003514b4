"""Whose money an order holds, and moving it. A promised payment has not been taken, a promised refund not been made."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tools.records import Customer, Money, Order, Payment, PaymentMethod

GIFT_CARD = "gift_card"


def own_method(customer: Customer, method: str | None) -> PaymentMethod | None:
    """The customer's payment method of this id."""
    return next((each for each in customer.payment_methods if each.id == method), None)


def is_gift_card(customer: Customer, method: str | None) -> bool:
    """Whether it is a gift card of this customer."""
    own = own_method(customer, method)
    return own is not None and own.kind == GIFT_CARD


def held_by_method(order: Order) -> dict[str | None, int]:
    """What was taken with each method and has not gone back to it, in the order of the payments."""
    held: dict[str | None, int] = {}
    for payment in order.payments:
        if payment.done:
            held[payment.method] = held.get(payment.method, 0) + _signed(payment)
    return held


def held(order: Order) -> int:
    """What was taken for the order and has not gone back."""
    return sum(held_by_method(order).values())


def promised_back(order: Order) -> tuple[Payment, ...]:
    """The refunds that were promised and have not been made."""
    return tuple(payment for payment in order.payments if payment.kind == "refund" and not payment.done)


def still_to_take(order: Order) -> tuple[Payment, ...]:
    """The payments that were promised and have not been taken."""
    return tuple(payment for payment in order.payments if payment.kind == "payment" and not payment.done)


def paying_methods(order: Order) -> tuple[str | None, ...]:
    """The methods whose money the order holds, in the order of their payments."""
    return tuple(method for method, amount in held_by_method(order).items() if amount > 0)


def room(order: Order, method: str | None = None) -> int:
    """What can still be given back: of everything, or of what was taken with one method."""
    if method is None:
        return held(order) - sum(payment.amount.amount for payment in promised_back(order))
    promised = sum(payment.amount.amount for payment in promised_back(order) if payment.method == method)
    return held_by_method(order).get(method, 0) - promised


def coming_back(order: Order) -> int:
    """What the lines cost that are on their way back: their money follows when they are here."""
    lines = {line for each in order.returns if each.kind == "return" and not each.received_at for line in each.lines}
    return sum(line.quantity * line.unit_price.amount for line in order.lines if line.id in lines)


def find_promised(order: Order, amount: int, method: str | None) -> Payment | None:
    """The promised refund of exactly this amount, to this method if one is named: a refund carries it out."""
    return next(
        (
            payment
            for payment in promised_back(order)
            if payment.amount.amount == amount and (method is None or payment.method in (None, method))
        ),
        None,
    )


def give_back(order: Order, amount: int, number: str, now: datetime) -> tuple[Order, tuple[Payment, ...]]:
    """Up to `amount` back to where it came from: first what has not been taken is not taken, then payment by payment.

    Returns:
        The order with less still to take, and the refunds to book.
    """
    order, rest = take_less(order, amount)
    left = held_by_method(order)
    rest = min(rest, room(order))
    refunds: list[Payment] = []
    for payment in order.payments:
        if payment.kind != "payment" or not payment.done:
            continue
        part = min(payment.amount.amount, left[payment.method], rest)
        if part > 0:
            left[payment.method] -= part
            rest -= part
            refunds.append(
                Payment(
                    "refund",
                    Money(part, order.currency),
                    id=f"{number}-{len(refunds) + 1}",
                    method=payment.method,
                    at=now,
                )
            )
    return order, tuple(refunds)


def take_less(order: Order, amount: int) -> tuple[Order, int]:
    """Lower what is still to be taken, the last payment first, by up to `amount`; and what of it is left."""
    payments: list[Payment] = []
    for payment in reversed(order.payments):
        less = min(amount, payment.amount.amount) if payment.kind == "payment" and not payment.done else 0
        amount -= less
        if less < payment.amount.amount or payment.amount.amount == 0:
            payments.append(replace(payment, amount=Money(payment.amount.amount - less, order.currency)))
    return replace(order, payments=tuple(reversed(payments))), amount


def make_promised(
    order: Order, customer: Customer, promised: Payment, now: datetime, *, method: str | None
) -> tuple[Order, Customer]:
    """Carry a promised refund out, with this method."""
    made = replace(promised, method=method, done=True, at=now)
    place = order.payments.index(promised)
    payments = (*order.payments[:place], made, *order.payments[place + 1 :])
    return replace(order, payments=payments), _moved(customer, made)


def book(order: Order, customer: Customer, payments: Sequence[Payment]) -> tuple[Order, Customer]:
    """Add payments and refunds to the order; those that are done move the balances of the customer's gift cards."""
    for payment in payments:
        customer = _moved(customer, payment)
    return replace(order, payments=(*order.payments, *payments)), customer


def add_to_gift_card(customer: Customer, method: str, amount: Money) -> Customer:
    """Raise (or, below nothing, lower) the balance of a gift card, if it is known and of that currency."""
    return replace(
        customer,
        payment_methods=tuple(
            replace(each, balance=Money(each.balance.amount + amount.amount, amount.currency))
            if each.id == method
            and each.kind == GIFT_CARD
            and each.balance is not None
            and each.balance.currency == amount.currency
            else each
            for each in customer.payment_methods
        ),
    )


def _moved(customer: Customer, payment: Payment) -> Customer:
    if not payment.done or payment.method is None:
        return customer
    return add_to_gift_card(customer, payment.method, Money(-_signed(payment), payment.amount.currency))


def _signed(payment: Payment) -> int:
    return payment.amount.amount if payment.kind == "payment" else -payment.amount.amount
