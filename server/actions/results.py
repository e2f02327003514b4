"""What an action did, as JSON: what was added or changed in the records, in the import format's words."""

from collections.abc import Mapping
from typing import Any

from server.actions.judging import Judged
from server.actions.shop import Effect
from server.shop.as_imported import as_imported
from tools.records import Customer, Money, Order


def told(
    asked: Judged,
    order: Order | None,
    customer: Customer,
    *,
    amount: int | Money | None = None,
    difference: int | None = None,
) -> Effect:
    """The effect: the records as they are now, and what in them is new.

    Args:
        asked: The action.
        order: The order afterwards.
        customer: The customer afterwards.
        amount: What goes back or what it costs the company; of the order's currency if it is a bare number.
        difference: What other variants cost more (or, below nothing, less) than those before.
    """
    result: dict[str, Any] = {}
    if order is not None:
        result |= {"order": order.id, "status": order.status.value, **_changes(asked.order, order)}
    if difference is not None:
        result["difference"] = difference
    known = {method.id: method for method in asked.customer.payment_methods}
    cards = [as_imported(each) for each in customer.payment_methods if each != known.get(each.id)]
    if cards:
        result["gift_cards"] = cards
    money = asked.money(amount) if isinstance(amount, int) else amount
    given = money if money is not None and money.amount > 0 else None
    if given is not None:
        result |= {"amount": given.amount, "currency": given.currency}
    return Effect(order, customer, result, given)


def _changes(before: Order, after: Order) -> Mapping[str, Any]:
    """What stands otherwise in an order; of its lists what is new or was changed."""
    old, new = as_imported(before), as_imported(after)
    changes: dict[str, Any] = {}
    for name, value in new.items():
        if value == old.get(name) or name == "status":
            continue
        was = old.get(name, [])
        changes[name] = [each for each in value if each not in was] if isinstance(value, list) else value
    gone = [line["id"] for line in old["lines"] if line["id"] not in {each["id"] for each in new["lines"]}]
    return {**{name: value for name, value in changes.items() if value}, **({"cancelled_lines": gone} if gone else {})}
