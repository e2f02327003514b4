"""Cases that turn on the customer's own record: the facts in private, nothing of them in public (rule 3)."""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from assistant.composing.answered import chosen_remedy, is_answered
from assistant.composing.answers import PolicyAnswer, find_answer
from assistant.composing.order_story import OrderStory, Subject
from assistant.composing.places import PRIVATE_PLACES, add_place, place_for
from assistant.composing.reading import Mood
from assistant.composing.situation import Situation
from assistant.composing.wording import Text
from assistant.outcome import ClaimKind, Clarify, Draft, Outcome, Reason
from assistant.return_rules import ASKED_UNDER
from tools.context import Proposal
from tools.parcels import COMING_BACK
from tools.records import Order, OrderStatus

_SUBJECTS: dict[str, Subject] = {
    "double_charge": "money",
    "refund_status": "return",
    "refund_request": "return",
    "payment_problem": "money",
    "billing_question": "money",
    "exchange_policy": "return",
    "return_policy": "return",
    "wrong_size": "purchase",
    "wrong_item": "purchase",
    "damaged_item": "purchase",
    "missing_part": "purchase",
    "product_fault": "purchase",
    "warranty_policy": "purchase",
    "repair_request": "purchase",
    "still_not_solved": "purchase",
}
_STOPPABLE = frozenset({OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.BACKORDERED, OrderStatus.PREORDERED})
_OPEN = _STOPPABLE | {OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.PARTLY_SHIPPED, OrderStatus.LOST}
_CHOICES = 3
# What these are answered with is true of any order, so that it gives nothing of this one away.
_RULES = frozenset(
    {
        *("order_change", "order_cancel", "billing_question", "return_policy", "exchange_policy"),
        *("eligibility", "loyalty_points", "gift_card_problem", "promo_code", "policy_question"),
    }
)
# What a person may approve when somebody has this trouble with something they received.
_REMEDIES = {
    "wrong_size": "exchange_items",
    "wrong_item": "replace_items",
    "damaged_item": "replace_items",
    "missing_part": "replace_items",
    "product_fault": "repair",
    "repair_request": "repair",
    "still_not_solved": "repair",
    "order_change": "change_items",
}


def order_case(case: Situation) -> Outcome | None:
    """The draft of a verified customer's order case, or None if it is none."""
    if not case.verified or case.intent is None:
        return None
    promised = {promise.order for promise in case.material.promises if promise.order}
    may_come_back = _may_come_back(case)
    if not (case.intent.records or _is_under_way(case, promised) or may_come_back):
        return None
    told = case.material.order or may_come_back
    if told is not None:
        return _tell(case, told)
    if case.intent.group not in ("order", "money") or case.material.refused:
        return None
    candidates = _candidates(case, promised)
    if len(candidates) == 1:
        return _tell(case, candidates[0])
    return _which(case, candidates) if candidates else None


def _is_under_way(case: Situation, promised: Collection[str]) -> bool:
    """Whether the order in question is owed something, or is on its way back, so that a rule alone is no answer."""
    order = case.material.order
    if order is None or case.intent is None:
        return False
    coming_back = order.status in COMING_BACK and case.intent.id in ("exchange_policy", "return_policy")
    return order.id in promised or coming_back


def _may_come_back(case: Situation) -> Order | None:
    """The order that they ask to return, if it is certain which and no other rule answers, such as that of a recall."""
    about = [case.material.order] if case.material.order is not None else case.material.orders
    if case.intent is None or case.intent.id not in ASKED_UNDER or len(about) != 1:
        return None
    time = case.material.return_times.get(about[0].id)
    answer = find_answer(case)
    if time is None or (answer is not None and answer.passage.category != time.rule.passage.category):
        return None
    return about[0]


def _candidates(case: Situation, promised: Collection[str]) -> list[Order]:
    """The orders that may be meant: with a promise on them, else the open ones, else the latest."""
    orders = case.material.orders
    owed = [order for order in orders if order.id in promised]
    still_open = [order for order in orders if order.status in _OPEN]
    return owed or still_open or list(orders[:_CHOICES])


def _tell(case: Situation, order: Order) -> Outcome:
    story = OrderStory(case, order)
    intent = case.intent.id if case.intent else ""
    private = Text().add(case.say(f"private.{case.reading.mood.value}"), spare=3)
    story.tell(private, _subject(intent, story))
    answer = None if _is_owed(story) else find_answer(case, order=order)
    public = _public(case, answer)
    if answer is not None and (_is_rule(case, answer) or not any(line.text == answer.text for line in public.lines)):
        private.add(answer.text, ClaimKind.POLICY, evidence=[answer.evidence.id])
    actions = _propose(case, story, answer)
    question = _next_step(case, story, actions)
    if question is not None:
        private.add(question, ClaimKind.QUESTION)
    return Draft(case.reply(public, private), actions)


def _is_owed(story: OrderStory) -> bool:
    """Whether it arrived and something is still owed for it: then no rule about deliveries answers."""
    return story.order.status is OrderStatus.DELIVERED and any(story.promises())


def _subject(intent: str, story: OrderStory) -> Subject:
    if intent in ("refund_status", "refund_request") and not story.order.returns and story.same_payments():
        return "money"
    if story.order.status in COMING_BACK:
        return "return"
    return _SUBJECTS.get(intent, "delivery")


