"""A rep's question about one customer, answered without a model: the facts that bear on it, each with its source.

The rep sees records and internal policies; nothing here is a text for the customer.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.asked import Asked, read_question
from assistant.case import Post, Role, Thread
from assistant.focus import is_late
from assistant.gather import Question, gather
from assistant.language import detect_language
from assistant.material import Material
from assistant.model_round import Use
from assistant.outcome import Claim, ClaimKind, Draft, Reply, TurnRecord, Writer
from assistant.recalls import find_recalled
from assistant.relevance import facts_asked_for, orders_in_question, rank_facts
from assistant.rep_claims import claim_of, say_none
from assistant.rep_rules import RuleQuestion, find_rules, say_prepared, say_rule
from assistant.returning import SUFFIX
from assistant.stems import stems
from assistant.turn import Desk
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.order_evidence import OrderNotes
from tools.orders import get_order_status
from tools.ports import Identity, PortUnavailable
from tools.records import Customer, Known, Order, Passage, Product

CHANNEL = "panel"
_FACTS = 6
_SHARING_WORDS = 3
_ORDERS_IN_FULL = 5
_ABOUT_A_RECALL = "recall_question"
_RECORDS = frozenset({"customers", "orders", "promises", "conversations"})


class NoSuchCustomer(LookupError):
    """A question about a customer who is not in the records."""


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """What was read for a rep, and the facts that answer them, most relevant first; moments are `time.monotonic`."""

    material: Material
    context: ToolContext
    claims: tuple[Claim, ...]
    began: float
    gathered: float

    @property
    def reply(self) -> Reply:
        """The facts one below the other, for the rep alone."""
        return Reply(private_text="\n".join(claim.sentence for claim in self.claims) or None, claims=self.claims)


async def answer_question(question: str, customer_id: str, desk: Desk, *, now: datetime | None = None) -> TurnRecord:
    """The facts that answer a rep's question, most relevant first, in `private_text`; nothing is meant for sending.

    Raises:
        NoSuchCustomer: No customer has this id.
    """
    found = await find_facts(question, customer_id, desk, now=now or desk.clock())
    return record_of(found, found.reply, Writer.COMPOSER)


async def find_facts(question: str, customer_id: str, desk: Desk, *, now: datetime) -> FoundFacts:
    """The facts that answer a rep's question.

    Raises:
        NoSuchCustomer: No customer has this id.
        PortUnavailable: Whether there is one cannot be looked up.
    """
    began = time.monotonic()
    customer = await read_customer(customer_id, desk)
    material, context = await read_for_rep(as_thread(question, customer, now), customer, desk, now)
    gathered = time.monotonic()
    claims = await _answer(question, material, context)
    return FoundFacts(material, context, tuple(claims), began, gathered)


async def read_customer(customer_id: str, desk: Desk) -> Customer:
    """The customer of this id.

    Raises:
        NoSuchCustomer: There is none.
        PortUnavailable: Whether there is one cannot be looked up.
    """
    customer = await desk.ports.customers.get(customer_id)
    if customer is None:
        raise NoSuchCustomer(f"there is no customer {customer_id}")
    return customer


async def read_for_rep(thread: Thread, customer: Customer, desk: Desk, now: datetime) -> tuple[Material, ToolContext]:
    """Everything that bears on a thread, read for a rep, who may see this customer's records."""
    language = detect_language(thread.request, hint="en")
    guesses = await desk.recogniser.guess_thread(thread, language)
    brand = desk.guidance.brand(thread.brand)
    who = Identity(Known.VERIFIED, customer.id)
    return await gather(
        Question(thread, brand, language, who, guesses, now),
        region=desk.region,
        ports=desk.ports,
        recogniser=desk.recogniser,
    )


def record_of(found: FoundFacts, reply: Reply, written_by: Writer, use: Use | None = None) -> TurnRecord:
    """The turn's record, with this answer."""
    material, use = found.material, use or Use()
    spent = {"gather": (found.gathered - found.began) * 1000, "total": (time.monotonic() - found.began) * 1000}
    return TurnRecord(
        id=material.thread.id,
        channel=CHANNEL,
        brand=material.brand.id if material.brand else None,
        language=material.language,
        target_post=material.thread.target.id,
        identity=material.identity,
        intent=material.intent.id if material.intent else None,
        outcome=Draft(reply),
        evidence=tuple(found.context.ledger),
        written_by=written_by,
        started_at=material.now,
        model_calls=use.model_calls,
        tokens=use.tokens,
        cost=use.cost,
        timings_ms={**use.timings, **spent},
        requests=use.requests,
        notes=(*(outage.words(material.now) for outage in material.outages), *use.notes),
        outages=material.outages,
        tool_calls=tuple(found.context.calls),
        passages=tuple(found.context.passages.values()),
        model=use.model,
    )


def as_thread(question: str, customer: Customer, now: datetime) -> Thread:
    """A rep's question in the place of a thread, as far as what bears on it is found by its words."""
    post = Post(id="question", author=customer.id, role=Role.CUSTOMER, created_at=now, text=question)
    return Thread(id="ask", channel=CHANNEL, posts=(post,), brand=customer.brand)


