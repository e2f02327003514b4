"""Whether what was promised has been done: every act that the sentence names, of its order, for as much as it says."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from assistant.commitments import acts_promised, carries_out, carry_out_all, says
from assistant.focus import order_numbers
from assistant.reading.mentions import Bound, Kind, Mention
from assistant.reading.passage import read
from server.actions.states import ActionState
from server.models import ActionRow, PromiseRow

_MONEY = frozenset({"refund", "credit"})
_STILL_TO_DO = frozenset(
    {
        ActionState.PROPOSED,
        ActionState.AWAITING_SECOND,
        ActionState.APPROVED,
        ActionState.RUNNING,
        ActionState.UNCERTAIN,
    }
)


def action_for(promise: PromiseRow, actions: Sequence[ActionRow]) -> ActionRow | None:
    """The action of a promise's own draft that does what it says; None also where it may be one of several orders.

    Args:
        promise: It says what, and of which order.
        actions: Those of the draft that were not put aside.
    """
    doing = [action for action in actions if action.state != ActionState.FAILED and _does_some(action, promise)]
    return doing[0] if len({action.order_id for action in doing}) == 1 else None


def carried_out_by(promise: PromiseRow, actions: Sequence[ActionRow]) -> ActionRow | None:
    """The action with which all that was promised was done; None as long as it is not.

    It is if those that are done do every act that the sentence names, for each order that it names; if they come to
    the amount that it states; and if none of the promise's own draft that does some of it is still to be done. Whatever
    cannot be told from the records is left to a person.

    Args:
        promise: What was promised.
        actions: Those of its draft, and those that were done since for this customer or in this case.
    """
    acts = acts_promised(_sentence(promise))
    ours = [action for action in actions if _does_some(action, promise)]
    if any(action.state in _STILL_TO_DO and action.draft == promise.draft for action in ours):
        return None
    done = [action for action in ours if action.state == ActionState.DONE]
    of_each = [[row.kind for row in done if _is(row.order_id, name)] for name in _orders(promise)] or [
        [row.kind for row in done]
    ]
    kept = all(carry_out_all(kinds, acts) for kinds in of_each) and _agrees(promise, acts, done)
    return max(done, key=lambda action: action.done_at or promise.made_at) if kept else None


def _does_some(action: ActionRow, promise: PromiseRow) -> bool:
    """Whether an action is about what was promised and does some of it."""
    orders = _orders(promise)
    if orders:
        about_it = any(_is(action.order_id, name) for name in orders)
    else:
        about_it = (promise.case == action.case is not None) or (promise.draft == action.draft is not None)
    return about_it and carries_out(action.kind, acts_promised(_sentence(promise)))


def _agrees(promise: PromiseRow, acts: Collection[str], done: Sequence[ActionRow]) -> bool:
    """Whether what was given comes to what the sentence states, if it states an amount."""
    given = [action for action in done if carries_out(action.kind, acts) and action.amount is not None]
    if _MONEY.isdisjoint(acts):
        return True
    sentence = _sentence(promise)
    if says(sentence, "in_full") and any({"amount", "lines"} & action.arguments.keys() for action in given):
        return False
    stated = [
        mention
        for mention in read(sentence, date.min, whole=True).units[0].mentions
        if mention.kind in (Kind.MONEY, Kind.PERCENT)
    ]
    if not stated:
        return True
    if len(stated) > 1:
        return _match_one_by_one(stated, given)
    currencies = {action.currency for action in given}
    return len(currencies) == 1 and _is_stated(stated[0], sum(map(_value, given), Decimal()), currencies.pop())


def _match_one_by_one(stated: Sequence[Mention], given: Sequence[ActionRow]) -> bool:
    """Whether each amount of several was given by an action of its own."""
    left = list(given)
    for mention in stated:
        fit = next((action for action in left if _is_stated(mention, _value(action), action.currency)), None)
        if fit is None:
            return False
        left.remove(fit)
    return not left


def _is_stated(mention: Mention, value: Decimal, currency: str | None) -> bool:
    if mention.kind is not Kind.MONEY or mention.unit != currency or mention.bound is Bound.ABOUT:
        return False
    readings = [reading for reading in mention.values if isinstance(reading, Decimal)]
    if mention.bound is Bound.UPPER:
        return 0 < value <= min(readings)
    return value >= max(readings) if mention.bound is Bound.LOWER else value in readings


def _value(action: ActionRow) -> Decimal:
    return Decimal(action.amount or 0).scaleb(-get_currency_precision(action.currency or ""))


def _orders(promise: PromiseRow) -> Sequence[str]:
    """The orders that the sentence names; if it names none, the one that it rests on."""
    return order_numbers(_sentence(promise)) or ((promise.order_id,) if promise.order_id else ())


def _is(order: str | None, name: str) -> bool:
    return order is not None and order.casefold() == name.casefold()


def _sentence(promise: PromiseRow) -> str:
    return promise.said or promise.what