def _public(case: Situation, answer: PolicyAnswer | None) -> Text:
    """Without a fact of the record: for a fault what the policy says to everybody, then where the rest is."""
    public = Text().add(_before_details(case), spare=2)
    general = case.intent is not None and case.intent.id in ("product_fault", "warranty_policy", "still_not_solved")
    if general and answer is not None:
        public.add(answer.text, ClaimKind.POLICY, evidence=[answer.evidence.id])
        repairs = place_for(case, ["repairs"])
        if repairs is not None:
            add_place(public, repairs, short=True)
            return public
    elif answer is not None and _is_rule(case, answer):
        public.add(answer.text, ClaimKind.POLICY, evidence=[answer.evidence.id], spare=1)
    public.add(case.say("public.details"))
    add_place(public, place_for(case, PRIVATE_PLACES), short=True)
    return public


def _is_rule(case: Situation, answer: PolicyAnswer) -> bool:
    """Whether a rule was asked for that says nothing of how this order stands: others may read it, too."""
    asked = case.intent is not None and answer.intent == case.intent.id
    return asked and answer.intent in _RULES and "?" in case.reading.latest


def _before_details(case: Situation) -> str:
    """An opening that leaves nothing to be asked first: what a rule depends on stands in the private part."""
    asks_for_a_rule = case.intent is not None and case.intent.group == "policy"
    return case.say("answering.message") if asks_for_a_rule and case.reading.mood is Mood.CALM else case.opening()


def _which(case: Situation, orders: Sequence[Order]) -> Outcome:
    """Two orders fit: the question names them, so it is asked in private."""
    named = [f"{order.id} ({OrderStory(case, order).items()})" for order in orders[:_CHOICES]]
    found = [OrderStory(case, order).evidence("") for order in orders[:_CHOICES]]
    private = Text().add(case.say(f"private.{case.reading.mood.value}"), spare=3)
    private.add(
        case.say("order.which", orders=case.either(named)),
        ClaimKind.QUESTION,
        evidence=[number for number in found if number is not None],
    )
    public = Text().add(case.opening(), spare=2)
    rule = find_answer(case)
    if rule is not None and _is_rule(case, rule):
        public.add(rule.text, ClaimKind.POLICY, evidence=[rule.evidence.id], spare=1)
    public.add(case.say("public.question"))
    add_place(public, place_for(case, PRIVATE_PLACES), short=True)
    return Clarify(case.reply(public, private), Reason("missing_order", "several orders fit what was asked"))


def _propose(case: Situation, story: OrderStory, answer: PolicyAnswer | None) -> tuple[Proposal, ...]:
    """What a person may approve; nothing of it is told as done."""
    order, intent = story.order, case.intent.id if case.intent else ""
    about: dict[str, object] = {"order": order.id}
    rests_on = tuple(
        number for number in (story.evidence(""), answer.evidence.id if answer else None) if number is not None
    )
    if not rests_on:
        return ()
    proposals: list[Proposal] = []
    proposals += [
        proposal
        for proposal in promised_back(story, rests_on)
        if proposal.type != "refund" or intent in ("refund_status", "refund_request", "still_not_solved")
    ]
    twice = story.same_payments()
    if twice is not None and intent == "double_charge":
        money = {"amount": twice[1].amount.amount, "currency": twice[1].amount.currency}
        proposals.append(Proposal("refund", about | money, "the same amount was taken twice", rests_on))
    if story.lost():
        money = {"amount": order.total.amount, "currency": order.currency}
        ways: dict[str, dict[str, object]] = {"replace_items": {}, "refund": money}
        chosen = chosen_remedy(case.reading.words)
        why = "the parcel is lost; asked for" if chosen else "the parcel is lost; the customer may choose"
        proposals += [
            Proposal(way, about | details, why, rests_on) for way, details in ways.items() if chosen in (way, None)
        ]
    elif intent in ("order_late", "order_status", "order_lost") and story.overdue() and not story.untouched():
        proposals.append(Proposal("trace_parcel", about, "the named day has passed", rests_on))
    proposals += [
        Proposal(offer.action, about, offer.reason, rests_on)
        for offer in case.offers
        if intent in offer.intents and all(_holds(story, fact) for fact in offer.when)
    ]
    if intent == "order_cancel" and order.status in _STOPPABLE and story.untouched():
        asked = {"reason": "the customer asked for it"}
        proposals.append(Proposal("cancel_order", about | asked, "asked for, and not packed yet", rests_on))
    if case.intent is not None and intent in _REMEDIES:
        proposals.append(Proposal(_REMEDIES[intent], about, f"asked for: {case.intent.title}", rests_on))
    return tuple(proposals)


def promised_back(story: OrderStory, rests_on: tuple[str, ...]) -> Iterator[Proposal]:
    """The refund and the second parcel that were promised for an order and not carried out."""
    about: dict[str, object] = {"order": story.order.id}
    refund = story.open_refund()
    if refund is not None:
        money = {"amount": abs(refund.amount).amount, "currency": refund.amount.currency}
        yield Proposal("refund", about | money, "promised and not carried out", rests_on)
    if any("replacement" in promise.what.casefold() for promise in story.promises()):
        yield Proposal("replace_items", about, "promised and not carried out", rests_on)


def _holds(story: OrderStory, fact: Literal["late", "not_sent"]) -> bool:
    return story.overdue() if fact == "late" else story.untouched()


def _next_step(case: Situation, story: OrderStory, actions: tuple[Proposal, ...]) -> str | None:
    """What the customer is asked for, if the next step is theirs."""
    intent = case.intent.id if case.intent else ""
    if story.lost():
        return None if chosen_remedy(case.reading.words) else case.say("next.lost")
    if is_answered(intent, case.reading.words):
        return None
    if intent == "order_cancel" and not (story.order.status in _STOPPABLE and story.untouched()):
        return None
    if intent in ("order_late", "order_status") and not story.overdue():
        return None
    return case.say(f"next.{intent}") if case.phrases.has(f"next.{intent}") else None
