"""What one person may not approve alone, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from server.actions.kinds import GESTURES, ActionKind
from server.actions.proposing import Judgement
from server.drafts.rules import ReviewRules
from server.models import ActionRow
from server.service import Service
from server.staff.roles import Caller

_GIVEN_IN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Second:
    """Why a second person has to say yes."""

    rule: str
    words: str


def reasons_for_second(
    service: Service, rules: ReviewRules, caller: Caller, action: ActionRow, judgement: Judgement
) -> Sequence[Second]:
    """Every rule that asks for a second person if this one approves the action."""
    reasons = []
    if not within_limit(service, rules, caller, action, judgement.earlier):
        words = f"with what this customer was given in {_GIVEN_IN.days} days it is more than you may approve alone"
        reasons.append(Second("amount", words))
    order = judgement.shop.order
    if order is not None:
        most = judgement.rule.checked_above.get(order.currency)
        if most is not None and order.total.amount > most:
            reasons.append(Second("checked_above", "the order is worth so much that a second person looks"))
    return reasons


def within_limit(
    service: Service, rules: ReviewRules, caller: Caller, action: ActionRow, earlier: Sequence[ActionRow]
) -> bool:
    """Whether a gesture, with those the customer had lately, costs no more than this person may approve.

    So that nobody gives in six parts what they may not give at once. What the order itself gives back is no gesture.
    """
    if ActionKind(action.kind) not in GESTURES or action.amount is None or action.currency is None:
        return True
    lately = given_lately(service, earlier, action.currency)
    return rules.allows(caller.role, {action.currency: action.amount + lately})


def given_lately(service: Service, earlier: Sequence[ActionRow], currency: str) -> int:
    """What the gestures among a customer's earlier actions came to in the last days, in minor units."""
    return sum(
        row.amount or 0
        for row in earlier
        if ActionKind(row.kind) in GESTURES
        and row.currency == currency
        and row.approved_at is not None
        and row.approved_at > service.clock() - _GIVEN_IN
    )
