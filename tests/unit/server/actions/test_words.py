"""What a person is told of an action that may not be done: words, and never the name that programs call it by."""

import pytest

from server.actions.kinds import IN_WORDS, ActionKind
from server.actions.preconditions import broken
from server.actions.rules import ActionRules
from server.actions.shop import Shop
from tests.unit.server.actions.shops import NOW, earlier, only, order, shop, wanted

K = ActionKind
ASKED = {
    K.CANCEL_ORDER: {"reason": "found it in a shop"},
    K.CREDIT: {"amount": 500, "currency": "USD"},
    K.REPLACE_ITEMS: {"lines": ["L1"]},
    K.RETURN_ITEMS: {"lines": ["L1"]},
    K.UPGRADE_SHIPPING: {},
}


def first(kind: ActionKind, at: Shop, rules: ActionRules) -> str:
    return broken(wanted(kind, **ASKED[kind]), at, rules, NOW)[0].words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (K.CANCEL_ORDER, "Cancelling is for orders that are pending, processing or backordered; this one is shipped"),
        (K.RETURN_ITEMS, "Taking items back is for orders that are pending, processing or backordered;"),
        (K.UPGRADE_SHIPPING, "A faster service is for orders that are pending, processing or backordered;"),
    ],
)
def test_a_state_that_it_is_not_for_is_told_with_those_that_it_is_for(kind: ActionKind, words: str):
    rules = only(kind, states=frozenset({"pending", "processing", "backordered"}))
    assert first(kind, shop(order("shipped")), rules).startswith(words)


def test_states_of_several_words_are_written_apart():
    rules = only(K.CANCEL_ORDER, states=frozenset({"pending"}))
    told = first(K.CANCEL_ORDER, shop(order("partly_shipped")), rules)
    assert told == "Cancelling is for orders that are pending; this one is partly shipped"


def test_what_is_done_once_per_order_and_what_is_not_allowed_are_told_in_words():
    had = shop(order("delivered"), done=(earlier(K.REPLACE_ITEMS),))
    told = first(K.REPLACE_ITEMS, had, only(K.REPLACE_ITEMS, once_per_order=True))
    assert told == "Sending items again is done once per order, and this one has had it"
    assert first(K.CREDIT, shop(), only(K.CANCEL_ORDER)) == "Store credit is not allowed"


def test_what_a_customer_has_had_often_enough_is_told_in_words():
    had = shop(done=(earlier(K.CREDIT, amount=500, currency="USD"),))
    rules = only(K.CREDIT, most={"USD": 1000}, per_customer={"days": 30, "times": 1})
    assert first(K.CREDIT, had, rules).startswith("this customer has had store credit 1 times in 30 days")


def test_every_kind_has_words():
    assert IN_WORDS.keys() == set(ActionKind)
    assert not any("_" in words for words in IN_WORDS.values())
