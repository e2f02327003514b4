"""A rep's question about one customer, answered without a model: the facts that bear on it, each with its source.

The rep sees records and internal policies; nothing here is a text for the customer.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import regex

from assistant.asked import Asked, read_question
from assistant.case import Post, Role, Thread
from assistant.focus import is_late
from assistant.gather import Question, gather
from assistant.language import detect_language
from assistant.material import Material
from assistant.model_round import Use
from assistant.outcome import Claim, ClaimKind, Draft, Part, Reply, TurnRecord, Writer
from assistant.recalls import find_recalled
from assistant.relevance import facts_asked_for, orders_in_question, rank_facts
from assistant.stems import stems
from assistant.turn import Desk
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.order_evidence import OrderNotes
from tools.orders import get_order_status
from tools.policies import note_passage
from tools.ports import Identity, PortUnavailable
from tools.records import Answer, Customer, Known, Order, Passage, Product

CHANNEL = "panel"
_FACTS = 6
_SHARING_WORDS = 3
_RULES = 2
_ORDERS_IN_FULL = 5
_NEARLY_AS_RELEVANT = 0.8
_LIKELIER_THAN_NOT = 0.5
_ABOUT_A_RECALL = "recall_question"
_RECORDS = frozenset({"customers", "orders", "promises", "conversations"})
_TABLE_HEAD = regex.compile(r"\|[^\n]*\|\s*\n\|(?:\s*:?-{3,}:?\s*\|)+\s*\n")
_TABLE_ROW = regex.compile(r"^\|(.*)\|\s*$", regex.MULTILINE)


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
        facts += await _from_policies(question, asked, material, context, _matter(asked, orders, products, context.now))
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
            await _say_prepared(item.passage, prepared, context)
            if prepared is not None
            else await _say_rule(material.thread.request, item.passage, context)
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
    facts = [*(fact for _, fact in found[:_FACTS])]
    facts += [fact for fact in about if fact not in facts]
    if not facts and not missing and not asked.rule:
        facts = rank_facts(question, known, limit=_SHARING_WORDS)
    return [*missing, *(claim_of(fact) for fact in facts)]


async def _from_policies(
    question: str, asked: Asked, material: Material, context: ToolContext, matter: str
) -> list[Claim]:
    """What the policies say: the sentence prepared for customers where there is one, else the rule's own words.

    `matter` is what the records say the question is about; a rule for tents is not found by "is it covered".
    """
    search = partial(
        context.ports.passages.search,
        brand=context.brand,
        region=context.region,
        audiences=frozenset({"internal"} if asked.has("offer") else {"public", "internal"}),
        at=context.now,
        limit=_RULES,
    )
    try:
        found = await search(f"{question} {matter}".strip())
        if not found and asked.rule and material.intent is not None:
            found = await search(f"{material.intent.title} {matter}".strip())
        best = max((passage.relevance for passage in found), default=0.0)
        near = [passage for passage in found if passage.relevance >= _NEARLY_AS_RELEVANT * best]
        prepared = _prepared(near, material)
        if not asked.has("offer"):  # what may be offered is for the team alone, and nothing public is prepared on it
            prepared |= _likeliest(material)
        return [await _say_prepared(passage, answer, context) for passage, answer in prepared.values()] or [
            await _say_rule(question, passage, context) for passage in near
        ]
    except PortUnavailable:
        return []


def _prepared(near: Sequence[Passage], material: Material) -> dict[str, tuple[Passage, Answer]]:
    """By document, the sentences that its owner prepared for what is likely asked."""
    likely = [guess.intent.id for guess in material.guesses]
    found: dict[str, tuple[Passage, Answer]] = {}
    for passage in near:
        fitting = [item for item in passage.answers if item.language == material.language and item.intent in likely]
        if fitting:
            found[passage.document] = passage, min(fitting, key=lambda answer: likely.index(answer.intent))
    return found


def _likeliest(material: Material) -> dict[str, tuple[Passage, Answer]]:
    """The prepared answer that is likelier than all others together, as a post with these words would get it."""
    best = material.choices[0][0] if material.choices else None
    if best is None or best.share < _LIKELIER_THAN_NOT:
        return {}
    return {best.passage.document: (best.passage, best.answer)}


async def _say_prepared(found: Passage, answer: Answer, context: ToolContext) -> Claim:
    """The prepared sentences, resting on the part of the document that says the same at length."""
    part = await _closest_part(answer.text, found, context)
    return Claim(Part.PRIVATE, f"{found.title}: {answer.text}", ClaimKind.POLICY, (note_passage(context, part).id,))


async def _say_rule(question: str, found: Passage, context: ToolContext) -> Claim:
    """The part of a document that was found which is closest to the question."""
    return claim_of(note_passage(context, await _closest_part(question, found, context)))


async def _closest_part(words: str, found: Passage, context: ToolContext) -> Passage:
    """The part of the document that shares most with the words; the one that was found, among equals."""
    wanted = stems(words)
    parts = await context.ports.passages.whole(found) or [found]
    return max(parts, key=lambda part: (_closeness(wanted, part), part.id == found.id))


def _closeness(words: frozenset[str], part: Passage) -> int:
    """Shared words, headings counting twice; a part with figures goes before one that only introduces."""
    heading = " ".join(part.heading[1:])
    figures = any(char.isdigit() for char in part.text)
    return 2 * len(words & stems(heading)) + len(words & stems(part.text)) + figures


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


def claim_of(fact: Evidence) -> Claim:
    """The fact, said to a rep."""
    kind = ClaimKind.POLICY if fact.kind is EvidenceKind.POLICY else ClaimKind.FACT
    return Claim(Part.PRIVATE, _say(fact), kind, (fact.id,))


def say_none(words: str, known: Sequence[Evidence], orders: Sequence[Order] = ()) -> Claim:
    """That something is not on record, resting on the records that would hold it."""
    heads = [item.id for item in known if item.ref in {f"order:{order.id}" for order in orders}]
    person = [item.id for item in known if item.ref.startswith("customer:") and "/" not in item.ref]
    return Claim(Part.PRIVATE, words, ClaimKind.FACT, tuple(heads or person))


def _of(orders: Sequence[Order]) -> str:
    return f" (order {', '.join(order.id for order in orders)})" if orders else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _say(fact: Evidence) -> str:
    """The fact in one line; of a policy its own words, without the sentences prepared for customers."""
    text = fact.text.split("\nPublic page:")[0].split("\nApproved answer:")[0]
    return " ".join(_TABLE_ROW.sub(_say_row, _TABLE_HEAD.sub("\n", text)).split())


def _say_row(row: "regex.Match[str]") -> str:
    """`| UK | £8.95 | next day |` as `UK: £8.95, next day;`."""
    first, *rest = [cell.strip() for cell in row.group(1).split("|")]
    return f"{first}: {', '.join(cell for cell in rest if cell)};" if rest else first
