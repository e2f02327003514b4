"""What is asked of every action that is about an order: whose it is, its state, when it came, what was done before."""

from dataclasses import replace
from typing import Any

import pytest

from server.actions.broken import ActionBreaksRules
from server.actions.effects import effect_of
from server.actions.kinds import ActionKind
from server.actions.preconditions import NO_ORDER, broken
from server.actions.rules import ActionRules
from tests.unit.server.actions.shops import (
    DEFAULT,
    NEW_HOME,
    NOW,
    after,
    arrived,
    breaks,
    done,
    earlier,
    of_brand,
    only,
    order,
    shop,
    wanted,
)
from tools.records import OrderStatus, Return

K = ActionKind
TOLD: dict[ActionKind, dict[str, Any]] = {
    K.CANCEL_ORDER: {"reason": "no longer needed"},
    K.CHANGE_ADDRESS: {"address": NEW_HOME},
    K.CHANGE_ITEMS: {"lines": ["L1"], "new_skus": ["shirt-m"], "method": "card"},
    K.CHANGE_PAYMENT: {"method": "paypal"},
    K.RETURN_ITEMS: {"lines": ["L1"], "method": "card"},
    K.EXCHANGE_ITEMS: {"lines": ["L1"], "new_skus": ["shirt-m"], "method": "card"},
    K.REFUND: {"amount": 500, "method": "card"},
    K.CREDIT: {"amount": 500, "currency": "USD"},
    K.UPGRADE_SHIPPING: {},
    K.REPLACE_ITEMS: {"lines": ["L1"]},
}
BEFORE = {"pending", "backordered", "preordered"}
ALL = {status.value for status in OrderStatus}
ALLOWED = {
    K.CANCEL_ORDER: BEFORE,
    K.CHANGE_ADDRESS: BEFORE,
    K.CHANGE_ITEMS: BEFORE,
    K.CHANGE_PAYMENT: BEFORE,
    K.RETURN_ITEMS: {"delivered"},
    K.EXCHANGE_ITEMS: {"delivered"},
    K.REFUND: ALL,
    K.CREDIT: ALL,
    K.UPGRADE_SHIPPING: BEFORE | {"processing"},
    K.REPLACE_ITEMS: {"delivered", "lost"},
}
ABOUT_AN_ORDER = [kind for kind in K if kind != K.CREDIT]


@pytest.mark.parametrize("status", sorted(ALL))
@pytest.mark.parametrize("kind", K)
def test_by_default_it_is_done_in_the_states_that_allow_it_and_in_no_other(kind: ActionKind, status: str):
    about = {"order": "O-1"} if kind == K.CREDIT else {}
    assert breaks(kind, shop(order(status)), **TOLD[kind], **about) == ([] if status in ALLOWED[kind] else ["state"])


@pytest.mark.parametrize("kind", K)
def test_a_kind_without_a_rule_is_not_allowed(kind: ActionKind):
    status = min(ALLOWED[kind])
    others = ActionRules(default={other: rule for other, rule in DEFAULT.default.items() if other != kind})
    assert breaks(kind, shop(order(status)), **TOLD[kind]) == []
    assert breaks(kind, shop(order(status)), others, **TOLD[kind]) == ["kind"]
    assert breaks(kind, shop(order(status)), only(kind, allowed=False), **TOLD[kind]) == ["kind"]


@pytest.mark.parametrize("kind", ABOUT_AN_ORDER)
def test_an_order_of_somebody_else_and_none_at_all_are_told_alike(kind: ActionKind):
    asked = wanted(kind, **TOLD[kind])
    theirs = shop(replace(order(min(ALLOWED[kind])), customer="C-2"))
    assert broken(asked, theirs, DEFAULT, NOW) == [NO_ORDER]
    assert broken(asked, replace(theirs, order=None), DEFAULT, NOW) == [NO_ORDER]


