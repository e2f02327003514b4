"""A rep's question about one customer, answered without a model: the facts that bear on it, each with its source.

The rep sees records and internal policies; nothing here is a text for the customer.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

import regex

from assistant.asked import Asked, read_question
from assistant.case import Post, Role, Thread
from assistant.focus import is_late
from assistant.gather import gather
from assistant.language import detect_language
from assistant.material import Material
from assistant.outcome import Claim, ClaimKind, Draft, Part, Reply, TurnRecord, Writer
from assistant.relevance import facts_asked_for, orders_in_question, rank_facts
from assistant.stems import stems
from assistant.turn import Desk
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.order_evidence import OrderNotes
from tools.orders import get_order_status
from tools.policies import note_passage
from tools.ports import Identity, PortUnavailable
from tools.records import Customer, Known, Order, Passage, Product

CHANNEL = "panel"
_FACTS = 6
_SHARING_WORDS = 3
_RULES = 2
_ORDERS_IN_FULL = 5
_NEARLY_AS_RELEVANT = 0.8
_TABLE_HEAD = regex.compile(r"\|[^\n]*\|\s*\n\|(?:\s*:?-{3,}:?\s*\|)+\s*\n")
_TABLE_ROW = regex.compile(r"^\|(.*)\|\s*$", regex.MULTILINE)


class NoSuchCustomer(LookupError):
    """A question about a customer who is not in the records."""


async def answer_question(question: str, customer_id: str, desk: Desk, *, now: datetime | None = None) -> TurnRecord:
    """The facts that answer a rep's question, most relevant first, in `private_text`; nothing is meant for sending.

    Raises:
        NoSuchCustomer: No customer has this id.
    """
    started = time.monotonic()
    now = now or desk.clock()
    customer = await desk.ports.customers.get(customer_id)
    if customer is None:
        raise NoSuchCustomer(f"there is no customer {customer_id}")
    brand = desk.guidance.brand(customer.brand)
    thread = _as_thread(question, customer, now)
    material, context = await gather(
        thread,
        brand=brand,
        language=detect_language(question, hint="en"),
        identity=Identity(Known.VERIFIED, customer.id),
        region=desk.region,
        now=now,
        ports=desk.ports,
        recogniser=desk.recogniser,
    )
    gathered = time.monotonic()
    claims = await _answer(question, material, context)
    return TurnRecord(
        id=thread.id,
        channel=CHANNEL,
        brand=brand.id if brand else None,
        language=material.language,
        target_post=thread.target.id,
        identity=material.identity,
        intent=material.intent.id if material.intent else None,
        outcome=Draft(Reply(private_text="\n".join(claim.sentence for claim in claims) or None, claims=tuple(claims))),
        evidence=tuple(context.ledger),
        written_by=Writer.COMPOSER,
        started_at=now,
        timings_ms={"gather": (gathered - started) * 1000, "total": (time.monotonic() - started) * 1000},
    )


def _as_thread(question: str, customer: Customer, now: datetime) -> Thread:
    post = Post(id="question", author=customer.id, role=Role.CUSTOMER, created_at=now, text=question)
    return Thread(id="ask", channel=CHANNEL, posts=(post,), brand=customer.brand)


async def _answer(question: str, material: Material, context: ToolContext) -> list[Claim]:
    """Facts of the records first, then what the policies say where that is asked or nothing else answers."""
    asked = read_question(question)
    orders, products = await _orders(question, asked, material, context)
    facts = _from_records(question, asked, material, context, orders)
    if asked.rule or not facts:
        facts += await _from_policies(question, asked, material, context, _matter(asked, orders, products, context.now))
    return facts


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
        return [_none(f"No order {number} of this customer is on record.", known) for number in material.refused]
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
        _none(f"{_capital(kind.none)}{_of(orders)}.", known, orders)
        for kind in asked.kinds
        if kind.name not in told and kind.none and not asked.rule
    ]
    facts = [*(fact for _, fact in found[:_FACTS])]
    facts += [fact for fact in about if fact not in facts]
    if not facts and not missing and not asked.rule:
        facts = rank_facts(question, known, limit=_SHARING_WORDS)
    return [*missing, *(_claim(fact) for fact in facts)]


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
        prepared = [claim for passage in near if (claim := _say_prepared(passage, material, context))]
        return prepared or [await _say_rule(question, passage, context) for passage in near]
    except PortUnavailable:
        return []


def _say_prepared(found: Passage, material: Material, context: ToolContext) -> Claim | None:
    """The sentences a document's owner prepared for what is likely asked."""
    likely = [guess.intent.id for guess in material.guesses]
    prepared = [item for item in found.answers if item.language == context.language and item.intent in likely]
    if not prepared:
        return None
    best = min(prepared, key=lambda answer: likely.index(answer.intent))
    return Claim(Part.PRIVATE, f"{found.title}: {best.text}", ClaimKind.POLICY, (note_passage(context, found).id,))


async def _say_rule(question: str, found: Passage, context: ToolContext) -> Claim:
    """The part of a document that was found which is closest to the question."""
    asked = stems(question)
    parts = await context.ports.passages.whole(found) or [found]
    closest = max(parts, key=lambda part: (_closeness(asked, part), part.id == found.id))
    return _claim(note_passage(context, closest))


def _closeness(asked: frozenset[str], part: Passage) -> int:
    """Shared words, headings counting twice; a part with figures goes before one that only introduces."""
    heading = " ".join(part.heading[1:])
    figures = any(char.isdigit() for char in part.text)
    return 2 * len(asked & stems(heading)) + len(asked & stems(part.text)) + figures


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


def _is_of_the_customer(item: Evidence) -> bool:
    """A record, or a post of an earlier case; the question itself is a post, too, and no fact."""
    earlier = item.kind is EvidenceKind.POST and item.visibility is Visibility.CUSTOMER
    return item.kind is EvidenceKind.RECORD or earlier


def _claim(fact: Evidence) -> Claim:
    kind = ClaimKind.POLICY if fact.kind is EvidenceKind.POLICY else ClaimKind.FACT
    return Claim(Part.PRIVATE, _say(fact), kind, (fact.id,))


def _none(words: str, known: Sequence[Evidence], orders: Sequence[Order] = ()) -> Claim:
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
