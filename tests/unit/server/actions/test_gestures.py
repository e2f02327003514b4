"""Credit, faster delivery, the same again: where it goes, what it costs, how often."""

from dataclasses import replace

import pytest

from server.actions.kinds import ActionKind
from tests.unit.server.actions.shops import (
    CARD,
    after,
    arrived,
    balances,
    breaks,
    done,
    earlier,
    gift_card,
    only,
    order,
    shop,
    usd,
)
from tools.records import Shipment

K = ActionKind
FREE = only(K.CREDIT)


def test_credit_is_on_the_customers_gift_card():
    effect = done(K.CREDIT, shop(), amount=1000, currency="USD")
    assert (balances(effect), effect.amount) == ({"gift": 11000}, usd(1000))
    assert after(effect) == order()


def test_credit_is_on_the_gift_card_that_is_named():
    at = shop(methods=(gift_card(1, "g1"), gift_card(2, "g2")))
    assert balances(done(K.CREDIT, at, amount=1000, method="g2")) == {"g1": 1, "g2": 1002}


@pytest.mark.parametrize("methods", [(), (CARD,), (gift_card(5, currency="EUR"),), (gift_card(None),)])
def test_who_has_no_gift_card_of_that_currency_gets_one(methods):
    at = replace(shop(methods=methods), order=None)
    effect = done(K.CREDIT, at, amount=1000, currency="USD")
    new = effect.customer.payment_methods[-1]
    assert (new.kind, new.balance, effect.customer.payment_methods[:-1]) == ("gift_card", usd(1000), methods)
    assert new.id not in {each.id for each in methods}
    assert (effect.order, effect.result["gift_cards"][0]["balance"]) == (None, 1000)


@pytest.mark.parametrize(
    ("methods", "told", "wrong"),
    [
        ((CARD,), {"currency": "USD"}, []),
        ((CARD,), {"order": "O-1"}, []),
        ((CARD,), {"order": "O-1", "currency": "EUR"}, ["currency"]),
        ((CARD,), {"currency": "USD", "method": "card"}, ["method"]),
        ((CARD,), {"currency": "USD", "method": "somebody-elses"}, ["method"]),
        ((gift_card(1),), {"currency": "USD", "method": "gift"}, []),
        ((gift_card(1, currency="EUR"),), {"currency": "USD", "method": "gift"}, ["currency"]),
        ((gift_card(None),), {"currency": "USD", "method": "gift"}, ["method"]),
    ],
)
def test_credit_has_a_currency_and_a_place(methods, told, wrong):
    assert breaks(K.CREDIT, shop(methods=methods), FREE, amount=500, **told) == wrong


@pytest.mark.parametrize(
    ("methods", "wrong"),
    [
        ((), ["currency"]),
        ((gift_card(5),), []),
        ((gift_card(5), gift_card(6, "g2")), []),
        ((gift_card(5), gift_card(5, "g2", "EUR")), ["currency"]),
    ],
)
def test_credit_for_no_order_is_in_the_currency_of_the_gift_cards(methods, wrong):
    assert breaks(K.CREDIT, replace(shop(methods=methods), order=None), FREE, amount=500) == wrong


@pytest.mark.parametrize(
    ("amount", "currency", "wrong"),
    [(12500, "USD", []), (12501, "USD", ["most"]), (10000, "GBP", []), (10001, "GBP", ["most"]), (1, "JPY", ["most"])],
)
def test_credit_is_no_more_than_the_rules_most_and_in_a_currency_they_name(amount, currency, wrong):
    assert breaks(K.CREDIT, replace(shop(methods=()), order=None), amount=amount, currency=currency) == wrong


@pytest.mark.parametrize(
    ("before", "wrong"),
    [
        ([], []),
        ([earlier(K.CREDIT, 29, None)], ["per_customer"]),
        ([earlier(K.CREDIT, 30, None)], []),
        ([earlier(K.REFUND, 1)], []),
    ],
)
def test_a_customer_has_it_so_many_times_in_so_many_days(before, wrong):
    assert breaks(K.CREDIT, shop(done=before), amount=500, currency="USD") == wrong


