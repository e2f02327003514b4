"""What becomes of an order that has arrived: lines on their way back, money given back."""

from dataclasses import replace

from server.actions.arguments import LinesArguments
from server.actions.given_back import REFUNDED, by_line, free, left_of, share_out
from server.actions.judging import Judged
from server.actions.money import book, find_promised, make_promised
from server.actions.results import told
from server.actions.shop import Effect
from tools.records import OrderStatus, Payment, Return


def return_items(asked: Judged) -> Effect:
    """The lines are on their way back. Their money goes back when they are here, by the shop's own course."""
    return told(
        asked,
        replace(
            asked.order,
            status=OrderStatus.RETURN_REQUESTED,
            returns=(*asked.order.returns, _coming(asked, "return")),
        ),
        asked.customer,
        amount=_to_go_back(asked, left_of(asked.shop, asked.named.lines)),
    )


def exchange_items(asked: Judged) -> Effect:
    """The lines are on their way back and the new ones noted. The difference is settled when they are here."""
    difference = asked.difference
    coming = replace(_coming(asked, "exchange"), new_skus=asked.named.new_skus, difference=asked.money(difference))
    order = replace(asked.order, status=OrderStatus.EXCHANGE_REQUESTED, returns=(*asked.order.returns, coming))
    return told(asked, order, asked.customer, amount=_to_go_back(asked, -difference), difference=difference)


def _to_go_back(asked: Judged, amount: int) -> int:
    """As much of an amount as was paid and is still here; all of it where no payment is on record."""
    return max(min(amount, free(asked.shop, asked.order)) if asked.order.payments else amount, 0)


def _coming(asked: Judged, kind: str) -> Return:
    assert isinstance(asked.arguments, LinesArguments)
    return Return(
        id=f"{asked.wanted.id}-1",
        kind=kind,
        lines=asked.named.ids,
        reason=asked.arguments.reason,
        requested_at=asked.now,
        method=asked.method,
    )


def refund(asked: Judged) -> Effect:
    """The money goes back. A refund that was promised is carried out rather than made a second time."""
    amount, order, customer = asked.amount, asked.order, asked.customer
    assert amount is not None, "judged before"
    promised = find_promised(order, amount, asked.method)
    if promised is not None:
        order, customer = make_promised(order, customer, promised, asked.now, method=asked.method)
    else:
        entry = Payment("refund", asked.money(amount), f"{asked.wanted.id}-1", asked.method, asked.now)
        order, customer = book(order, customer, (entry,))
    effect = told(asked, order, customer, amount=amount)
    shares = share_out(asked.named.lines, amount, by_line(asked.shop))
    return replace(effect, result={**effect.result, REFUNDED: shares}) if shares else effect
