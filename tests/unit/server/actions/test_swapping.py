"""Changing items before they leave, exchanging them after they came: which variant, and what of the difference."""

from dataclasses import replace

import pytest

from server.actions.kinds import ActionKind
from tests.unit.server.actions.shops import (
    CARD,
    DEFAULT,
    NOW,
    after,
    balances,
    breaks,
    done,
    entries,
    gift_card,
    line,
    only,
    order,
    paid,
    refunded,
    shop,
    usd,
)

K = ActionKind
SWAPS = [K.CHANGE_ITEMS, K.EXCHANGE_ITEMS]
STATUS = {K.CHANGE_ITEMS: "pending", K.EXCHANGE_ITEMS: "delivered"}


def _shop(kind, lines=None, payments=None, **more):
    return shop(order(STATUS[kind], lines, payments), **more)


@pytest.mark.parametrize("kind", SWAPS)
@pytest.mark.parametrize(
    ("sku", "wrong"),
    [
        ("shirt-m", []),
        ("shirt-l", []),
        ("shirt-xs", []),  # the shop does not say whether it is there
        ("shirt-s", ["other_variant"]),
        ("shirt-xl", ["available"]),
        ("lamp-blue", ["same_product"]),
        ("shirt-xxl", ["same_product"]),
        ("shirt-eu", ["currency"]),
    ],
)
def test_a_line_becomes_another_variant_of_its_product_that_is_there(kind, sku, wrong):
    assert breaks(kind, _shop(kind), lines=["L1"], new_skus=[sku], method="card") == wrong


@pytest.mark.parametrize("kind", SWAPS)
def test_every_line_is_looked_at(kind):
    told = {"lines": ["L1", "L2"], "method": "card"}
    assert breaks(kind, _shop(kind), new_skus=["shirt-m", "lamp-blue"], **told) == []
    assert breaks(kind, _shop(kind), new_skus=["shirt-m", "lamp-red"], **told) == ["other_variant"]
    assert breaks(kind, _shop(kind), new_skus=["lamp-blue", "shirt-m"], **told) == ["same_product", "same_product"]


@pytest.mark.parametrize("kind", SWAPS)
def test_there_are_as_many_new_skus_as_lines(kind):
    assert breaks(kind, _shop(kind), lines=["L1", "L2"], new_skus=["shirt-m"], method="card") == ["new_skus"]
    assert breaks(kind, _shop(kind), lines=["L1"], new_skus=["shirt-m", "lamp-blue"], method="card") == ["new_skus"]


@pytest.mark.parametrize("kind", SWAPS)
def test_another_product_may_be_had_where_the_rule_lets_it(kind):
    rules = only(kind, same_product=False)
    assert breaks(kind, _shop(kind), rules, lines=["L1"], new_skus=["lamp-blue"], method="card") == []
    assert breaks(kind, _shop(kind), rules, lines=["L1"], new_skus=["sofa"], method="card") == ["new_skus"]
    assert breaks(kind, _shop(kind), rules, lines=["L1"], new_skus=["shirt-s"], method="card") == ["other_variant"]


@pytest.mark.parametrize("kind", SWAPS)
def test_a_line_that_the_catalogue_does_not_know_becomes_nothing(kind):
    gone = replace(_shop(kind), products={})
    assert breaks(kind, gone, lines=["L1"], new_skus=["shirt-m"], method="card") == ["same_product"]


@pytest.mark.parametrize("kind", SWAPS)
def test_a_line_of_no_product_is_known_by_its_sku(kind):
    bare = replace(line("L1", "shirt-s"), product=None)
    at = _shop(kind, [bare])
    assert breaks(kind, at, lines=["L1"], new_skus=["shirt-m"], method="card") == []
    assert breaks(kind, at, lines=["L1"], new_skus=["lamp-red"], method="card") == ["same_product"]


@pytest.mark.parametrize("kind", SWAPS)
def test_a_line_of_no_sku_is_the_variant_of_its_options(kind):
    at = _shop(kind, [replace(line("L1", "shirt-s"), sku=None)])
    assert breaks(kind, at, lines=["L1"], new_skus=["shirt-s"], method="card") == ["other_variant"]
    assert breaks(kind, at, lines=["L1"], new_skus=["shirt-m"], method="card") == []


@pytest.mark.parametrize("kind", SWAPS)
@pytest.mark.parametrize(
    ("method", "wrong"),
    [("card", []), ("paypal", []), ("gift", []), ("somebody-elses", ["method"]), (None, ["method"])],
)
def test_the_difference_is_settled_with_any_method_of_the_customer(kind, method, wrong):
    named = {} if method is None else {"method": method}
    assert breaks(kind, _shop(kind), lines=["L1"], new_skus=["shirt-m"], **named) == wrong
    assert breaks(kind, _shop(kind), lines=["L1"], new_skus=["shirt-l"], **named) == wrong


