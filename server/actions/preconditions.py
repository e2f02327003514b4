"""Whether an action may be done as the shop's records and the rules stand."""

from datetime import datetime

from server.actions.broken import Broken as Broken
from server.actions.rules import ActionRules
from server.actions.shop import Shop, Wanted

_NO_ORDER = Broken("order", "this customer has no order of that number; look at it and at who is meant")


def broken(wanted: Wanted, shop: Shop, rules: ActionRules, now: datetime) -> list[Broken]:
    """Every rule that the action would break, the most telling one first; nothing if it may be done."""
    order = shop.order
    if order is not None and order.customer != shop.customer.id:
        return [_NO_ORDER]
    brand = (order.brand if order else None) or shop.customer.brand
    if rules.rule(wanted.kind, brand) is None:
        return [Broken("kind", f"{wanted.kind} is not allowed{f' at {brand}' if brand else ''}")]
    return []