async def _answer(question: str, material: Material, context: ToolContext) -> list[Claim]:
    """What is recalled of what they own; then facts of the records, then policies where asked or nothing answers."""
    asked = read_question(question)
    orders, products = await _orders(question, asked, material, context)
    facts = _from_records(question, asked, material, context, orders)
    if asked.rule or not facts:
        ruling = _ruling(asked, material, facts)
        rule = RuleQuestion(question, asked, _matter(asked, orders, products, context.now), ruling)
        facts += await find_rules(rule, material, context)
    recalls = await tell_recalls(material, context)
    told = {number for claim in recalls for number in claim.evidence}
    return [*recalls, *(fact for fact in facts if fact.kind is not ClaimKind.POLICY or not told & set(fact.evidence))]


async def tell_recalls(material: Material, context: ToolContext) -> list[Claim]:
    """Of each thing that they own and that is recalled: that it is, and what the document has prepared."""
    claims: list[Claim] = []
    for item in find_recalled(material.orders, [passage for passage, _ in material.passages]):
        answers = [answer for answer in item.passage.answers if answer.language == material.language]
        prepared = next((answer for answer in answers if answer.intent == _ABOUT_A_RECALL), None)
        said = (
            await say_prepared(item.passage, prepared, context)
            if prepared is not None
            else await say_rule(material.thread.request, item.passage, context)
        )
        sentence = f"This customer {item.say()}.\n{said.sentence}"
        head = [evidence.id for ref, evidence in material.record_evidence.items() if ref == f"order:{item.order}"]
        claims.append(replace(said, sentence=sentence, evidence=(*said.evidence, *head)))
    return claims


async def _orders(
    question: str, asked: Asked, material: Material, context: ToolContext
) -> tuple[tuple[Order, ...], dict[str, Product]]:
    """The orders that are meant, with their products, noted as evidence: the named ones or those that fit."""
    if material.refused:
        return (), {}
    named = (material.order,) if material.order and material.order.id.casefold() in question.casefold() else ()
    latest = named or material.orders[:_ORDERS_IN_FULL]
    for order in latest:
        await get_order_status(context, order.id)
    for order in material.orders[_ORDERS_IN_FULL:]:
        OrderNotes(context, order).head()
    wanted = dict.fromkeys(line.product for order in latest for line in order.lines if line.product)
    try:
        found = await asyncio.gather(*(context.ports.orders.product(product) for product in wanted))
    except PortUnavailable:
        found = []
    products = {product.id: product for product in found if product is not None}
    return named or orders_in_question(question, asked, material.orders, products), products


def _from_records(
    question: str, asked: Asked, material: Material, context: ToolContext, orders: Sequence[Order]
) -> list[Claim]:
    known = [item for item in context.ledger if _is_of_the_customer(item)]
    if material.refused:
        return [say_none(f"No order {number} of this customer is on record.", known) for number in material.refused]
    if asked.rule_alone:
        return []
    found = facts_asked_for(asked, known, orders)
    named = stems(question)
    about = [
        fact
        for fact in known
        if "/fact:" in fact.ref and named & stems(fact.ref.partition("/fact:")[2].replace("_", " "))
    ]
    told = {kind.name for kind, _ in found}
    missing = [
        say_none(f"{_capital(kind.none)}{_of(orders)}.", known, orders)
        for kind in asked.kinds
        if kind.name not in told and kind.none and not asked.rule and not was_unread(material)
    ]
    facts = list({fact.ref: fact for _, fact in found}.values())[:_FACTS]
    facts += [fact for fact in about if fact not in facts]
    if not facts and not missing and not asked.rule:
        facts = rank_facts(question, known, limit=_SHARING_WORDS)
    return [*missing, *(claim_of(fact) for fact in facts)]


def _ruling(asked: Asked, material: Material, facts: Sequence[Claim]) -> Passage | None:
    """The document by which a day was worked out that the facts tell."""
    told = {number for fact in facts for number in fact.evidence}
    for order, may_come_back in material.return_times.items():
        evidence = material.record_evidence.get(f"order:{order}{SUFFIX}")
        if asked.rule and evidence is not None and evidence.id in told:
            return may_come_back.rule.passage
    return None


def _matter(asked: Asked, orders: Sequence[Order], products: Mapping[str, Product], now: datetime) -> str:
    """What the rule must fit: the kind of thing that was bought, or what went wrong with the order."""
    if not orders:
        return ""
    if asked.has("offer"):
        return "late delivery" if is_late(orders[0], now) else orders[0].status.value.replace("_", " ")
    if asked.has("warranty"):
        sold = [
            products[line.product].family or "" for line in orders[0].lines if line.product and line.product in products
        ]
        return " ".join(dict.fromkeys(sold))
    return ""


def was_unread(material: Material) -> bool:
    """Whether some of the customer's records could not be read: then nothing is said not to be there."""
    return any(outage.port in _RECORDS for outage in material.outages)


def _is_of_the_customer(item: Evidence) -> bool:
    """A record, or a post of an earlier case; the question itself is a post, too, and no fact."""
    earlier = item.kind is EvidenceKind.POST and item.visibility is Visibility.CUSTOMER
    return item.kind is EvidenceKind.RECORD or earlier


def _of(orders: Sequence[Order]) -> str:
    return f" (order {', '.join(order.id for order in orders)})" if orders else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