def test_a_credit_for_an_order_is_for_the_customers_own():
    asked = wanted(K.CREDIT, **TOLD[K.CREDIT], order="O-1")
    assert broken(asked, shop(replace(order(), customer="C-2")), DEFAULT, NOW) == [NO_ORDER]
    assert broken(asked, shop(), DEFAULT, NOW) == []


def test_the_records_must_be_those_of_the_customer_it_is_for():
    at = shop()
    somebody = replace(at, customer=replace(at.customer, id="C-2"), order=replace(order(), customer="C-2"))
    assert broken(wanted(K.CANCEL_ORDER, **TOLD[K.CANCEL_ORDER]), somebody, DEFAULT, NOW) == [NO_ORDER]


def test_what_breaks_a_rule_has_no_effect():
    asked = wanted(K.CANCEL_ORDER, reason="too slow")
    with pytest.raises(ActionBreaksRules) as refused:
        effect_of(asked, shop(order("shipped")), DEFAULT, NOW)
    assert [each.rule for each in refused.value.broken] == ["state", "reason"]
    assert str(refused.value) == refused.value.broken[0].words
    assert refused.value.details["broken"][1]["rule"] == "reason"


@pytest.mark.parametrize("kind", [K.CANCEL_ORDER, K.CHANGE_ADDRESS, K.CHANGE_ITEMS, K.CHANGE_PAYMENT])
@pytest.mark.parametrize("note", ["items modified", "item modified", "the items were changed on request"])
def test_once_its_items_were_changed_an_order_is_settled(kind: ActionKind, note: str):
    assert "unmodified" in breaks(kind, shop(order(status_note=note)), **TOLD[kind])
    assert breaks(kind, shop(order(status_note="gift wrapping changed")), **TOLD[kind]) == []


@pytest.mark.parametrize("kind", [K.CANCEL_ORDER, K.CHANGE_ADDRESS, K.CHANGE_ITEMS, K.CHANGE_PAYMENT])
def test_a_change_of_items_that_the_record_does_not_show_settles_it_too(kind: ActionKind):
    assert "unmodified" in breaks(kind, shop(done=(earlier(K.CHANGE_ITEMS),)), **TOLD[kind])
    assert breaks(kind, shop(done=(earlier(K.CHANGE_ITEMS, order="O-2"),)), **TOLD[kind]) == []


def test_what_the_shops_own_system_has_undone_is_undone():
    at = shop()
    changed = done(K.CHANGE_ITEMS, at, **TOLD[K.CHANGE_ITEMS])
    was_done = (earlier(K.CHANGE_ITEMS, **changed.result),)
    bare = replace(after(changed), status_note=None)
    assert breaks(K.CANCEL_ORDER, shop(bare, done=was_done), reason="ordered by mistake") == ["unmodified"]
    assert breaks(K.CANCEL_ORDER, shop(done=was_done), reason="ordered by mistake") == []
    delivered = shop(order("delivered"))
    exchanged = done(K.EXCHANGE_ITEMS, delivered, **TOLD[K.EXCHANGE_ITEMS])
    was_done = (earlier(K.EXCHANGE_ITEMS, **exchanged.result),)
    assert breaks(K.EXCHANGE_ITEMS, shop(order("delivered"), done=was_done), **TOLD[K.EXCHANGE_ITEMS]) == []


def test_after_a_change_of_items_carried_out_nothing_else_is():
    at = shop()
    changed = replace(at, order=done(K.CHANGE_ITEMS, at, **TOLD[K.CHANGE_ITEMS]).order)
    assert breaks(K.CHANGE_ITEMS, changed, lines=["L2"], new_skus=["lamp-blue"]) == ["unmodified", "once_per_order"]
    assert breaks(K.CANCEL_ORDER, changed, reason="ordered by mistake") == ["unmodified"]
    assert breaks(K.CHANGE_ADDRESS, changed, address=NEW_HOME) == ["unmodified"]
    assert breaks(K.CHANGE_PAYMENT, changed, method="paypal") == ["unmodified"]


