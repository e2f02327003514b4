"""What a rep may offer a customer at this moment: each action that the rules allow, up to how much, and why not others.

Judged as a proposal would be; nothing is proposed by looking.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assistant.troubles import has_reason_for_money, is_open, owed_refund, say_items, troubles
from server.actions.broken import ActionBreaksRules
from server.actions.kinds import GESTURES, ActionKind
from server.actions.limits import left_this_month
from server.actions.money import coming_back, room
from server.actions.proposing import Judgement, Proposed, ShopUnreachable, judge
from server.actions.rules import ActionRule, ActionRules
from server.actions.seconding import given_lately
from server.db import reading
from server.drafts.rules import ReviewRules
from server.limits.holding import action_rules, review_rules
from server.service import Service
from server.staff.roles import Role
from tools.ports import PortUnavailable
from tools.records import Money, Order, OrderStatus

_ORDERS = 3
_TOO_MUCH = "more than you may give; ask a supervisor"
_MONTH_IS_OVER = "this month's budget for it has not so much left"
_JUST_LOOKING = "action_looked_at"
_AMOUNTS = frozenset({ActionKind.CREDIT, ActionKind.REFUND})
_IN_WORDS = {
    ActionKind.CANCEL_ORDER: "cancel it",
    ActionKind.RETURN_ITEMS: "take it back for its money",
    ActionKind.REPLACE_ITEMS: "send it again",
    ActionKind.UPGRADE_SHIPPING: "send it by a faster service",
    ActionKind.REFUND: "refund",
    ActionKind.CREDIT: "store credit",
}
"""What can be judged without knowing more of what the customer wants."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that may be offered. `cost` is what it comes to; `most` how much it may, where that is to be chosen."""

    action: ActionKind
    order: str | None
    words: str
    consent: bool
    cost: Money | None = None
    most: Money | None = None

    def as_json(self) -> dict[str, Any]:
        """For the stream and the record."""
        amount = self.most or self.cost
        return {
            "action": self.action.value,
            "order": self.order,
            "words": self.words,
            "consent": self.consent,
            "amount": amount.amount if amount else None,
            "currency": amount.currency if amount else None,
        }


@dataclass(frozen=True, slots=True)
class NotNow:
    """An action that may not be offered, and why."""

    action: ActionKind
    order: str | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """For the stream and the record."""
        return {"action": self.action.value, "order": self.order, "why": self.why}


@dataclass(frozen=True, slots=True)
class Offering:
    """What may be offered, and what not; `unread` says that nothing could be judged."""

    offers: tuple[Offer, ...] = ()
    refused: tuple[NotNow, ...] = ()
    unread: str | None = None


async def what_may_be_offered(service: Service, customer: str, brand: str, role: Role | None) -> Offering:
    """Judge every action that can be, for the orders that matter, and as far as `role` may approve it alone.

    Call it within no transaction.
    """
    ports, knowledge = service.desk.ports, service.settings.knowledge
    async with reading(service.engine) as session:
        rules, review = await action_rules(session, knowledge), await review_rules(session, knowledge, brand)
    try:
        orders = _that_matter(await ports.orders.latest(customer, limit=10), service)
    except PortUnavailable as away:
        return Offering(unread=f"{away}: nothing can be said about what may be offered")
    offers: list[Offer] = []
    refused: list[NotNow] = []
    for kind, order, arguments in _candidates(orders, rules, brand):
        try:
            judgement = await judge(service, _JUST_LOOKING, Proposed(customer, kind, arguments))
        except ActionBreaksRules as broken:
            refused.append(NotNow(kind, order.id if order else None, str(broken)))
        except ShopUnreachable as away:
            return Offering(unread=str(away))
        else:
            month = await _left_this_month(service, kind, order, judgement, brand)
            told = _unless_without_reason(kind, order, judgement.rule) or _offer(
                kind, order, judgement, service, month, review, role
            )
            if isinstance(told, NotNow):
                refused.append(told)
            else:
                offers.append(told)
    return Offering(tuple(offers), tuple(refused))


def _that_matter(latest: Sequence[Order], service: Service) -> list[Order]:
    """Those with something wrong, then those under way; the latest one if there is none of either."""
    now = service.clock()
    wrong = [order for order in latest if troubles(order, now)]
    under_way = [order for order in latest if is_open(order) and order not in wrong]
    return ([*wrong, *under_way] or list(latest[:1]))[:_ORDERS]


def _candidates(
    orders: Sequence[Order], rules: ActionRules, brand: str
) -> Iterator[tuple[ActionKind, Order | None, Mapping[str, Any]]]:
    for kind in _IN_WORDS:
        rule = rules.rule(kind, brand)
        if rule is None:
            continue
        about = orders[:1] if kind is ActionKind.CREDIT else orders
        for order in about:
            yield kind, order, _arguments(kind, order, rule)


