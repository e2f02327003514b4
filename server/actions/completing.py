"""An action with everything named by its own id and everything that was left open filled in: what people approve."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from server.actions.arguments import Credit, OrderArguments, UpgradeShipping
from server.actions.judging import Judged, judged
from server.actions.money_conditions import credit_currency
from server.actions.rules import ActionRules
from server.actions.shop import Shop, Wanted


def completed(wanted: Wanted, shop: Shop, rules: ActionRules, now: datetime) -> Wanted:
    """The action with lines by their ids, and the method, service and currency that it means.

    Of an action that breaks no rule; it does the same, and breaks no other rule if the records change.
    """
    asked = judged(wanted, shop, rules, now)
    if asked is None:
        return wanted
    return replace(wanted, arguments=wanted.arguments.model_copy(update=_meant(asked)))


def _meant(asked: Judged) -> dict[str, Any]:
    told = asked.arguments
    meant: dict[str, Any] = {}
    if isinstance(told, OrderArguments):
        meant["order"] = asked.order.id
    if asked.named.lines:
        meant["lines"] = asked.named.ids
    if asked.named.new_skus:
        meant["new_skus"] = asked.named.new_skus
    if isinstance(told, UpgradeShipping):
        meant["service"] = told.service or asked.rule.service
    elif isinstance(told, Credit):
        meant["currency"] = credit_currency(asked)
    elif "method" in type(told).model_fields:
        meant["method"] = asked.method
    return meant
