"""Preconditions about variants, payment methods and amounts. Each says what is wrong, or nothing."""

from collections.abc import Iterator
from datetime import timedelta

from server.actions.arguments import ChangePayment, Credit, ReplaceItems, SwapArguments
from server.actions.broken import Broken
from server.actions.given_back import free as still_free
from server.actions.given_back import made_by_us
from server.actions.judging import Judged
from server.actions.kinds import IN_WORDS
from server.actions.lines import Swap, value_of
from server.actions.money import (
    GIFT_CARD,
    coming_back,
    find_promised,
    held,
    own_method,
    paying_methods,
    room,
    still_to_take,
)
from tools.records import Money


def variants_may_be(asked: Judged) -> Iterator[Broken]:
    """Each line becomes another variant that can be had: of the same product, where it must be."""
    for swap in asked.swaps:
        yield from _variant_may_be(asked, swap)


def _variant_may_be(asked: Judged, swap: Swap) -> Iterator[Broken]:
    same = asked.rule.same_product
    if swap.same:
        yield Broken("other_variant", f"{swap.sku} is what line {swap.line.id} is; name another variant")
    elif swap.variant is None:
        yield Broken("same_product" if same else "new_skus", f"{swap.sku} is no variant {_of(swap, same=same)}")
    elif same and (swap.product is None or swap.instead is not swap.product):
        yield Broken("same_product", f"{swap.sku} is no variant {_of(swap, same=True)}")
    elif swap.variant.available is False:
        yield Broken("available", f"{swap.sku} is not available")
    elif swap.variant.price.currency != asked.order.currency:
        words = f"{swap.sku} is sold in {swap.variant.price.currency}, and the order is in {asked.order.currency}"
        yield Broken("currency", words)


def _of(swap: Swap, *, same: bool) -> str:
    return f"of {swap.product.title if swap.product else swap.line.title}" if same else "that the shop has"


def method_for_difference(asked: Judged) -> Iterator[Broken]:
    """The difference is paid or paid back with a method of the customer; a gift card covers it."""
    if not isinstance(asked.arguments, SwapArguments) or asked.named.wrong or any(variants_may_be(asked)):
        return
    difference = asked.difference
    if asked.method is None:
        if difference and asked.order.payments:
            words = f"the difference is {asked.money(difference)}; say with which payment `method` it is settled"
            yield Broken("method", words)
        return
    wrong = tuple(method_may_be(asked))
    yield from wrong or _gift_card_covers(asked, max(difference, 0))


def method_may_be(asked: Judged) -> Iterator[Broken]:
    """The method is the customer's, and one that the rule allows."""
    own = own_method(asked.customer, asked.method)
    allowed, paid = asked.rule.method, asked.method in paying_methods(asked.order)
    if own is None:
        # what paid for the order gets its money back though the customer has not kept it
        if allowed == "own" or not paid:
            yield Broken("method", f"{asked.method} is not one of this customer's payment methods")
        return
    if allowed == "original" and not paid:
        yield Broken("method", f"{own.id} did not pay for this order; the money goes back to where it came from")
    elif allowed == "original_or_gift_card" and not paid and own.kind != GIFT_CARD:
        words = f"{own.id} did not pay for this order; the money goes back to where it came from, or to a gift card"
        yield Broken("method", words)
    elif own.kind == GIFT_CARD and own.balance is not None and own.balance.currency != asked.order.currency:
        words = f"gift card {own.id} is in {own.balance.currency}, and the order is in {asked.order.currency}"
        yield Broken("currency", words)


def method_for_money_back(asked: Judged) -> Iterator[Broken]:
    """The money goes back with a method of the customer that the rule allows."""
    if asked.method is not None:
        yield from method_may_be(asked)
        return
    paid = paying_methods(asked.order)
    if any(method is not None for method in paid):
        yield Broken("method", "the order was paid in several ways; say with which `method` the money goes back")


def other_method(asked: Judged) -> Iterator[Broken]:
    """There is something to pay, and the new method is the customer's and pays none of it yet; a gift card pays all."""
    told, order = asked.arguments, asked.order
    assert isinstance(told, ChangePayment)
    to_take = still_to_take(order)
    amount = max(held(order), 0) + sum(payment.amount.amount for payment in to_take)
    if amount <= 0:
        yield Broken("method", "no payment of this order is on record, so none can be made in another way")
        return
    if told.method in {*paying_methods(order), *(payment.method for payment in to_take)}:
        yield Broken("method", f"{told.method} pays this order already; name another method")
        return
    wrong = tuple(method_may_be(asked))
    yield from wrong or _gift_card_covers(asked, amount)


def _gift_card_covers(asked: Judged, amount: int) -> Iterator[Broken]:
    own = own_method(asked.customer, asked.method)
    if own is None or own.kind != GIFT_CARD or amount <= 0:
        return
    if own.balance is None:
        yield Broken("gift_card", f"nobody knows what is left on gift card {own.id}; look at it first")
    elif own.balance.amount < amount:
        words = f"gift card {own.id} has {own.balance} left, which does not cover {asked.money(amount)}"
        yield Broken("gift_card", words)


