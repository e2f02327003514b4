"""Whether an action may be done as the shop's records and the rules stand. docs/actions.md lists what is looked at."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from server.actions import money_conditions as money
from server.actions import order_conditions as of_order
from server.actions.arguments import Credit
from server.actions.broken import Broken as Broken
from server.actions.judging import Judged, brand_of, judged
from server.actions.kinds import ActionKind, say_kind
from server.actions.rules import ActionRules
from server.actions.shop import Shop, Wanted

Precondition = Callable[[Judged], Iterator[Broken]]

NO_ORDER = Broken("order", "this customer has no order of that number; check the number and who is meant")
"""An order that is not theirs and one that does not exist are told alike."""

_STANDING = (of_order.in_state, of_order.not_modified, of_order.not_before, of_order.in_time)
_TIME = (*_STANDING, of_order.for_a_reason)
_SWAP = (of_order.lines_are_its, money.variants_may_be, money.method_for_difference)


def _if_about_order(condition: Precondition) -> Precondition:
    return lambda asked: condition(asked) if asked.shop.order is not None else iter(())


PRECONDITIONS: Mapping[ActionKind, tuple[Precondition, ...]] = {
    ActionKind.CANCEL_ORDER: (*_TIME, of_order.lines_are_its, of_order.parts_can_be_cancelled),
    ActionKind.CHANGE_ADDRESS: (*_TIME, of_order.address_may_be),
    ActionKind.CHANGE_ITEMS: (*_TIME, *_SWAP),
    ActionKind.CHANGE_PAYMENT: (*_TIME, money.other_method),
    ActionKind.RETURN_ITEMS: (
        *_TIME,
        of_order.lines_are_its,
        of_order.lines_are_here,
        of_order.price_has_not_gone_back,
        money.method_for_money_back,
    ),
    ActionKind.EXCHANGE_ITEMS: (*_TIME, of_order.lines_are_here, of_order.price_has_not_gone_back, *_SWAP),
    ActionKind.REFUND: (
        *_TIME,
        of_order.lines_are_its,
        of_order.price_has_not_gone_back,
        of_order.nothing_follows_for_it,
        of_order.refund_says_how_much,
        money.method_for_money_back,
        money.no_more_than_taken,
        money.gesture_is_small,
        money.customer_has_room,
    ),
    ActionKind.CREDIT: (
        *(_if_about_order(condition) for condition in _STANDING),
        of_order.for_a_reason,
        money.credit_has_a_place,
        money.gesture_is_small,
        money.customer_has_room,
    ),
    ActionKind.UPGRADE_SHIPPING: (
        *_TIME,
        of_order.something_can_be_faster,
        money.cost_is_known,
        money.gesture_is_small,
        money.customer_has_room,
    ),
    ActionKind.REPLACE_ITEMS: (
        *_TIME,
        of_order.lines_are_its,
        of_order.lines_are_not_on_their_way,
        of_order.price_has_not_gone_back,
        money.gesture_is_small,
        money.customer_has_room,
    ),
}


def broken(wanted: Wanted, shop: Shop, rules: ActionRules, now: datetime) -> list[Broken]:
    """Every rule that the action would break, the most telling one first; nothing if it may be done.

    Args:
        wanted: The action, with its arguments as they were told or as they were completed.
        shop: The records it is about.
        rules: What is allowed.
        now: The moment it is judged at.
    """
    theirs = shop.order is not None and shop.order.customer == shop.customer.id
    about_an_order = not isinstance(wanted.arguments, Credit) or wanted.arguments.order is not None
    if shop.customer.id != wanted.customer or (about_an_order and not theirs):
        return [NO_ORDER]
    asked = judged(wanted, shop, rules, now)
    if asked is None:
        brand = brand_of(shop)
        return [Broken("kind", f"{say_kind(wanted.kind)} is not allowed{f' at {brand}' if brand else ''}")]
    return [wrong for condition in PRECONDITIONS[wanted.kind] for wrong in condition(asked)]
