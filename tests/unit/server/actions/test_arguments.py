"""What an action may be told, and in which words it is refused."""

from typing import Any

import pytest

from server.actions.arguments import TYPES, read_arguments
from server.actions.broken import ActionBreaksRules
from server.actions.kinds import ActionKind
from tools.records import Address

K = ActionKind
ADDRESS = {"line1": "9 Oak Ave", "city": "Denver", "country": "US"}
LEAST: dict[ActionKind, dict[str, Any]] = {
    K.CANCEL_ORDER: {"order": "O-1", "reason": "late"},
    K.CHANGE_ADDRESS: {"order": "O-1", "address": ADDRESS},
    K.CHANGE_ITEMS: {"order": "O-1", "lines": ["L1"], "new_skus": ["S"]},
    K.CHANGE_PAYMENT: {"order": "O-1", "method": "card"},
    K.RETURN_ITEMS: {"order": "O-1", "lines": ["L1"]},
    K.EXCHANGE_ITEMS: {"order": "O-1", "lines": ["L1"], "new_skus": ["S"]},
    K.REFUND: {"order": "O-1"},
    K.CREDIT: {"amount": 100},
    K.UPGRADE_SHIPPING: {"order": "O-1"},
    K.REPLACE_ITEMS: {"order": "O-1", "lines": ["L1"]},
}


def _wrong(kind: ActionKind, told: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ActionBreaksRules) as refused:
        read_arguments(kind, told)
    return [(each.rule, each.words) for each in refused.value.broken]


@pytest.mark.parametrize("kind", K)
def test_what_was_told_is_told_again_as_it_was(kind: ActionKind):
    assert set(TYPES) == set(K)
    assert read_arguments(kind, LEAST[kind]).as_json() == LEAST[kind]
    assert read_arguments(kind, LEAST[kind] | {"reason": "they asked"}).as_json()["reason"] == "they asked"


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, told in LEAST.items() for name in told])
def test_what_is_missing_is_named(kind: ActionKind, name: str):
    told = {key: value for key, value in LEAST[kind].items() if key != name}
    ((rule, words),) = _wrong(kind, told)
    assert rule == name
    assert words.startswith(f"`{name}` is missing; give ")


@pytest.mark.parametrize("kind", K)
def test_what_is_no_argument_is_refused_and_the_arguments_are_named(kind: ActionKind):
    ((rule, words),) = _wrong(kind, LEAST[kind] | {"customer": "C-2"})
    assert rule == "arguments"
    assert words.startswith(f"`customer` is not an argument of {kind}, which takes `reason`, ")


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (K.CANCEL_ORDER, "order", 7),
        (K.CANCEL_ORDER, "order", " "),
        (K.CANCEL_ORDER, "order", "O" * 101),
        (K.CANCEL_ORDER, "reason", ""),
        (K.CANCEL_ORDER, "reason", "x" * 501),
        (K.CANCEL_ORDER, "lines", "L1"),
        (K.RETURN_ITEMS, "lines", []),
        (K.RETURN_ITEMS, "lines", [1]),
        (K.RETURN_ITEMS, "lines", ["L1", ""]),
        (K.RETURN_ITEMS, "lines", {"L1": 1}),
        (K.RETURN_ITEMS, "method", 3),
        (K.EXCHANGE_ITEMS, "new_skus", []),
        (K.EXCHANGE_ITEMS, "new_skus", "S"),
        (K.CHANGE_PAYMENT, "method", None),
        (K.CREDIT, "amount", 0),
        (K.CREDIT, "amount", -5),
        (K.CREDIT, "amount", 12.5),
        (K.CREDIT, "amount", "100"),
        (K.CREDIT, "amount", True),
        (K.CREDIT, "amount", 10**12),
        (K.CREDIT, "currency", "usd"),
        (K.REFUND, "amount", [100]),
        (K.CHANGE_ADDRESS, "address", "9 Oak Ave"),
    ],
)
def test_what_is_not_what_it_should_be_is_named_with_what_it_should_be(kind: ActionKind, name: str, value: object):
    ((rule, words),) = _wrong(kind, LEAST[kind] | {name: value})
    assert rule == name
    assert words.startswith(f"`{name}` must be ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"city": None}, "the address's `city` must be text, at most 200 characters"),
        ({"line1": " "}, "the address's `line1` must be text, at most 200 characters"),
        ({"zip": "80201"}, "`zip` is no part of an address, which has "),
    ],
)
def test_what_is_wrong_with_an_address_is_named(change: dict[str, Any], words: str):
    ((rule, said),) = _wrong(K.CHANGE_ADDRESS, {"order": "O-1", "address": ADDRESS | change})
    assert (rule, said[: len(words)]) == ("address", words)


def test_every_part_of_an_address_that_is_missing_is_named():
    assert [rule for rule, _ in _wrong(K.CHANGE_ADDRESS, {"order": "O-1", "address": {}})] == ["address"] * 3


def test_parts_of_an_address_that_say_nothing_are_none():
    told = {"order": "O-1", "address": ADDRESS | {"line2": "", "region": " CO ", "postal_code": None}}
    arguments = read_arguments(K.CHANGE_ADDRESS, told)
    assert arguments.address.record == Address("9 Oak Ave", "Denver", "US", region="CO")  # type: ignore[attr-defined]
    assert arguments.as_json()["address"] == ADDRESS | {"region": "CO"}


def test_a_whole_number_may_be_written_with_a_point():
    assert read_arguments(K.CREDIT, {"amount": 100.0}).as_json() == {"amount": 100}