@pytest.mark.parametrize("kind", SWAPS)
def test_no_method_is_needed_where_there_is_no_difference(kind):
    assert breaks(kind, _shop(kind), lines=["L2"], new_skus=["lamp-blue"]) == []
    assert breaks(kind, _shop(kind), lines=["L2"], new_skus=["lamp-blue"], method="somebody-elses") == ["method"]


@pytest.mark.parametrize("kind", SWAPS)
@pytest.mark.parametrize(("balance", "wrong"), [(500, []), (499, ["gift_card"]), (None, ["gift_card"])])
def test_a_gift_card_covers_the_difference(kind, balance, wrong):
    at = _shop(kind, methods=(CARD, gift_card(balance)))
    assert breaks(kind, at, lines=["L1"], new_skus=["shirt-m"], method="gift") == wrong


@pytest.mark.parametrize("kind", SWAPS)
def test_a_gift_card_covers_the_sum_of_the_differences(kind):
    lines = (line("L1", "shirt-s"), line("L2", "shirt-s"), line("L3", "shirt-m"))
    both = {"lines": ["L1", "L2"], "new_skus": ["shirt-m", "shirt-m"], "method": "gift"}
    assert breaks(kind, _shop(kind, lines, methods=(gift_card(1000),)), **both) == []
    assert breaks(kind, _shop(kind, lines, methods=(gift_card(999),)), **both) == ["gift_card"]
    one_up_one_down = {"lines": ["L1", "L3"], "new_skus": ["shirt-m", "shirt-s"], "method": "gift"}
    assert breaks(kind, _shop(kind, lines, methods=(gift_card(0),)), **one_up_one_down) == []


@pytest.mark.parametrize("kind", SWAPS)
def test_a_gift_card_that_gets_the_difference_need_not_cover_it(kind):
    at = _shop(kind, methods=(CARD, gift_card(0)))
    assert breaks(kind, at, lines=["L1"], new_skus=["shirt-l"], method="gift") == []


@pytest.mark.parametrize("kind", SWAPS)
def test_a_gift_card_of_another_currency_settles_nothing(kind):
    at = _shop(kind, methods=(CARD, gift_card(9999, currency="EUR")))
    assert breaks(kind, at, lines=["L1"], new_skus=["shirt-m"], method="gift") == ["currency"]


def test_changed_items_are_the_new_ones_and_cost_what_they_cost():
    effect = done(K.CHANGE_ITEMS, shop(), lines=["L1"], new_skus=["shirt-m"], method="paypal")
    changed = after(effect).lines[0]
    assert (changed.sku, changed.unit_price, changed.options) == ("shirt-m", usd(2500), {"size": "M"})
    assert after(effect).lines[1] == order().lines[1]
    assert (after(effect).status, after(effect).status_note) == ("pending", "items modified")
    assert entries(effect, shop()) == [("payment", 500, "paypal")]
    assert (effect.amount, effect.result["difference"]) == (None, 500)


def test_what_changed_items_cost_less_goes_back():
    effect = done(K.CHANGE_ITEMS, shop(), lines=["L1"], new_skus=["shirt-l"], method="card")
    assert entries(effect, shop()) == [("refund", 200, "card")]
    assert (effect.amount, effect.result["difference"]) == (usd(200), -200)


