"""Whatever is done to whatever order: no money comes from nowhere or goes nowhere, and nothing else is touched."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import server.shop
from server.actions.broken import ActionBreaksRules
from server.actions.completing import completed
from server.actions.effects import effect_of
from server.actions.kinds import ActionKind
from server.actions.preconditions import broken
from server.actions.rules import ActionRule, ActionRules
from server.actions.shop import Effect, Shop, Wanted
from server.shop.as_imported import as_imported
from tests.unit.server.actions.shops import (
    CARD,
    DEFAULT,
    NEW_HOME,
    NOW,
    PAYPAL,
    PRODUCTS,
    after,
    arrived,
    gift_card,
    line,
    order,
    paid,
    shop,
    wanted,
)
from tools.records import Customer, Order, OrderStatus, Payment, Shipment

K = ActionKind
SCHEMA = json.loads((Path(server.shop.__file__).parent / "shop.schema.json").read_text(encoding="utf-8"))
VALID = {
    kind: jsonschema_rs.validator_for(SCHEMA | {"$ref": f"#/$defs/{kind}"}, validate_formats=True)
    for kind in ("order", "customer")
}
ANYTHING = ActionRules(
    default={
        kind: ActionRule(
            parts=True,
            service="express" if kind == K.UPGRADE_SHIPPING else None,
            cost={"USD": 900} if kind == K.UPGRADE_SHIPPING else {},
        )
        for kind in K
    }
)
SKUS = [variant.sku for product in PRODUCTS.values() for variant in product.variants]
METHODS = ["card", "paypal", "gift", "g2", "somebody-elses"]
AMOUNTS = st.integers(1, 9000)


@st.composite
def _shops(draw: st.DrawFn) -> Shop:
    lines = [
        line(f"L{number}", draw(st.sampled_from(SKUS[:3] + SKUS[-2:])), draw(st.integers(1, 3)), draw(AMOUNTS))
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]
    parcels = draw(st.sampled_from([(), (arrived(3, ["L1"]),), (Shipment("S1", ("L1",), service="standard"),)]))
    balances = draw(st.tuples(st.integers(0, 50000), st.integers(0, 50000)))
    methods = (CARD, PAYPAL, gift_card(balances[0]), gift_card(balances[1], "g2"))
    status = draw(st.sampled_from(OrderStatus)).value
    worth = sum(each.quantity * each.unit_price.amount for each in lines)
    return shop(
        order(status, lines, draw(_payments(worth)), shipments=parcels), methods=methods[: draw(st.integers(2, 4))]
    )


@st.composite
def _payments(draw: st.DrawFn, worth: int) -> list[Payment]:
    """Some paid, some still to be taken, some given back and some promised back: never more than was taken."""
    ways = st.sampled_from(METHODS[:4])
    payments = []
    for amount in draw(st.sampled_from([(), (worth,), (worth,), (worth // 2 + 1, worth // 3 + 1), (500, 1, worth)])):
        payments.append(paid(amount, draw(ways), done=draw(st.integers(0, 3)) > 0))
    left = sum(each.amount.amount for each in payments if each.done)
    for _ in range(draw(st.integers(0, 2))):
        amount = draw(st.integers(0, left))
        left -= amount
        if amount:
            payments.append(paid(amount, draw(ways), done=draw(st.booleans()), kind="refund"))
    return payments


@st.composite
def _wanted(draw: st.DrawFn, at: Shop) -> Wanted:
    assert at.order is not None
    kind = draw(st.sampled_from(K))
    names = [each.id for each in at.order.lines]
    some = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    method = {"method": draw(st.sampled_from(METHODS))} if draw(st.booleans()) else {}
    news = {"new_skus": [draw(st.sampled_from(SKUS)) for _ in some]}
    told: Mapping[ActionKind, Mapping[str, object]] = {
        K.CANCEL_ORDER: {"reason": "no longer needed"} | ({"lines": some} if draw(st.booleans()) else {}),
        K.CHANGE_ADDRESS: {"address": NEW_HOME},
        K.CHANGE_ITEMS: {"lines": some, **news, **method},
        K.CHANGE_PAYMENT: {"method": draw(st.sampled_from(METHODS))},
        K.RETURN_ITEMS: {"lines": some, **method},
        K.EXCHANGE_ITEMS: {"lines": some, **news, **method},
        K.REFUND: {"amount": draw(AMOUNTS), **method},
        K.CREDIT: {"amount": draw(AMOUNTS), "currency": "USD"},
        K.UPGRADE_SHIPPING: {},
        K.REPLACE_ITEMS: {"lines": some},
    }
    return wanted(kind, **told[kind])


def _held(at: Order, method: str | None = None) -> int:
    """What was taken and has not gone back: with one method, or with all."""
    return sum(_signed(each) for each in at.payments if each.done and method in (None, each.method))


def _to_come(at: Order) -> int:
    """What is still to be taken, less what is still to go back."""
    return sum(_signed(each) for each in at.payments if not each.done)


def _promised_back(at: Order) -> int:
    return sum(each.amount.amount for each in at.payments if not each.done and each.kind == "refund")


def _signed(payment: Payment) -> int:
    return payment.amount.amount if payment.kind == "payment" else -payment.amount.amount


def _balances(customer: Customer) -> dict[str, int]:
    return {each.id: each.balance.amount for each in customer.payment_methods if each.balance is not None}


def _expect_gift_cards_to_follow(before: Shop, effect: Effect, credit: int) -> None:
    assert before.order is not None
    old, new, order_after = _balances(before.customer), _balances(effect.customer), after(effect)
    moved = sum(_held(order_after, card) - _held(before.order, card) for card in old)
    assert sum(new.values()) - sum(old.values()) == credit - moved
    if not credit:
        assert all(new[card] - old[card] == _held(before.order, card) - _held(order_after, card) for card in old)
    assert all(balance >= 0 for balance in new.values())


def _expect_nothing_else_to_change(before: Shop, effect: Effect) -> None:
    assert before.order is not None
    old, new = before.order, after(effect)
    assert (new.id, new.customer, new.currency, new.brand) == (old.id, old.customer, old.currency, old.brand)
    assert replace(effect.customer, payment_methods=()) == replace(before.customer, payment_methods=())
    bare = [replace(each, balance=None) for each in before.customer.payment_methods]
    assert [replace(each, balance=None) for each in effect.customer.payment_methods][: len(bare)] == bare
    remaining = list(new.payments)
    for payment in old.payments:
        if payment.done:
            remaining.remove(payment)  # what has happened stays on the record
    for kept in (new.payments, new.returns, new.shipments):
        numbers = [each.id for each in kept if each.id is not None]
        assert len(set(numbers)) == len(numbers)


def _expect_money_to_add_up(before: Shop, asked: Wanted, effect: Effect) -> None:
    assert before.order is not None
    old, new = before.order, after(effect)
    given = _held(old) - _held(new)
    all_of_it = _held(new) + _to_come(new) - _held(old) - _to_come(old)
    grown = new.total.amount - old.total.amount
    assert _held(new) >= _promised_back(new) >= 0
    match asked.kind:
        case K.CANCEL_ORDER if new.lines == old.lines:
            assert (_held(new), _to_come(new), given) == (0, 0, effect.amount.amount if effect.amount else 0)
        case K.CHANGE_ITEMS if not old.payments:
            assert not new.payments
        case K.CANCEL_ORDER | K.CHANGE_ITEMS:
            assert all_of_it == max(grown, -_held(old) - _to_come(old))
        case K.CHANGE_PAYMENT:
            assert (all_of_it, grown) == (0, 0)
        case K.REFUND:
            assert (given, grown) == (effect.amount.amount if effect.amount else 0, 0)
            assert all_of_it in (0, -given)
        case _:
            assert (new.payments, grown) == (old.payments, 0)


@given(st.data())
@pytest.mark.parametrize("rules", [ANYTHING, DEFAULT], ids=["anything", "default"])
def test_money_is_conserved_and_nothing_else_is_touched(rules: ActionRules, data: st.DataObject):
    before = data.draw(_shops())
    asked = data.draw(_wanted(before))
    if broken(asked, before, rules, NOW):
        with pytest.raises(ActionBreaksRules):
            effect_of(asked, before, rules, NOW)
        return
    effect = effect_of(asked, before, rules, NOW)
    if asked.kind == K.CREDIT:
        before = replace(before, order=order())
        effect = replace(effect, order=order())
    credit = effect.amount.amount if asked.kind == K.CREDIT and effect.amount else 0
    _expect_gift_cards_to_follow(before, effect, credit)
    _expect_nothing_else_to_change(before, effect)
    _expect_money_to_add_up(before, asked, effect)


@given(st.data())
def test_the_records_stay_records_that_can_be_imported(data: st.DataObject):
    before = data.draw(_shops())
    asked = data.draw(_wanted(before))
    if not broken(asked, before, ANYTHING, NOW):
        effect = effect_of(asked, before, ANYTHING, NOW)
        assert not list(VALID["customer"].iter_errors(json.loads(json.dumps(as_imported(effect.customer)))))
        assert not list(VALID["order"].iter_errors(json.loads(json.dumps(as_imported(after(effect))))))
        assert json.loads(json.dumps(dict(effect.result))) == effect.result


@given(st.data())
def test_what_people_approve_does_what_was_asked(data: st.DataObject):
    before = data.draw(_shops())
    asked = data.draw(_wanted(before))
    if not broken(asked, before, ANYTHING, NOW):
        approved = completed(asked, before, ANYTHING, NOW)
        assert effect_of(approved, before, ANYTHING, NOW) == effect_of(asked, before, ANYTHING, NOW)
        assert completed(approved, before, ANYTHING, NOW) == approved


@given(st.data())
def test_one_after_another_money_stays_conserved(data: st.DataObject):
    at = data.draw(_shops())
    for number in range(4):
        asked = replace(data.draw(_wanted(at)), id=f"A-{number}")
        if broken(asked, at, ANYTHING, NOW):
            continue
        effect = effect_of(asked, at, ANYTHING, NOW)
        if asked.kind != K.CREDIT:
            _expect_money_to_add_up(at, asked, effect)
            at = replace(at, order=effect.order)
        at = replace(at, customer=effect.customer)