def _arguments(kind: ActionKind, order: Order, rule: ActionRule) -> dict[str, Any]:
    told: dict[str, Any] = {"order": order.id}
    if rule.reasons or kind is ActionKind.CANCEL_ORDER:
        told["reason"] = rule.reasons[0] if rule.reasons else "asked for by the customer"
    if kind in (ActionKind.RETURN_ITEMS, ActionKind.REPLACE_ITEMS):
        told["lines"] = [line.id for line in order.lines]
    if kind in _AMOUNTS:
        owed = owed_refund(order)
        told["amount"] = abs(owed.amount).amount if kind is ActionKind.REFUND and owed is not None else 1
    return told


def _unless_without_reason(kind: ActionKind, order: Order | None, rule: ActionRule) -> NotNow | None:
    """Money back and a second parcel are for what the records bear out; for the rest somebody has to look first."""
    if order is None or kind not in (ActionKind.REFUND, ActionKind.REPLACE_ITEMS):
        return None
    if order.status is OrderStatus.LOST or (kind is ActionKind.REFUND and has_reason_for_money(order)):
        return None
    reasons = " or ".join(rule.reasons) if rule.reasons else "there is a reason for it"
    return NotNow(kind, order.id, f"only if {reasons}; nothing in the records says so")


def _offer(
    kind: ActionKind,
    order: Order | None,
    judgement: Judgement,
    service: Service,
    month: int | None,
    review: ReviewRules,
    role: Role | None,
) -> Offer | NotNow:
    """In words: "FH-10423 (Ridgeline 2): send it by a faster service, which costs £15.00; needs their yes"."""
    rule, amount = judgement.rule, judgement.effect.amount
    currency = order.currency if order else None
    owed = owed_refund(order) if order is not None and kind is ActionKind.REFUND else None
    to_choose = kind in _AMOUNTS and owed is None
    left = _left(kind, currency, judgement, service, review, role)
    least = 1 if to_choose else amount.amount if amount else 0
    for limit, why in ((left, _TOO_MUCH), (month, _MONTH_IS_OVER)):
        if limit is not None and limit < least:
            due = f"a refund of {abs(owed.amount).say()} was promised: " if owed is not None else ""
            return NotNow(kind, order.id if order else None, f"{due}{why}")
    limits = [limit for limit in (left, month) if limit is not None]
    most = _most(kind, rule, judgement, currency, service, limits) if to_choose else None
    said = _IN_WORDS[kind]
    if owed is not None:
        said += f" of {abs(owed.amount).say()}, as it was promised"
    elif most is not None and kind is ActionKind.CREDIT:
        said += f", only where a rule gives it; you may approve up to {most.say()}"
    elif most is not None:
        said += f" of up to {most.say()}"
    elif amount is not None and kind not in _AMOUNTS:
        said += f", which comes to {amount.say()}"
    if rule.reasons:
        said += f", if {' or '.join(rule.reasons)}"
    said += "; they have to say yes to exactly this" if rule.consent else ""
    about = f"{order.id} ({say_items(order)}): " if order and kind is not ActionKind.CREDIT else ""
    return Offer(kind, order.id if order else None, f"{about}{said}", rule.consent, None if to_choose else amount, most)


async def _left_this_month(
    service: Service, kind: ActionKind, order: Order | None, judgement: Judgement, brand: str
) -> int | None:
    """What the brand may still give by such actions this month, in minor units of the order; None: no limit."""
    if order is None or order.currency not in judgement.rule.per_month:
        return None
    about = {"brand": order.brand or brand, "kind": kind, "currency": order.currency}
    async with reading(service.engine) as session:
        return await left_this_month(session, judgement.rule, **about, now=service.clock())


def _left(
    kind: ActionKind,
    currency: str | None,
    judgement: Judgement,
    service: Service,
    review: ReviewRules,
    role: Role | None,
) -> int | None:
    """What this role may still give this customer alone, in minor units; None: as much as the rules allow."""
    if kind not in GESTURES or currency is None:
        return None
    limit = review.limit(role, currency)
    return None if limit is None else max(0, limit - given_lately(service, judgement.earlier, currency))


def _most(
    kind: ActionKind, rule: ActionRule, judgement: Judgement, currency: str | None, service: Service, left: list[int]
) -> Money | None:
    """What one action may come to, less what this customer was given lately; None: nothing names a limit.

    `left` is what the asker may still give alone, and what the brand may this month.
    """
    if currency is None:
        return None
    limits = [*left]
    if currency in rule.most:
        limits.append(rule.most[currency])
    if kind is ActionKind.REFUND and judgement.shop.order is not None:
        limits.append(max(0, room(judgement.shop.order) - coming_back(judgement.shop.order)))
    theirs = rule.per_customer
    if theirs is not None and currency in theirs.most:
        since = service.clock() - timedelta(days=theirs.days)
        given = sum(
            row.amount or 0
            for row in judgement.earlier
            if row.kind == kind and row.currency == currency and row.proposed_at > since
        )
        limits.append(max(0, theirs.most[currency] - given))
    return Money(min(limits), currency) if limits else None