def test_every_piece_of_a_line_counts():
    at = shop(order(lines=[line("L1", "shirt-s", 3)]))
    effect = done(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"], method="card")
    assert entries(effect, at) == [("payment", 1500, "card")]


def test_the_pieces_of_a_line_become_one_variant():
    at = shop(order(lines=[line("L1", "shirt-s", 2)]))
    named = {"lines": ["shirt-s", "shirt-s"], "method": "card"}
    assert after(done(K.CHANGE_ITEMS, at, new_skus=["shirt-m", "shirt-m"], **named)).lines[0].sku == "shirt-m"
    assert breaks(K.CHANGE_ITEMS, at, new_skus=["shirt-m", "shirt-l"], **named) == ["new_skus"]


def test_two_lines_that_hold_the_same_become_each_what_it_is_to_be():
    at = shop(order(lines=[line("L1", "shirt-s"), line("L2", "shirt-s")]))
    effect = done(K.CHANGE_ITEMS, at, lines=["shirt-s", "shirt-s"], new_skus=["shirt-m", "shirt-l"], method="card")
    assert [each.sku for each in after(effect).lines] == ["shirt-m", "shirt-l"]
    assert entries(effect, at) == [("payment", 300, "card")]


def test_what_the_customer_paid_counts_and_not_what_it_costs_today():
    at = shop(order(lines=[line("L1", "shirt-s", price=1500)]))
    effect = done(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"], method="card")
    assert entries(effect, at) == [("payment", 1000, "card")]


def test_a_gift_card_pays_at_once_and_gets_back_at_once():
    up = done(K.CHANGE_ITEMS, shop(), lines=["L1"], new_skus=["shirt-m"], method="gift")
    down = done(K.CHANGE_ITEMS, shop(), lines=["L1"], new_skus=["shirt-l"], method="gift")
    assert (balances(up), balances(down)) == ({"gift": 9500}, {"gift": 10200})
    assert up.result["gift_cards"] == [{"id": "gift", "kind": "gift_card", "balance": 9500, "currency": "USD"}]


def test_without_a_difference_no_money_moves():
    effect = done(K.CHANGE_ITEMS, shop(), lines=["L2"], new_skus=["lamp-blue"], method="card")
    assert entries(effect, shop()) == []
    assert after(effect).lines[1].options == {"colour": "blue"}


def test_what_has_not_been_taken_yet_is_taken_with_the_rest_or_not_at_all():
    at = shop(order(payments=[paid(8000, done=False)]))
    up = done(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"], method="card")
    down = done(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-l"], method="card")
    assert [(each.kind, each.amount, each.done) for each in after(up).payments] == [
        ("payment", usd(8000), False),
        ("payment", usd(500), False),
    ]
    assert [(each.kind, each.amount, each.done) for each in after(down).payments] == [("payment", usd(7800), False)]


def test_an_order_without_any_payment_on_record_gets_none():
    at = shop(order(payments=[]))
    assert breaks(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"]) == []
    effect = done(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"], method="card")
    assert (after(effect).payments, effect.result["difference"]) == ((), 500)


def test_an_exchange_is_noted_and_charges_nothing_yet():
    lines = [line("L1", "shirt-s"), line("L2", "shirt-s"), line("L3", "lamp-red")]
    at = shop(order("delivered", lines))
    named = {"lines": ["L3", "L2"], "new_skus": ["lamp-blue", "shirt-m"], "method": "gift", "reason": "too small"}
    effect = done(K.EXCHANGE_ITEMS, at, **named)
    (noted,) = after(effect).returns
    assert (noted.kind, noted.lines, noted.new_skus) == ("exchange", ("L3", "L2"), ("lamp-blue", "shirt-m"))
    assert (noted.method, noted.difference, noted.reason) == ("gift", usd(500), "too small")
    assert noted.requested_at == NOW
    assert after(effect).status == "exchange_requested"
    assert (after(effect).lines, after(effect).payments) == (tuple(lines), at.order.payments if at.order else ())
    assert (balances(effect), effect.amount) == ({"gift": 10000}, None)


def test_an_exchange_that_costs_less_says_what_goes_back():
    effect = done(K.EXCHANGE_ITEMS, shop(order("delivered")), lines=["L1"], new_skus=["shirt-l"], method="paypal")
    assert (after(effect).returns[0].difference, effect.amount) == (usd(-200), usd(200))


@pytest.mark.parametrize(("sku", "difference"), [("shirt-m", 0), ("shirt-l", -200)])
def test_where_the_paid_price_is_kept_only_less_counts(sku, difference):
    rules = only(K.EXCHANGE_ITEMS, price="no_more_than_paid")
    named = {"lines": ["L1"], "new_skus": [sku], "method": "gift"}
    effect = done(K.EXCHANGE_ITEMS, shop(order("delivered"), methods=(gift_card(0),)), rules, **named)
    assert effect.result["difference"] == difference


def test_changed_items_keep_the_paid_price_where_the_rule_says_so():
    rules = only(K.CHANGE_ITEMS, price="no_more_than_paid")
    effect = done(K.CHANGE_ITEMS, shop(), rules, lines=["L1"], new_skus=["shirt-m"])
    assert (after(effect).lines[0].sku, after(effect).lines[0].unit_price) == ("shirt-m", usd(2000))
    assert after(effect).total == order().total


def test_an_order_is_exchanged_once():
    at = shop(order("delivered"))
    first = done(K.EXCHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"], method="card")
    again = replace(at, order=first.order)
    assert "state" in breaks(K.EXCHANGE_ITEMS, again, lines=["L2"], new_skus=["lamp-blue"], method="card")
    assert "state" in breaks(K.RETURN_ITEMS, again, DEFAULT, lines=["L2"], method="card")


def test_another_product_has_its_own_name():
    rules = only(K.CHANGE_ITEMS, same_product=False)
    effect = done(K.CHANGE_ITEMS, shop(), rules, lines=["L1"], new_skus=["lamp-blue"], method="paypal")
    assert (after(effect).lines[0].title, after(effect).lines[0].product) == ("Lamp", "lamp")


@pytest.mark.parametrize(("back_before", "back"), [(7700, 200), (7900, 100), (8000, 0)])
def test_a_difference_is_no_more_than_was_paid_and_is_still_here(back_before, back):
    at = shop(order(payments=[paid(8000), refunded(back_before)]))
    effect = done(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-l"], method="paypal")
    assert entries(effect, at) == ([("refund", back, "paypal")] if back else [])
    assert effect.amount == (usd(back) if back else None)