def no_more_than_taken(asked: Judged) -> Iterator[Broken]:
    """Not more goes back than was taken, has not gone back and will not, and to no method more than it paid."""
    amount, method = asked.amount, asked.method
    if amount is None:
        return
    promised = find_promised(asked.order, amount, method)
    if promised is not None and promised.id not in made_by_us(asked.shop):
        return
    free = still_free(asked.shop, asked.order) - coming_back(asked.order)
    if amount > free:
        left = asked.money(max(free, 0))
        yield Broken("amount", f"{left} can still be given back of this order; {asked.money(amount)} is more")
    elif method is not None and not asked.pays_by_gift_card and amount > room(asked.order, method):
        left = asked.money(max(room(asked.order, method), 0))
        yield Broken("amount", f"{left} of this order can still go back to {method}; {asked.money(amount)} is more")


def gesture_is_small(asked: Judged) -> Iterator[Broken]:
    """It comes to no more than the rule's most, in a currency that it names."""
    amount, most = cost_of(asked), asked.rule.most
    if amount is None or not most:
        return
    if amount.currency not in most:
        yield Broken("most", f"the rules name no amount in {amount.currency} that may be given")
    elif amount.amount > most[amount.currency]:
        words = f"{amount} is more than the {Money(most[amount.currency], amount.currency)} that may be given at once"
        yield Broken("most", words)


def customer_has_room(asked: Judged) -> Iterator[Broken]:
    """Neither how often nor how much the customer was given it in the last days is more than the rule lets be."""
    limit, kind = asked.rule.per_customer, asked.wanted.kind
    if limit is None:
        return
    since = asked.now - timedelta(days=limit.days)
    before = [earlier for earlier in asked.shop.done if earlier.kind == kind and earlier.at > since]
    if limit.times is not None and len(before) >= limit.times:
        words = f"this customer has had {IN_WORDS[kind]} {len(before)} times in {limit.days} days"
        yield Broken("per_customer", f"{words}, and {limit.times} is the most")
    amount = cost_of(asked)
    if amount is None or not limit.most:
        return
    currency, most = amount.currency, limit.most.get(amount.currency, 0)
    given = sum(earlier.result.get("amount") or 0 for earlier in before if earlier.result.get("currency") == currency)
    if given + amount.amount > most:
        words = (
            f"with {amount} this customer would have had {Money(given + amount.amount, currency)} in {limit.days} days"
        )
        yield Broken("per_customer", f"{words}; {Money(most, currency)} is the most")


def cost_is_known(asked: Judged) -> Iterator[Broken]:
    """The rules say what it costs in the order's currency, if they say what it costs."""
    if asked.rule.cost and asked.order.currency not in asked.rule.cost:
        yield Broken("cost", f"the rules do not say what it costs in {asked.order.currency}")


def credit_has_a_place(asked: Judged) -> Iterator[Broken]:
    """The credit is in one currency, and its gift card, if one is named, is the customer's and in that."""
    told = asked.arguments
    assert isinstance(told, Credit)
    currency = credit_currency(asked)
    if currency is None:
        yield Broken("currency", "`currency` is missing; give a currency such as EUR")
        return
    if asked.shop.order is not None and asked.order.currency != currency:
        yield Broken("currency", f"the order is in {asked.order.currency}, not in {currency}")
    if told.method is None:
        return
    own = own_method(asked.customer, told.method)
    if own is None:
        yield Broken("method", f"{told.method} is not one of this customer's payment methods")
    elif own.kind != GIFT_CARD or own.balance is None:
        yield Broken("method", f"{told.method} is no gift card with a balance; leave `method` out for a new one")
    elif own.balance.currency != currency:
        yield Broken("currency", f"gift card {own.id} is in {own.balance.currency}, and the credit in {currency}")


def credit_currency(asked: Judged) -> str | None:
    """The currency of a credit: as told, or the order's, or that of all of the customer's gift cards."""
    told = asked.arguments
    assert isinstance(told, Credit)
    if told.currency is not None or asked.shop.order is not None:
        return told.currency or asked.order.currency
    balances = {each.balance.currency for each in asked.customer.payment_methods if each.balance is not None}
    return balances.pop() if len(balances) == 1 else None


def cost_of(asked: Judged) -> Money | None:
    """What a gesture comes to; None of anything else, and of what costs nothing."""
    told = asked.arguments
    if isinstance(told, Credit):
        currency = credit_currency(asked)
        return Money(told.amount, currency) if currency else None
    if asked.amount is not None:
        return asked.money(asked.amount)
    if isinstance(told, ReplaceItems):
        return asked.money(value_of(asked.named.lines))
    cost = asked.rule.cost.get(asked.order.currency)
    return asked.money(cost) if cost else None
