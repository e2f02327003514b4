"""Where an order goes, and how it is paid."""

from dataclasses import replace

import pytest

from server.actions.kinds import ActionKind
from tests.unit.server.actions.shops import (
    CARD,
    HOME,
    NEW_HOME,
    after,
    balances,
    breaks,
    done,
    entries,
    gift_card,
    only,
    order,
    paid,
    refunded,
    shop,
)
from tools.records import Address

K = ActionKind


def test_an_order_goes_to_its_new_address_and_nothing_else_changes():
    effect = done(K.CHANGE_ADDRESS, shop(), address={**NEW_HOME, "line2": "", "region": "CO"})
    assert after(effect) == replace(order(), ship_to=Address("9 Oak Ave", "Denver", "US", region="CO"))
    assert (effect.customer, effect.amount) == (shop().customer, None)
    assert effect.result["ship_to"]["city"] == "Denver"


@pytest.mark.parametrize(("country", "wrong"), [("US", []), ("us", []), ("CA", ["same_country"])])
def test_an_order_stays_in_its_country_where_it_must(country, wrong):
    address = {**NEW_HOME, "country": country}
    assert breaks(K.CHANGE_ADDRESS, shop(), only(K.CHANGE_ADDRESS, same_country=True), address=address) == wrong
    assert breaks(K.CHANGE_ADDRESS, shop(), address=address) == []


def test_an_order_of_unknown_address_may_go_anywhere():
    rules = only(K.CHANGE_ADDRESS, same_country=True)
    assert breaks(K.CHANGE_ADDRESS, shop(order(ship_to=None)), rules, address=NEW_HOME) == []
    assert order().ship_to == HOME


def test_an_order_is_paid_in_another_way():
    effect = done(K.CHANGE_PAYMENT, shop(), method="paypal")
    assert entries(effect, shop()) == [("payment", 8000, "paypal"), ("refund", 8000, "card")]
    assert (after(effect).status, after(effect).total, effect.amount) == ("pending", order().total, None)


@pytest.mark.parametrize(
    ("payments", "method", "moved"),
    [
        ([paid(5000), paid(3000, "paypal")], "gift", [("card", 5000), ("paypal", 3000)]),
        ([paid(5000), paid(3000)], "gift", [("card", 8000)]),
        ([paid(8000), paid(8000, "paypal"), refunded(8000)], "card", [("paypal", 8000)]),
        ([paid(8000), refunded(500)], "paypal", [("card", 7500)]),
        ([paid(5000), paid(3000, "paypal"), refunded(1000, "gift")], "gift", [("card", 5000), ("paypal", 2000)]),
    ],
)
def test_every_method_that_paid_gets_back_what_the_new_one_pays(payments, method, moved):
    at = shop(order(payments=payments))
    effect = done(K.CHANGE_PAYMENT, at, method=method)
    added = after(effect).payments[len(payments) :]
    assert [(each.kind, each.amount.amount, each.method) for each in added] == [
        ("payment", sum(amount for _, amount in moved), method),
        *(("refund", amount, old) for old, amount in moved),
    ]
    assert len({each.id for each in added}) == len(added)


@pytest.mark.parametrize(
    ("payments", "method", "wrong"),
    [
        ([paid(8000)], "paypal", []),
        ([paid(8000)], "card", ["method"]),
        ([paid(8000)], "somebody-elses", ["method"]),
        ([paid(5000), paid(3000, "paypal")], "paypal", ["method"]),
        ([paid(8000, done=False)], "card", ["method"]),
        ([], "paypal", ["method"]),
        ([paid(8000), refunded(8000)], "paypal", ["method"]),
    ],
)
def test_the_new_method_is_another_one_of_the_customers(payments, method, wrong):
    assert breaks(K.CHANGE_PAYMENT, shop(order(payments=payments)), method=method) == wrong


@pytest.mark.parametrize(
    ("card", "wrong"),
    [
        (gift_card(8000), []),
        (gift_card(7999), ["gift_card"]),
        (gift_card(None), ["gift_card"]),
        (gift_card(9000, currency="EUR"), ["currency"]),
    ],
)
def test_a_gift_card_covers_the_whole_order(card, wrong):
    assert breaks(K.CHANGE_PAYMENT, shop(methods=(CARD, card)), method="gift") == wrong


def test_what_is_on_gift_cards_moves():
    at = shop(order(payments=[paid(8000, "g1")]), methods=(gift_card(5, "g1"), gift_card(9000, "g2")))
    assert balances(done(K.CHANGE_PAYMENT, at, method="g2")) == {"g1": 8005, "g2": 1000}


def test_what_has_not_been_taken_is_taken_from_the_new_method_then():
    at = shop(order(payments=[paid(3000, "gift"), paid(5000, done=False)]))
    effect = done(K.CHANGE_PAYMENT, at, method="paypal")
    assert [(each.kind, each.amount.amount, each.method, each.done) for each in after(effect).payments] == [
        ("payment", 3000, "gift", True),
        ("payment", 3000, "paypal", True),
        ("payment", 5000, "paypal", False),
        ("refund", 3000, "gift", True),
    ]


def test_a_gift_card_pays_what_has_not_been_taken_now():
    at = shop(order(payments=[paid(8000, done=False)]))
    effect = done(K.CHANGE_PAYMENT, at, method="gift")
    assert [(each.amount.amount, each.method, each.done) for each in after(effect).payments] == [(8000, "gift", True)]
    assert balances(effect) == {"gift": 2000}


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ("us", True),
        ("United States", True),
        ("USA", True),
        ("Vereinigte Staaten", True),
        ("Canada", False),
        ("GB", False),
    ],
)
def test_a_country_is_the_same_by_its_code_and_by_its_name_and_stays_as_the_shop_writes_it(told, same):
    rules, address = only(ActionKind.CHANGE_ADDRESS, same_country=True), NEW_HOME | {"country": told}
    assert breaks(ActionKind.CHANGE_ADDRESS, shop(), rules, address=address) == ([] if same else ["same_country"])
    if same:
        assert after(done(ActionKind.CHANGE_ADDRESS, shop(), rules, address=address)).ship_to.country == "US"