@pytest.mark.parametrize(
    ("before", "wrong"),
    [
        ([earlier(K.CREDIT, 1, None, amount=400, currency="USD")], []),
        ([earlier(K.CREDIT, 1, None, amount=401, currency="USD")], ["per_customer"]),
        ([earlier(K.CREDIT, 8, None, amount=401, currency="USD")], []),
        ([earlier(K.CREDIT, 1, None, amount=900, currency="EUR")], []),
        ([earlier(K.CREDIT, 1, None, amount=200, currency="USD")] * 3, ["per_customer"]),
    ],
)
def test_a_customer_has_so_much_of_it_in_so_many_days(before, wrong):
    rules = only(K.CREDIT, per_customer={"days": 7, "most": {"USD": 900}})
    assert breaks(K.CREDIT, shop(done=before), rules, amount=500, currency="USD") == wrong


def test_a_customer_has_none_in_a_currency_that_the_limit_does_not_name():
    rules = only(K.CREDIT, per_customer={"most": {"GBP": 900}})
    assert breaks(K.CREDIT, shop(), rules, amount=500, currency="USD") == ["per_customer"]


def test_what_has_not_left_goes_by_the_faster_service():
    left = Shipment("S1", ("L1",), service="standard", shipped_at=arrived(3).shipped_at)
    waits = Shipment("S2", ("L2",), service="standard")
    effect = done(K.UPGRADE_SHIPPING, shop(order("processing", shipments=(left, waits))))
    assert after(effect).shipments == (left, replace(waits, service="express"))
    assert (effect.amount, after(effect).total, effect.result["currency"]) == (usd(2000), order().total, "USD")


def test_what_is_in_no_shipment_yet_is_in_one_that_goes_by_the_faster_service():
    effect = done(K.UPGRADE_SHIPPING, shop())
    (planned,) = after(effect).shipments
    assert (planned.lines, planned.service, planned.shipped_at) == (("L1", "L2"), "express", None)


@pytest.mark.parametrize(
    ("shipments", "told", "wrong"),
    [
        ((), {}, []),
        ((), {"service": "Express"}, []),
        ((), {"service": "helicopter"}, ["service"]),
        ((arrived(1),), {}, ["service"]),
        ((Shipment("S1", ("L1", "L2"), service="Express"),), {}, ["service"]),
        ((Shipment("S1", ("L1",), service="express"),), {}, []),
        ((Shipment("S1", ("L1", "L2")),), {}, []),
    ],
)
def test_something_must_be_left_to_go_faster(shipments, told, wrong):
    assert breaks(K.UPGRADE_SHIPPING, shop(order(shipments=shipments)), **told) == wrong


def test_a_service_is_named_by_the_rule_or_by_who_asks():
    rules = only(K.UPGRADE_SHIPPING)
    assert breaks(K.UPGRADE_SHIPPING, shop(), rules) == ["service"]
    effect = done(K.UPGRADE_SHIPPING, shop(), rules, service="courier")
    assert (after(effect).shipments[0].service, effect.amount) == ("courier", None)


@pytest.mark.parametrize(("currency", "wrong"), [("USD", []), ("SEK", ["cost"])])
def test_what_it_costs_is_known_in_the_orders_currency(currency, wrong):
    assert breaks(K.UPGRADE_SHIPPING, shop(replace(order(), currency=currency))) == wrong


def test_an_upgrade_is_no_dearer_than_the_rules_most():
    rules = only(K.UPGRADE_SHIPPING, service="express", cost={"USD": 2000}, most={"USD": 1999})
    assert breaks(K.UPGRADE_SHIPPING, shop(), rules) == ["most"]


def test_replaced_lines_are_in_a_shipment_that_is_still_to_leave():
    before = order("delivered", shipments=(arrived(5),))
    effect = done(K.REPLACE_ITEMS, shop(before), lines=["L2"], reason="broken")
    assert after(effect).shipments[0] == arrived(5)
    assert (after(effect).shipments[1].lines, after(effect).shipments[1].shipped_at) == (("L2",), None)
    assert (after(effect).status, effect.amount) == ("delivered", usd(6000))


def test_what_is_still_to_be_sent_is_not_replaced():
    waits = (arrived(5, ["L1"]), Shipment("S2", ("L2",)))
    assert breaks(K.REPLACE_ITEMS, shop(order("delivered", shipments=waits)), lines=["L2"]) == ["lines"]
    assert breaks(K.REPLACE_ITEMS, shop(order("delivered", shipments=waits)), lines=["L1"]) == []


def test_a_replacement_costs_what_the_lines_cost():
    rules = only(K.REPLACE_ITEMS, most={"USD": 5999})
    assert breaks(K.REPLACE_ITEMS, shop(), rules, lines=["L1"]) == []
    assert breaks(K.REPLACE_ITEMS, shop(), rules, lines=["L2"]) == ["most"]
