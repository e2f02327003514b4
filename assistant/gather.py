"""Everything a draft may rest on, read in parallel before anybody writes.

The evidence is noted by the same functions that the model's tools use, in a fixed order, so that the same case always
gives the same numbers.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.case import Thread
from assistant.choosing import Choice
from assistant.customer_records import CustomerRecords, note_records, read_products, read_records
from assistant.guidance import Brand
from assistant.intents import IntentRecogniser
from assistant.material import IntentGuess, Material
from assistant.plain_words import plain_words
from assistant.prepared import shortlist, weigh_answers
from assistant.reach import Reads, UnreadOrders, outage_of, reach
from assistant.recalls import find_recalled, recalls_first
from assistant.regions import region_of
from assistant.return_rules import ASKED_UNDER
from assistant.returning import ReturnTime, note_return_time, return_times
from assistant.tried import steps_tried
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.policies import note_destination, note_passage
from tools.ports import Identity, Outage, Ports
from tools.records import Destination, Order, Passage, Product

PASSAGES = 6
ANSWERING = 5
_LIKELY = 3
_ORDERS = 5
ALWAYS_AT_HAND = ("direct_message", "secure_form", "help_centre")
_LONGEST_QUERY = 600


@dataclass(frozen=True, slots=True)
class Question:
    """What a turn knows before it reads anything.

    `brand` is whose policies and records count, None for a brand that is not ours; `language` is the reply's;
    `identity` tells who the target's author is, and records are read for a customer id only (rule 1); `guesses` are
    what the post is about, the likeliest first; policies in effect and lateness are judged by the moment `now`.
    """

    thread: Thread
    brand: Brand | None
    language: str
    identity: Identity
    guesses: tuple[IntentGuess, ...]
    now: datetime


async def gather(
    question: Question, *, region: str | None, ports: Ports, recogniser: IntentRecogniser
) -> tuple[Material, ToolContext]:
    """Read what the question needs and note it as evidence.

    Args:
        question: Who asks what.
        region: Stands in where the customer's own region is not known.
        ports: Where to read.
        recogniser: Tells which prepared answers the post is like.

    Returns:
        The material, and the context for tools that the model may still call; both share one ledger.
    """
    thread = question.thread
    found = await _read(question, region, ports)
    weighed, beyond = await weigh_answers(
        thread,
        question.language,
        brand=question.brand,
        passages=found.openings,
        guesses=question.guesses,
        order=found.order,
        recogniser=recogniser,
    )
    tried = steps_tried(thread, found.records.earlier)
    choices = shortlist(weighed, documents=ANSWERING, tried=bool(tried))
    material = _note(question, found, choices)
    return replace(material, choices=_rest_on(material, choices), tried=tried, beyond=beyond), found.context


def query_of(thread: Thread) -> str:
    """The words of a thread that documents are searched for."""
    return plain_words(thread.request)[-_LONGEST_QUERY:] or thread.request


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read, not yet noted; `openings` are of documents with prepared answers."""

    context: ToolContext
    records: CustomerRecords
    order: Order | None
    products: Sequence[Product]
    by_words: Sequence[Passage]
    openings: Sequence[Passage]
    destinations: dict[str, Destination]
    outages: tuple[Outage, ...]


async def _read(question: Question, region: str | None, ports: Ports) -> _Found:
    thread, reads = question.thread, Reads()
    records = await read_records(thread, question.identity, ports, reads)
    intent = question.guesses[0].intent if question.guesses else None
    order = records.in_question(thread, intent, question.now)
    said = "\n".join(post.text for post in thread.spoken)
    region = region_of(records.customer, question.brand, question.language, said) or region
    context = _context(question, region, ports, reads)
    by_words, openings, destinations, products = await asyncio.gather(
        _search(thread, context, reads),
        _openings(thread, context, reads),
        _find_destinations(question, context, reads),
        read_products(order, ports, reads),
    )
    unread = outage_of("orders", reads.outages)
    if unread is not None:  # half of what there is would be told beside a note that nothing can be read
        records, order, products = records.without_orders(), None, []
        context = replace(context, ports=replace(ports, orders=UnreadOrders(unread)))
    return _Found(context, records, order, products, by_words, openings, destinations, tuple(reads.outages))


