"""What was promised to the customer and is overdue: who waits for it is told how it stands, and asked nothing first."""

from collections.abc import Iterator, Sequence

import regex

from assistant.composing.order_cases import promised_back
from assistant.composing.order_story import OrderStory, tell_promise
from assistant.composing.places import PRIVATE_PLACES, add_place, place_for
from assistant.composing.situation import Situation
from assistant.composing.wording import Text
from assistant.outcome import Claim, ClaimKind, Clarify, Draft, Outcome
from tools.context import Proposal
from tools.records import Order, Promise

_MAY_BE_IT = frozenset({"other", "vague", "conduct", "order", "money"})
_ASKS_AFTER_IT = regex.compile(
    r"""\b(?:
      promis\w*|(?:said|told\s+me)\s+(?:that\s+)?you(?:'d|\s+would|\s+will|'ll)|you(?:'re|\s+are|\s+were)\s+(?:going|supposed|meant)\s+to
      |(?:call\w*|ring|rang|rung)\s+(?:me\s+|us\s+)?back|call-?backs?|where(?:'s|\s+is)\s+(?:it|my\s+(?:call|answer|reply))
      |(?:nobody|no\s?one|never)\s+(?:has\s+|have\s+|ever\s+)?(?:call|ring|rang|rung|replied|wrote|written|got\s+back|c[ao]me\s+back)\w*
      |still\s+(?:nothing|waiting|not\s+(?:here|done))|nothing\s+(?:has\s+)?happened|any\s+(?:news|updates?)
      |verspr[aio]ch\w*|zugesagt|zusage|zugesichert|rückruf|zurück(?:ruf|geruf|zuruf|gemeldet)\w*|wolltet\s+(?:ihr|euch)|wollten\s+sie|wo\s+bleibt
      |(?:immer\s+)?noch\s+(?:immer\s+)?(?:nichts|nicht\s+(?:da|passiert))|was\s+neues|nichts\s+passiert
      |promet\w+|promes\w+|dij(?:isteis|eron|iste)\s+que|ibais\s+a|iban\s+a|quedamos\s+en|nadie\s+(?:me\s+)?(?:ha\s+)?(?:llam|contest|escrit)\w*
      |dónde\s+está|sig(?:o|ue)\s+(?:esperando|sin)|novedades|no\s+ha\s+pasado\s+nada
      |promess\w*|avi?ez\s+dit|(?:deviez|devait)\s+(?:me|nous)|rappel[eé]r?|personne\s+ne\s+m'a|où\s+(?:est|en\s+est)|toujours\s+(?:rien|pas)
      |des\s+nouvelles|j'attends|rien\s+ne\s+s'est\s+passé
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)


def instead_of(case: Situation, outcome: Outcome) -> Draft | None:
    """How the promise stands, where they ask after it and are told nothing of it, or would be asked something first.

    A question that is plainly about something else stands behind it.
    """
    if _asks_after_it(case) and not _tells_it_all(case, outcome):
        return tell_owed(case)
    if not isinstance(outcome, Clarify):
        return None
    another = case.matter is not None and case.matter.group not in _MAY_BE_IT
    return tell_owed(case, [claim.sentence for claim in _questions(outcome)] if another else ())


def most_likely(case: Situation) -> Draft | None:
    """How the promise stands, if nothing else is plainly what they write about."""
    return tell_owed(case) if case.matter is None or case.matter.group in _MAY_BE_IT else None


def tell_owed(case: Situation, questions: Sequence[str] = ()) -> Draft | None:
    """Every promise that is overdue, with its order; None if there is none, or it is not certain who asks."""
    overdue = _overdue(case)
    if not case.verified or not overdue:
        return None
    private = Text().add(case.say(f"private.{case.reading.mood.value}"), spare=3)
    orders = _orders(case, overdue)
    stories = [OrderStory(case, order) for order in orders]
    for story in stories:
        story.tell(private, "return" if story.open_refund() is not None else "delivery")
    told = {order.id for order in orders}
    for promise in overdue:
        if promise.order not in told:
            tell_promise(private, case, promise)
    for question in dict.fromkeys(questions):
        private.add(question, ClaimKind.QUESTION)
    actions = tuple(proposal for story in stories for proposal in _propose(story))
    public = Text().add(case.say(f"opening.any.{case.reading.mood.value}"), spare=2).add(case.say("public.details"))
    add_place(public, place_for(case, PRIVATE_PLACES), short=True)
    return Draft(case.reply(public, private), actions)


def _asks_after_it(case: Situation) -> bool:
    """Whether they ask after a promise, and about no order for which nothing was promised."""
    order = case.material.order
    about_another = order is not None and order.id not in {promise.order for promise in _overdue(case)}
    return not about_another and bool(_ASKS_AFTER_IT.search(case.reading.latest))


def _tells_it_all(case: Situation, outcome: Outcome) -> bool:
    known = case.material.record_evidence
    numbers = {known[ref].id for promise in _overdue(case) if (ref := f"promise:{promise.id}") in known}
    told = {number for claim in outcome.reply.claims for number in claim.evidence}
    return isinstance(outcome, Draft) and numbers <= told and not _questions(outcome)


def _questions(outcome: Outcome) -> list[Claim]:
    return [claim for claim in outcome.reply.claims if claim.kind is ClaimKind.QUESTION]


def _overdue(case: Situation) -> list[Promise]:
    now = case.material.now
    return [p for p in case.material.promises if p.state == "open" and p.due is not None and p.due < now]


def _orders(case: Situation, promises: Sequence[Promise]) -> list[Order]:
    wanted = {promise.order for promise in promises}
    return [order for order in case.material.orders if order.id in wanted]


def _propose(story: OrderStory) -> Iterator[Proposal]:
    number = story.evidence("")
    if number is not None:
        yield from promised_back(story, (number,))
