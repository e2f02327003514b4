"""What becomes of an order that is cancelled, and of its money."""

import pytest

from server.actions.kinds import ActionKind
from tests.unit.server.actions.shops import (
    CARD,
    NOW,
    PAYPAL,
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
from tools.records import Shipment

K = ActionKind
WHY = "ordered by mistake"
PARTS = only(K.CANCEL_ORDER, parts=True)


def test_a_cancelled_order_says_why_and_gives_the_money_back():
    effect = done(K.CANCEL_ORDER, shop(), reason=WHY)
    assert (after(effect).status, after(effect).status_note) == ("cancelled", WHY)
    assert entries(effect, shop()) == [("refund", 8000, "card")]
    assert [(each.done, each.at) for each in after(effect).payments[1:]] == [(True, NOW)]
    assert effect.amount == usd(8000)
    assert after(effect).lines == order().lines
    assert effect.result["status"] == "cancelled"
    assert effect.result["payments"][0]["amount"] == 8000


@pytest.mark.parametrize(
    ("payments", "back"),
    [
        ([], []),
        ([paid(5000, "card"), paid(3000, "paypal")], [(5000, "card"), (3000, "paypal")]),
        ([paid(5000), paid(3000)], [(5000, "card"), (3000, "card")]),
        # changed to another method before
        ([paid(8000), paid(8000, "paypal"), refunded(8000)], [(8000, "paypal")]),
        # something went back before, also to another method than paid
        ([paid(8000), refunded(1000)], [(7000, "card")]),
        ([paid(5000), paid(3000, "paypal"), refunded(1000, "gift")], [(5000, "card"), (2000, "paypal")]),
        ([paid(8000), refunded(8000)], []),
        ([paid(8000, None)], [(8000, None)]),
        ([paid(8000, "of-long-ago")], [(8000, "of-long-ago")]),
    ],
)
def test_each_payment_goes_back_to_its_own_method_once(payments, back):
    at = shop(order(payments=payments))
    effect = done(K.CANCEL_ORDER, at, reason=WHY)
    assert [(amount, method) for _, amount, method in entries(effect, at)] == back
    assert effect.amount == (usd(sum(amount for amount, _ in back)) if back else None)


def test_what_was_paid_by_gift_card_is_on_it_again():
    both = [gift_card(0, "g1"), gift_card(150, "g2"), CARD]
    at = shop(order(payments=[paid(3000, "g1"), paid(2000, "g2"), paid(3000)]), methods=both)
    assert balances(done(K.CANCEL_ORDER, at, reason=WHY)) == {"g1": 3000, "g2": 2150}


def test_what_has_not_been_taken_is_not_taken():
    at = shop(order(payments=[paid(3000, "gift"), paid(5000, done=False)]))
    effect = done(K.CANCEL_ORDER, at, reason=WHY)
    assert [(each.kind, each.amount.amount, each.method) for each in after(effect).payments] == [
        ("payment", 3000, "gift"),
        ("refund", 3000, "gift"),
    ]
    assert balances(effect) == {"gift": 13000}


def test_a_refund_that_was_promised_is_made_and_not_made_twice():
    at = shop(order(payments=[paid(8000, "gift"), refunded(1000, "gift", done=False)]))
    effect = done(K.CANCEL_ORDER, at, reason=WHY)
    assert [(each.kind, each.amount.amount, each.done) for each in after(effect).payments] == [
        ("payment", 8000, True),
        ("refund", 1000, True),
        ("refund", 7000, True),
    ]
    assert (balances(effect), effect.amount) == ({"gift": 18000}, usd(8000))


def test_an_order_is_cancelled_once():
    at = shop(done(K.CANCEL_ORDER, shop(), reason=WHY).order)
    assert breaks(K.CANCEL_ORDER, at, reason=WHY) == ["state"]


def test_single_lines_are_cancelled_where_the_rule_lets_them():
    named = {"lines": ["L1"], "reason": WHY}
    assert breaks(K.CANCEL_ORDER, shop(), **named) == ["parts"]
    assert breaks(K.CANCEL_ORDER, shop(), PARTS, **named) == []
    assert breaks(K.CANCEL_ORDER, shop(), PARTS, lines=["L7"], reason=WHY) == ["lines"]


def test_all_lines_are_the_order():
    named = {"lines": ["L1", "L2"], "reason": WHY}
    assert breaks(K.CANCEL_ORDER, shop(), **named) == []
    assert done(K.CANCEL_ORDER, shop(), **named).order == done(K.CANCEL_ORDER, shop(), reason=WHY).order


def test_a_cancelled_line_is_gone_and_its_money_back():
    parcels = (Shipment("S1", ("L1",)), Shipment("S2", ("L2", "L1")))
    at = shop(order(shipments=parcels, payments=[paid(1500, "gift"), paid(6500, "paypal")]))
    effect = done(K.CANCEL_ORDER, at, PARTS, lines=["L1"], reason=WHY)
    assert [each.id for each in after(effect).lines] == ["L2"]
    assert [(each.id, each.lines) for each in after(effect).shipments] == [("S2", ("L2",))]
    assert after(effect).status == "pending"
    assert after(effect).status_note == f"cancelled Shirt: {WHY}"
    assert entries(effect, at) == [("refund", 1500, "gift"), ("refund", 500, "paypal")]
    assert (balances(effect), effect.amount) == ({"gift": 11500}, usd(2000))
    assert effect.result["cancelled_lines"] == ["L1"]


def test_lines_one_after_another_never_give_back_more_than_was_paid():
    at = shop(order(lines=[line("L1", "shirt-s"), line("L2", "shirt-s"), line("L3", "shirt-s")], payments=[paid(3000)]))
    for name, back in (("L1", 2000), ("L2", 1000)):
        effect = done(K.CANCEL_ORDER, at, PARTS, lines=[name], reason=WHY)
        assert effect.amount == usd(back)
        at = shop(after(effect))
    assert done(K.CANCEL_ORDER, at, PARTS, lines=["L3"], reason=WHY).amount is None


def test_what_was_promised_back_is_not_given_back_for_a_line():
    at = shop(order(payments=[paid(8000), refunded(7000, done=False)]))
    effect = done(K.CANCEL_ORDER, at, PARTS, lines=["L1"], reason=WHY)
    assert entries(effect, at) == [("refund", 1000, "card")]


def test_a_cancelled_line_that_has_not_been_paid_is_not_taken():
    at = shop(order(payments=[paid(8000, PAYPAL.id, done=False)]))
    effect = done(K.CANCEL_ORDER, at, PARTS, lines=["L1"], reason=WHY)
    assert after(effect).payments == (paid(6000, PAYPAL.id, done=False),)
