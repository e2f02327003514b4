"""What an action does to the shop's records."""

from collections.abc import Callable, Mapping
from datetime import datetime

from server.actions.kinds import ActionKind
from server.actions.rules import ActionRules
from server.actions.shop import Effect, Shop, Wanted

_EFFECTS: Mapping[ActionKind, Callable[[Wanted, Shop, ActionRules, datetime], Effect]] = {}


def effect_of(wanted: Wanted, shop: Shop, rules: ActionRules, now: datetime) -> Effect:
    """The records as they are when it is done: of an action that breaks no rule."""
    return _EFFECTS[wanted.kind](wanted, shop, rules, now)