def _note(question: Question, found: _Found, choices: Sequence[Choice]) -> Material:
    """The material with its evidence, numbered in this order: posts, records, passages, destinations.

    What the customer has and what is recalled comes before other passages, whatever was asked.
    """
    context, records = found.context, found.records
    _note_posts(question.thread, context)
    known = {promise.id for promise in records.promises}
    promises = (*records.promises, *(promise for promise in question.thread.promised if promise.id not in known))
    recalled = find_recalled(records.orders, found.openings)
    times = _return_times(question, found)
    ruling = [time.rule.passage for time in times.values()]
    passages = recalls_first(_with_rule(_with_likeliest(found.by_words, choices), ruling), recalled)
    noted = note_records(context, replace(records, promises=promises), found.order, found.products)
    noted |= {item.ref: item for item in (note_return_time(context, time) for time in times.values())}
    return Material(
        thread=question.thread,
        language=question.language,
        identity=question.identity,
        ledger=context.ledger,
        now=question.now,
        brand=question.brand,
        region=context.region,
        guesses=question.guesses,
        customer=records.customer,
        orders=records.orders,
        order=found.order,
        refused=records.refused,
        promises=promises,
        record_evidence=noted,
        return_times=times,
        passages=tuple((passage, note_passage(context, passage)) for passage in passages),
        destinations={kind: (place, note_destination(context, place)) for kind, place in found.destinations.items()},
        outages=found.outages,
    )


def _return_times(question: Question, found: _Found) -> dict[str, ReturnTime]:
    """By when the order in question, or else the latest ones, may come back, if that is asked."""
    if not ASKED_UNDER & {guess.intent.id for guess in question.guesses[:_LIKELY]}:
        return {}
    orders = (found.order,) if found.order is not None else found.records.orders[:_ORDERS]
    said = "\n".join(post.text for post in question.thread.spoken)
    return return_times(orders, (*found.openings, *found.by_words), found.products, said=said)


def _with_rule(passages: Sequence[Passage], ruling: Sequence[Passage]) -> list[Passage]:
    """The passages, and behind them the rule that a day was worked out by."""
    documents = {passage.document for passage in passages}
    return [*passages, *{rule.id: rule for rule in ruling if rule.document not in documents}.values()]


def _context(question: Question, region: str | None, ports: Ports, reads: Reads) -> ToolContext:
    return ToolContext(
        identity=question.identity,
        brand=question.brand.id if question.brand else None,
        channel=question.thread.channel,
        language=question.language,
        region=region,
        now=question.now,
        ports=ports,
        calls=reads.calls,
    )


async def _search(thread: Thread, context: ToolContext, reads: Reads) -> Sequence[Passage]:
    """A brand that is not ours gets documents that name no brand, and none of the others'."""
    query = query_of(thread)
    if not query:
        return ()
    asked = context.ports.passages.search(
        query,
        brand=context.brand,
        region=context.region,
        audiences=frozenset({"public", "internal"}),
        at=context.now,
        limit=PASSAGES,
    )
    return await reach(asked, (), "policies", reads, "search_policies", query=query)


async def _openings(thread: Thread, context: ToolContext, reads: Reads) -> Sequence[Passage]:
    """The documents with prepared answers; a brand that is not ours gets none of them."""
    if context.brand is None:
        return ()
    query = query_of(thread)
    asked = context.ports.passages.answering(query, brand=context.brand, region=context.region, at=context.now)
    return await reach(asked, (), "policies", reads, "weigh_prepared_answers", query=query)


async def _find_destinations(question: Question, context: ToolContext, reads: Reads) -> dict[str, Destination]:
    likely = [guess.intent.destination for guess in question.guesses[:2] if guess.intent.destination]
    kinds = dict.fromkeys([*likely, *ALWAYS_AT_HAND])
    asked = (
        context.ports.destinations.find(
            kind, brand=context.brand, channel=context.channel, language=context.language, region=context.region
        )
        for kind in kinds
    )
    found = await asyncio.gather(
        *(
            reach(each, None, "destinations", reads, "find_destination", kind=kind)
            for kind, each in zip(kinds, asked, strict=True)
        )
    )
    return {kind: place for kind, place in zip(kinds, found, strict=True) if place is not None}


def _with_likeliest(by_words: Sequence[Passage], choices: Sequence[Choice]) -> list[Passage]:
    """What was found, and the passages of the likeliest answers whose documents were not."""
    likeliest = {choice.passage.document: choice.passage for choice in choices}
    documents = {passage.document for passage in by_words}
    return [*by_words, *(passage for document, passage in likeliest.items() if document not in documents)]


def _rest_on(material: Material, choices: Sequence[Choice]) -> tuple[tuple[Choice, Evidence], ...]:
    """The choices with the noted passage of their document, the one closest to the post if there are several."""
    noted: dict[str, tuple[Passage, Evidence]] = {}
    for passage, evidence in material.passages:
        noted.setdefault(passage.document, (passage, evidence))
    return tuple(
        (replace(choice, passage=noted[choice.passage.document][0]), noted[choice.passage.document][1])
        for choice in choices
    )


def _note_posts(thread: Thread, context: ToolContext) -> None:
    for post in thread.spoken:
        pictures = "".join(
            f" [{item.type} attached, not seen: {item.alt or 'no description'}]" for item in post.attachments
        )
        context.ledger.add(
            EvidenceKind.POST,
            source=f"Post by @{post.author}",
            ref=f"post:{post.id}",
            text=post.text + pictures,
            visibility=Visibility.CUSTOMER if post.private else Visibility.PUBLIC,
            as_of=post.created_at,
        )
