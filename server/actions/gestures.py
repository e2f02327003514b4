"""What the company gives: credit, faster delivery, the same again."""

from dataclasses import replace

from server.actions.arguments import Credit, UpgradeShipping
from server.actions.judging import Judged
from server.actions.money import GIFT_CARD, add_to_gift_card
from server.actions.money_conditions import cost_of
from server.actions.order_conditions import lines_to_leave, to_leave
from server.actions.results import told
from server.actions.shop import Effect
from tools.records import PaymentMethod, Shipment


def credit(asked: Judged) -> Effect:
    """The balance of the customer's gift card is higher; they have a new one if there was none of that currency."""
    arguments, customer, amount = asked.arguments, asked.customer, cost_of(asked)
    assert isinstance(arguments, Credit)
    assert amount is not None, "judged before"
    card = arguments.method or next(
        (
            each.id
            for each in customer.payment_methods
            if each.kind == GIFT_CARD and each.balance is not None and each.balance.currency == amount.currency
        ),
        None,
    )
    if card is None:
        new = PaymentMethod(f"{GIFT_CARD}-{asked.wanted.id}", GIFT_CARD, balance=amount)
        customer = replace(customer, payment_methods=(*customer.payment_methods, new))
    else:
        customer = add_to_gift_card(customer, card, amount)
    return told(asked, asked.shop.order, customer, amount=amount)


def upgrade_shipping(asked: Judged) -> Effect:
    """What has not left goes by the faster service; what is in no shipment yet is in one that will."""
    arguments, order = asked.arguments, asked.order
    assert isinstance(arguments, UpgradeShipping)
    service = arguments.service or asked.rule.service
    waiting = {shipment.id for shipment in to_leave(order)}
    shipments = tuple(replace(each, service=service) if each.id in waiting else each for each in order.shipments)
    rest = lines_to_leave(order)
    if rest:
        shipments = (*shipments, Shipment(f"{asked.wanted.id}-1", rest, service=service))
    return told(asked, replace(order, shipments=shipments), asked.customer, amount=cost_of(asked))


def replace_items(asked: Judged) -> Effect:
    """The lines are in a shipment that is still to leave."""
    again = Shipment(f"{asked.wanted.id}-1", asked.named.ids)
    order = replace(asked.order, shipments=(*asked.order.shipments, again))
    return told(asked, order, asked.customer, amount=cost_of(asked))
