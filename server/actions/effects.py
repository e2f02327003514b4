"""What an action does to the shop's records. docs/actions.md tells it kind by kind."""

from collections.abc import Callable, Mapping
from datetime import datetime

from server.actions import changing, gestures, giving_back
from server.actions.broken import ActionBreaksRules
from server.actions.judging import Judged, judged
from server.actions.kinds import ActionKind
from server.actions.preconditions import broken
from server.actions.rules import ActionRules
from server.actions.shop import Effect, Shop, Wanted

_EFFECTS: Mapping[ActionKind, Callable[[Judged], Effect]] = {
    ActionKind.CANCEL_ORDER: changing.cancel_order,
    ActionKind.CHANGE_ADDRESS: changing.change_address,
    ActionKind.CHANGE_ITEMS: changing.change_items,
    ActionKind.CHANGE_PAYMENT: changing.change_payment,
    ActionKind.RETURN_ITEMS: giving_back.return_items,
    ActionKind.EXCHANGE_ITEMS: giving_back.exchange_items,
    ActionKind.REFUND: giving_back.refund,
    ActionKind.CREDIT: gestures.credit,
    ActionKind.UPGRADE_SHIPPING: gestures.upgrade_shipping,
    ActionKind.REPLACE_ITEMS: gestures.replace_items,
}


def effect_of(wanted: Wanted, shop: Shop, rules: ActionRules, now: datetime) -> Effect:
    """The records as they are when it is done.

    Raises:
        ActionBreaksRules: if it may not be done.
    """
    wrong = broken(wanted, shop, rules, now)
    asked = judged(wanted, shop, rules, now)
    if wrong or asked is None:
        raise ActionBreaksRules(wrong)
    return _EFFECTS[wanted.kind](asked)
