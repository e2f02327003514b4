"""Returns and refunds: which method gets the money, and how much of it there is."""

from dataclasses import replace

import pytest

from server.actions.kinds import ActionKind
from tests.unit.server.actions.shops import (
    CARD,
    NOW,
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
    usd,
)

K = ActionKind
TWO_WAYS = [paid(5000), paid(3000, "gift")]


def _delivered(payments=None, **more):
    return shop(order("delivered", payments=payments), **more)


def test_a_return_is_noted_and_gives_nothing_back_yet():
    at = _delivered()
    effect = done(K.RETURN_ITEMS, at, lines=["L2", "L1"], method="gift", reason="did not like it")
    (noted,) = after(effect).returns
    assert (noted.kind, noted.lines, noted.method) == ("return", ("L2", "L1"), "gift")
    assert (noted.reason, noted.requested_at, noted.difference) == ("did not like it", NOW, None)
    assert after(effect).status == "return_requested"
    assert (entries(effect, at), balances(effect)) == ([], {"gift": 10000})
    assert effect.amount == usd(8000)


@pytest.mark.parametrize(
    ("payments", "method", "wrong"),
    [
        (None, "card", []),
        (None, "gift", []),
        (None, None, []),
        (None, "paypal", ["method"]),
        (None, "somebody-elses", ["method"]),
        (TWO_WAYS, "card", []),
        (TWO_WAYS, "gift", []),
        (TWO_WAYS, "paypal", ["method"]),
        (TWO_WAYS, None, ["method"]),
        # it was paid by card first, and then by PayPal instead
        ([paid(8000), paid(8000, "paypal"), refunded(8000)], "card", ["method"]),
        ([paid(8000), paid(8000, "paypal"), refunded(8000)], "paypal", []),
        # nobody knows how it was paid
        ([paid(8000, None)], None, []),
        ([], None, []),
        ([], "paypal", ["method"]),
    ],
)
@pytest.mark.parametrize("kind", [K.RETURN_ITEMS, K.REFUND])
def test_money_goes_back_to_where_it_came_from_or_to_a_gift_card(kind, payments, method, wrong):
    named = {"lines": ["L1"]} | ({"method": method} if method else {})
    broken = breaks(kind, _delivered(payments), **named)
    assert [each for each in broken if each != "amount"] == wrong


def test_without_a_word_it_goes_back_to_the_one_method_that_paid():
    effect = done(K.RETURN_ITEMS, _delivered([paid(8000, "paypal")]), lines=["L1"])
    assert after(effect).returns[0].method == "paypal"


def test_money_goes_back_to_a_method_that_the_customer_has_not_kept():
    assert breaks(K.RETURN_ITEMS, _delivered(methods=()), lines=["L1"], method="card") == []
    assert breaks(K.RETURN_ITEMS, _delivered(methods=()), only(K.RETURN_ITEMS), lines=["L1"]) == ["method"]


def test_where_only_the_way_of_payment_counts_a_gift_card_does_not():
    rules = only(K.RETURN_ITEMS, method="original")
    assert breaks(K.RETURN_ITEMS, _delivered(), rules, lines=["L1"], method="gift") == ["method"]
    assert breaks(K.RETURN_ITEMS, _delivered(TWO_WAYS), rules, lines=["L1"], method="gift") == []
    assert breaks(K.RETURN_ITEMS, _delivered(), only(K.RETURN_ITEMS), lines=["L1"], method="paypal") == []


def test_a_gift_card_of_another_currency_gets_nothing():
    at = _delivered(methods=(CARD, gift_card(1, currency="EUR")))
    assert breaks(K.RETURN_ITEMS, at, lines=["L1"], method="gift") == ["currency"]


@pytest.mark.parametrize(
    ("payments", "back"), [([paid(1500)], 1500), ([paid(8000), refunded(7000)], 1000), ([], 2000), ([paid(8000)], 2000)]
)
def test_what_a_return_is_worth_is_no_more_than_was_paid_and_is_still_here(payments, back):
    assert done(K.RETURN_ITEMS, _delivered(payments), lines=["L1"]).amount == usd(back)


def test_an_order_is_not_returned_twice():
    at = _delivered()
    again = replace(at, order=done(K.RETURN_ITEMS, at, lines=["L1"]).order)
    assert breaks(K.RETURN_ITEMS, again, lines=["L2"]) == ["state"]


