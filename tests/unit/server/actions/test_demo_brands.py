"""What the demo's brands allow is what their policies say."""

from dataclasses import replace
from typing import Any

import pytest

from server.actions.kinds import ActionKind
from tests.unit.server.actions.shops import (
    DEFAULT,
    NEW_HOME,
    arrived,
    breaks,
    done,
    of_brand,
    order,
    paid,
    shop,
)

K = ActionKind
BRANDS = ["fernhollow", "tarnlight"]


def _at(brand: str, status: str, **more: Any):
    return of_brand(shop(order(status, **more)), brand)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(("status", "wrong"), [("processing", []), ("packed", ["state"]), ("shipped", ["state"])])
def test_until_it_is_packed_an_order_can_be_cancelled_and_changed(brand: str, status: str, wrong: list[str]):
    at = _at(brand, status)
    assert breaks(K.CANCEL_ORDER, at, reason="found it in a shop") == wrong
    assert breaks(K.CANCEL_ORDER, at, lines=["L1"], reason="found it in a shop") == wrong
    assert breaks(K.CHANGE_ADDRESS, at, address=NEW_HOME) == wrong
    assert breaks(K.CHANGE_ITEMS, at, lines=["L1"], new_skus=["shirt-m"], method="card") == wrong
    assert breaks(K.UPGRADE_SHIPPING, at) == wrong


@pytest.mark.parametrize("brand", BRANDS)
def test_what_order_changes_says_cannot_be_changed_is_not(brand: str):
    at = _at(brand, "pending")
    assert breaks(K.CHANGE_PAYMENT, at, method="paypal") == ["kind"]
    assert breaks(K.CHANGE_ADDRESS, at, address=NEW_HOME | {"country": "CA"}) == ["same_country"]
    preordered = _at(brand, "preordered")
    assert breaks(K.CHANGE_ITEMS, preordered, lines=["L1"], new_skus=["shirt-m"], method="card") == ["state"]
    assert breaks(K.UPGRADE_SHIPPING, preordered) == ["state"]


@pytest.mark.parametrize(("brand", "days"), [("fernhollow", 60), ("tarnlight", 30)])
@pytest.mark.parametrize("kind", [K.RETURN_ITEMS, K.EXCHANGE_ITEMS])
def test_unused_items_come_back_within_the_brands_days(brand: str, days: int, kind: ActionKind):
    new = {"new_skus": ["shirt-m"], "method": "card"} if kind == K.EXCHANGE_ITEMS else {}
    for late, wrong in ((0, []), (1, ["within_days"])):
        at = _at(brand, "delivered", shipments=(arrived(days + late),))
        assert breaks(kind, at, lines=["L1"], **new) == wrong


@pytest.mark.parametrize("brand", BRANDS)
def test_money_goes_to_the_way_of_payment_only(brand: str):
    at = _at(brand, "delivered", shipments=(arrived(5),))
    assert breaks(K.RETURN_ITEMS, at, lines=["L1"], method="gift") == ["method"]
    assert breaks(K.REFUND, at, amount=895, method="gift") == ["method"]
    assert breaks(K.REFUND, at, amount=895) == []
    by_gift_card = _at(brand, "delivered", shipments=(arrived(5),), payments=[paid(8000, "gift")])
    assert breaks(K.RETURN_ITEMS, by_gift_card, lines=["L1"], method="gift") == []


def test_in_an_exchange_at_fernhollow_the_paid_price_holds():
    told = {"lines": ["L1"], "method": "card"}
    at = _at("fernhollow", "delivered", shipments=(arrived(5),))
    assert done(K.EXCHANGE_ITEMS, at, new_skus=["shirt-m"], **told).result["difference"] == 0
    assert done(K.EXCHANGE_ITEMS, at, new_skus=["shirt-l"], **told).result["difference"] == -200


@pytest.mark.parametrize(("currency", "cost"), [("GBP", 895), ("EUR", 1495), ("USD", 1795)])
@pytest.mark.parametrize("brand", BRANDS)
def test_an_express_upgrade_costs_what_express_costs(brand: str, currency: str, cost: int):
    at = _at(brand, "processing")
    assert at.order is not None
    effect = done(K.UPGRADE_SHIPPING, replace(at, order=replace(at.order, currency=currency)))
    assert effect.amount is not None
    assert (effect.amount.amount, effect.amount.currency) == (cost, currency)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("kind", [K.REFUND, K.CREDIT, K.UPGRADE_SHIPPING])
def test_a_gesture_needs_no_yes_and_has_a_budget(brand: str, kind: ActionKind):
    rule = DEFAULT.rule(kind, brand)
    assert rule is not None
    assert (rule.consent, set(rule.per_month)) == (False, {"GBP", "EUR", "USD"})


@pytest.mark.parametrize("brand", [None, *BRANDS])
@pytest.mark.parametrize(
    "kind",
    [K.CANCEL_ORDER, K.CHANGE_ADDRESS, K.CHANGE_ITEMS, K.CHANGE_PAYMENT, K.RETURN_ITEMS, K.EXCHANGE_ITEMS],
)
def test_what_changes_a_customers_order_needs_their_yes(brand: str | None, kind: ActionKind):
    rule = DEFAULT.rule(kind, brand)
    assert rule is None or rule.consent
