"""What has gone back once does not go back again, by whichever action."""

from dataclasses import replace

import pytest

from server.actions.kinds import ActionKind
from server.actions.shop import Earlier, Effect, Shop
from tests.unit.server.actions.shops import NOW, after, breaks, done, only, order, shop, usd

K = ActionKind
PARTS = only(ActionKind.CANCEL_ORDER, parts=True)


def _then(at: Shop, kind: ActionKind, effect: Effect, *, imported_anew: bool = False) -> Shop:
    """The shop afterwards; or as its own system brings it again, which knows nothing of what was done."""
    earlier = Earlier(f"A-{len(at.done)}", kind, NOW, "O-1", effect.result)
    return replace(at, order=at.order if imported_anew else after(effect), done=(*at.done, earlier))


def _refunded(status: str = "processing", *, imported_anew: bool = False, **told: object) -> Shop:
    at = shop(order(status))
    return _then(at, K.REFUND, done(K.REFUND, at, **told), imported_anew=imported_anew)


def test_a_line_whose_price_went_back_is_cancelled_without_any_money():
    at = _refunded(lines=["L1"])
    effect = done(K.CANCEL_ORDER, at, PARTS, lines=["L1"], reason="late")
    assert effect.amount is None
    assert sum(payment.amount.amount for payment in after(effect).payments if payment.kind == "refund") == 2000
    assert [line.id for line in after(effect).lines] == ["L2"]


def test_of_a_line_of_which_a_part_went_back_the_rest_goes_back():
    at = _refunded(lines=["L1"], amount=500)
    assert done(K.CANCEL_ORDER, at, PARTS, lines=["L1"], reason="late").amount == usd(1500)
    assert done(K.REFUND, at, lines=["L1"]).amount == usd(1500)
    assert breaks(K.REFUND, at, lines=["L1"], amount=1501) == ["amount"]


def test_a_refund_of_several_lines_counts_for_each():
    at = _refunded(lines=["L1", "L2"], amount=3000)
    assert done(K.REFUND, at, lines=["L2"]).amount == usd(5000)
    assert breaks(K.REFUND, at, lines=["L1"]) == ["lines"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (K.RETURN_ITEMS, {"lines": ["L1"]}),
        (K.EXCHANGE_ITEMS, {"lines": ["L1"], "new_skus": ["shirt-m"], "method": "card"}),
        (K.REPLACE_ITEMS, {"lines": ["L1"]}),
        (K.REFUND, {"lines": ["L1"]}),
    ],
)
def test_what_was_paid_back_is_neither_returned_nor_exchanged_nor_sent_again(kind, told):
    assert breaks(kind, _refunded("delivered", lines=["L1"]), only(kind), **told) == ["lines"]
    assert breaks(kind, _refunded("delivered", lines=["L2"]), only(kind), **told) == []


def test_what_comes_back_to_be_exchanged_is_not_paid_back_as_well():
    at = shop(order("delivered"))
    effect = done(K.EXCHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"], method="card")
    at = _then(at, K.EXCHANGE_ITEMS, effect)
    assert breaks(K.REFUND, at, lines=["L1"]) == ["lines"]
    assert breaks(K.REFUND, at, lines=["L2"]) == []


@pytest.mark.parametrize("told", [{"amount": 8000}, {"lines": ["L1", "L2"]}])
def test_a_refund_counts_though_the_shop_brings_the_order_without_it(told):
    at = _refunded(imported_anew=True, amount=8000)
    assert breaks(K.REFUND, at, **told) == ["amount"]
    assert done(K.CANCEL_ORDER, at, PARTS, reason="late").amount is None


def test_a_refund_that_the_shop_brings_under_a_number_of_its_own_counts_once():
    at = _refunded(imported_anew=True, amount=3000)
    assert at.order is not None
    theirs = replace(at.order.payments[0], kind="refund", id="R-77", amount=usd(3000))
    at = replace(at, order=replace(at.order, payments=(*at.order.payments, theirs)))
    assert done(K.REFUND, at, amount=5000).amount == usd(5000)
    assert breaks(K.REFUND, at, amount=5001) == ["amount"]


def test_a_promised_refund_that_was_made_is_not_made_again_when_the_shop_promises_it_again():
    before = order("processing")
    promised = replace(before.payments[0], kind="refund", id="R-1", amount=usd(2000), done=False)
    at = shop(replace(before, payments=(*before.payments, promised)))
    again = _then(at, K.REFUND, done(K.REFUND, at, amount=2000), imported_anew=True)
    assert breaks(K.REFUND, again, amount=6001) == ["amount"]
    assert breaks(K.REFUND, again, amount=6000) == []
    rest = replace(before.payments[0], kind="refund", id="R-2", amount=usd(6000))
    assert again.order is not None
    gone = replace(again, order=replace(again.order, payments=(*again.order.payments, rest)))
    assert breaks(K.REFUND, gone, amount=2000) == ["amount"]