@pytest.mark.parametrize("kind", [K.CHANGE_ITEMS, K.EXCHANGE_ITEMS, K.UPGRADE_SHIPPING, K.REPLACE_ITEMS])
def test_what_is_done_once_per_order_is_not_done_again(kind: ActionKind):
    at = order(min(ALLOWED[kind]))
    assert "once_per_order" in breaks(kind, shop(at, done=(earlier(kind),)), **TOLD[kind])
    assert breaks(kind, shop(at, done=(earlier(kind, order="O-2"), earlier(K.REFUND))), **TOLD[kind]) == []


@pytest.mark.parametrize(("kind", "as_noted"), [(K.EXCHANGE_ITEMS, "exchange"), (K.RETURN_ITEMS, "return")])
def test_an_earlier_one_is_seen_in_the_records_too(kind: ActionKind, as_noted: str):
    other = {"lines": ["L2"], "method": "card"} | ({"new_skus": ["lamp-blue"]} if kind == K.EXCHANGE_ITEMS else {})
    before = order("delivered", returns=(Return("R1", as_noted, ("L1",)),))
    assert breaks(kind, shop(before), only(kind, once_per_order=True), **other) == ["once_per_order"]
    assert breaks(kind, shop(before), only(kind), **other) == []
    repaired = order("delivered", returns=(Return("R1", "repair", ("L1",)),))
    assert breaks(kind, shop(repaired), only(kind, once_per_order=True), **other) == []


@pytest.mark.parametrize(("days", "wrong"), [(0, []), (30, []), (31, ["within_days"])])
def test_the_days_run_from_the_last_parcel(days: int, wrong: list[str]):
    parcels = (arrived(90, ["L1"]), arrived(days, ["L2"], "S2"))
    at = shop(order("delivered", shipments=parcels))
    assert breaks(K.RETURN_ITEMS, at, only(K.RETURN_ITEMS, within_days=30), lines=["L1"]) == wrong


def test_an_order_of_which_nobody_knows_when_it_came_is_not_taken_back_by_the_day():
    rules = only(K.RETURN_ITEMS, within_days=30)
    assert breaks(K.RETURN_ITEMS, shop(order("delivered")), rules, lines=["L1"]) == ["within_days"]
    assert breaks(K.RETURN_ITEMS, shop(order("delivered")), only(K.RETURN_ITEMS), lines=["L1"]) == []


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("no longer needed", []),
        ("Ordered by  mistake.", []),
        ("too expensive", ["reason"]),
        ("no longer needed because it is late", ["reason"]),
    ],
)
def test_the_reason_is_one_of_those_that_there_are(reason: str, wrong: list[str]):
    assert breaks(K.CANCEL_ORDER, shop(), reason=reason) == wrong
    assert breaks(K.CANCEL_ORDER, shop(), only(K.CANCEL_ORDER), reason=reason) == []


def test_the_rules_of_a_brand_take_the_place_of_the_default_ones_kind_by_kind():
    rules = ActionRules(default=DEFAULT.default, brands={"oak": only(K.CANCEL_ORDER, states=["packed"]).default})
    packed = shop(order("packed"))
    assert breaks(K.CANCEL_ORDER, packed, rules, **TOLD[K.CANCEL_ORDER]) == ["state"]
    assert breaks(K.CANCEL_ORDER, of_brand(packed, "oak"), rules, reason="any") == []
    assert breaks(K.CANCEL_ORDER, of_brand(packed, "elm"), rules, reason="no longer needed") == ["state"]
    assert breaks(K.CHANGE_ADDRESS, of_brand(packed, "oak"), rules, address=NEW_HOME) == ["state"]


def test_an_order_of_no_brand_is_under_the_rules_of_its_customers_brand():
    rules = ActionRules(brands={"oak": only(K.CANCEL_ORDER).default})
    at = shop()
    assert breaks(K.CANCEL_ORDER, at, rules, reason="any") == ["kind"]
    theirs = replace(at, customer=replace(at.customer, brand="oak"))
    assert breaks(K.CANCEL_ORDER, theirs, rules, reason="any") == []