@pytest.mark.parametrize("method", ["card", "gift"])
def test_a_refund_goes_back_at_once(method):
    effect = done(K.REFUND, shop(), amount=1200, method=method)
    (made,) = after(effect).payments[1:]
    assert (made.kind, made.amount, made.method, made.at, made.done) == ("refund", usd(1200), method, NOW, True)
    assert balances(effect) == {"gift": 11200 if method == "gift" else 10000}
    assert (after(effect).status, effect.amount) == ("pending", usd(1200))


@pytest.mark.parametrize(
    ("payments", "told", "wrong"),
    [
        ([paid(8000)], {"amount": 8000}, []),
        ([paid(8000)], {"amount": 8001}, ["amount"]),
        ([paid(8000), refunded(3000)], {"amount": 5000}, []),
        ([paid(8000), refunded(3000)], {"amount": 5001}, ["amount"]),
        ([paid(8000), refunded(3000, done=False)], {"amount": 5001}, ["amount"]),
        ([paid(8000), refunded(3000, done=False)], {"amount": 5001, "method": "gift"}, ["amount"]),
        ([paid(8000), refunded(3000, done=False)], {"amount": 5000, "method": "gift"}, []),
        ([paid(8000), refunded(3000, done=False)], {"amount": 3000}, []),
        ([paid(8000, done=False)], {"amount": 1, "method": "gift"}, ["amount"]),
        (TWO_WAYS, {"amount": 5000, "method": "card"}, []),
        (TWO_WAYS, {"amount": 5001, "method": "card"}, ["amount"]),
        (TWO_WAYS, {"amount": 8000, "method": "gift"}, []),
        ([], {"amount": 1}, ["amount"]),
        ([paid(8000)], {}, ["amount"]),
        ([paid(8000)], {"lines": ["L1"]}, []),
        ([paid(8000)], {"lines": ["L1"], "amount": 2000}, []),
        ([paid(8000)], {"lines": ["L1"], "amount": 500}, []),
        ([paid(8000)], {"lines": ["L1"], "amount": 2001}, ["amount"]),
        ([paid(8000)], {"lines": ["L8"]}, ["lines"]),
        ([paid(1500)], {"lines": ["L1"]}, ["amount"]),
        ([paid(8000)], {"amount": 100, "currency": "USD"}, []),
        ([paid(8000)], {"amount": 100, "currency": "EUR"}, ["currency"]),
    ],
)
def test_no_more_goes_back_than_was_taken_and_is_still_here(payments, told, wrong):
    assert breaks(K.REFUND, shop(order(payments=payments)), **told) == wrong


def test_a_refund_of_lines_is_what_they_cost():
    effect = done(K.REFUND, shop(), lines=["lamp"])
    assert effect.amount == usd(6000)


@pytest.mark.parametrize("named", [{}, {"method": "paypal"}])
def test_a_refund_that_was_promised_is_carried_out(named):
    promised = refunded(3000, "paypal", done=False)
    at = shop(order("returned", payments=[paid(8000), paid(3000, "paypal"), promised]))
    effect = done(K.REFUND, at, amount=3000, **named)
    assert after(effect).payments[2] == replace(promised, done=True, at=NOW)
    assert (len(after(effect).payments), effect.amount) == (3, usd(3000))


def test_a_refund_promised_to_no_method_in_particular_goes_to_the_one_that_is_named():
    at = shop(order(payments=[paid(8000), refunded(3000, None, done=False)]))
    effect = done(K.REFUND, at, amount=3000, method="gift")
    assert (after(effect).payments[1].method, balances(effect)) == ("gift", {"gift": 13000})


def test_of_two_promised_refunds_alike_one_is_carried_out():
    promised = refunded(100, done=False)
    effect = done(K.REFUND, shop(order(payments=[paid(8000), promised, promised])), amount=100)
    assert [each.done for each in after(effect).payments] == [True, True, False]


@pytest.mark.parametrize(("most", "wrong"), [({"USD": 500}, []), ({"USD": 499}, ["most"]), ({"EUR": 900}, ["most"])])
def test_a_refund_is_no_more_than_the_rules_most(most, wrong):
    assert breaks(K.REFUND, shop(), only(K.REFUND, most=most), amount=500) == wrong
