"""Everything a draft may rest on, read in parallel before anybody writes.

The evidence is noted by the same functions that the model's tools use, in a fixed order, so that the same case always
gives the same numbers.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from assistant.case import Thread
from assistant.choosing import Choice
from assistant.focus import choose_order, named_orders
from assistant.guidance import Brand, Intent
from assistant.intents import IntentRecogniser
from assistant.material import IntentGuess, Material
from assistant.plain_words import plain_words
from assistant.prepared import shortlist, weigh_answers
from assistant.tried import steps_tried
from tools.context import ToolContext
from tools.conversations import note_past_post, note_promise
from tools.customers import note_profile
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.order_evidence import OrderNotes
from tools.orders import note_order
from tools.policies import note_destination, note_passage
from tools.ports import Identity, Ports, PortUnavailable
from tools.records import Customer, Destination, Order, Passage, PastPost, Product, Promise

LATEST_ORDERS = 10
EARLIER_POSTS = 20
OTHER_ORDERS = 3
PASSAGES = 6
_LONGEST_QUERY = 600
ANSWERING = 5
ALWAYS_AT_HAND = ("direct_message", "secure_form", "help_centre")
# ISO 3166-1 alpha-2; members of the European Union in 2026.
_EU = frozenset(
    {
        *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
        *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
    }
)

Found = TypeVar("Found")


@dataclass(slots=True)
class _Records:
    """What the shop knows of one customer, or nothing."""

    customer: Customer | None = None
    orders: tuple[Order, ...] = ()
    named: tuple[Order, ...] = ()
    refused: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    earlier: tuple[PastPost, ...] = ()
    unreachable: list[str] = field(default_factory=list)


async def gather(
    thread: Thread,
    *,
    brand: Brand | None,
    language: str,
    identity: Identity,
    region: str | None,
    now: datetime,
    ports: Ports,
    recogniser: IntentRecogniser,
) -> tuple[Material, ToolContext]:
    """Read what the case needs and note it as evidence.

    Args:
        thread: The posts; the target's author is answered.
        brand: Whose policies and records count; None for a brand that is not ours.
        language: ISO code of the reply.
        identity: Who the author is. Records are read for a customer id only (rule 1).
        region: Stands in where the customer's own region is not known.
        now: Policies in effect and lateness are judged by this moment.
        ports: Where to read.
        recogniser: Tells what the post is about.

    Returns:
        The material, and the context for tools that the model may still call; both share one ledger.
    """
    words = plain_words(thread.request)[-_LONGEST_QUERY:] or thread.request

    async def read_and_search() -> tuple[_Records, str | None, Sequence[Passage]]:
        records = await _read_records(thread, identity, ports)
        theirs = region_of(records.customer, brand, language) or region
        return records, theirs, await _search(words, brand, theirs, now, ports, records.unreachable)

    (records, region, by_words), guesses = await asyncio.gather(
        read_and_search(), recogniser.guess_thread(thread, language)
    )
    intent = guesses[0].intent if guesses else None
    order = _order_in_question(thread, records, intent, now)
    openings, destinations, products = await asyncio.gather(
        _openings(words, brand, region, now, ports, records.unreachable),
        _find_destinations(thread.channel, guesses, brand, language, region, ports, records.unreachable),
        _read_products(order, ports, records.unreachable),
    )
    weighed, beyond = await weigh_answers(
        thread, language, passages=openings, guesses=guesses, order=order, recogniser=recogniser
    )
    choices = shortlist(weighed, documents=ANSWERING, tried=bool(steps_tried(thread, records.earlier)))
    likeliest = {choice.passage.document: choice.passage for choice in choices}
    documents = {passage.document for passage in by_words}
    passages = [*by_words, *(passage for document, passage in likeliest.items() if document not in documents)]
    context = ToolContext(
        identity=identity,
        brand=brand.id if brand else None,
        channel=thread.channel,
        language=language,
        region=region,
        now=now,
        ports=ports,
    )
    material = _lay_out(thread, context, brand, guesses, records, order, products, passages, destinations)
    return replace(material, choices=_rest_on(material, choices), beyond=beyond), context


def region_of(customer: Customer | None, brand: Brand | None, language: str) -> str | None:
    """The brand's region a customer lives in; for people we do not know, the one their language suggests.

    A German, Spanish or French post to a brand that sells in the EU most likely comes from there, and the EU's rules
    (14 days' withdrawal) must not be hidden from it by the home region's.
    """
    if brand is None:
        return None
    country = customer.address.country if customer and customer.address else None
    if country is not None:
        group = {"GB": "UK"}.get(country, "EU" if country in _EU else country)
        return next((region for region in (country, group) if region in brand.regions), None)
    if language in ("de", "es", "fr") and "EU" in brand.regions:
        return "EU"
    return brand.home_region


async def _read_records(thread: Thread, identity: Identity, ports: Ports) -> _Records:
    if identity.customer is None:
        return _Records()
    who = identity.customer
    found = _Records()
    customer, orders, promises, earlier, named = await asyncio.gather(
        _reach(ports.customers.get(who), None, "customers", found.unreachable),
        _reach(ports.orders.latest(who, limit=LATEST_ORDERS), (), "orders", found.unreachable),
        _reach(ports.promises.open_for(who), (), "promises", found.unreachable),
        _reach(ports.conversations.earlier(who, limit=EARLIER_POSTS), (), "conversations", found.unreachable),
        _named(thread, who, ports, found.unreachable),
    )
    found.customer = customer
    found.orders, found.promises, found.earlier = tuple(orders), tuple(promises), tuple(earlier)
    found.named = tuple(order for _, order in named if order is not None)
    found.refused = tuple(number for number, order in named if order is None)
    return found


async def _named(thread: Thread, customer: str, ports: Ports, unreachable: list[str]) -> list[tuple[str, Order | None]]:
    numbers = named_orders("\n".join(post.text for post in thread.spoken))
    orders = await asyncio.gather(
        *(_reach(ports.orders.get(customer, number), None, "orders", unreachable) for number in numbers)
    )
    return list(zip(numbers, orders, strict=True))


def _order_in_question(thread: Thread, records: _Records, intent: Intent | None, now: datetime) -> Order | None:
    if records.named or records.refused:
        return records.named[0] if len(records.named) == 1 else None
    return choose_order(records.orders, thread.request, intent=intent, now=now)


async def _read_products(order: Order | None, ports: Ports, unreachable: list[str]) -> list[Product]:
    wanted = dict.fromkeys(line.product for line in order.lines if line.product) if order else {}
    found = await asyncio.gather(*(_reach(ports.orders.product(one), None, "orders", unreachable) for one in wanted))
    return [product for product in found if product is not None]


async def _search(
    query: str, brand: Brand | None, region: str | None, now: datetime, ports: Ports, unreachable: list[str]
) -> Sequence[Passage]:
    """A brand that is not ours gets documents that name no brand, and none of the others'."""
    if not query:
        return ()
    asked = ports.passages.search(
        query,
        brand=brand.id if brand else None,
        region=region,
        audiences=frozenset({"public", "internal"}),
        at=now,
        limit=PASSAGES,
    )
    return await _reach(asked, (), "policies", unreachable)


async def _openings(
    query: str, brand: Brand | None, region: str | None, now: datetime, ports: Ports, unreachable: list[str]
) -> Sequence[Passage]:
    """The documents with prepared answers; a brand that is not ours gets none of them."""
    if brand is None:
        return ()
    asked = ports.passages.answering(query, brand=brand.id, region=region, at=now)
    return await _reach(asked, (), "policies", unreachable)


async def _find_destinations(
    channel: str,
    guesses: Sequence[IntentGuess],
    brand: Brand | None,
    language: str,
    region: str | None,
    ports: Ports,
    unreachable: list[str],
) -> dict[str, Destination]:
    likely = [guess.intent.destination for guess in guesses[:2] if guess.intent.destination]
    kinds = dict.fromkeys([*likely, *ALWAYS_AT_HAND])
    found = await asyncio.gather(
        *(
            _reach(
                ports.destinations.find(
                    kind, brand=brand.id if brand else None, channel=channel, language=language, region=region
                ),
                None,
                "destinations",
                unreachable,
            )
            for kind in kinds
        )
    )
    return {kind: place for kind, place in zip(kinds, found, strict=True) if place is not None}


async def _reach(asked: Awaitable[Found], otherwise: Found, port: str, unreachable: list[str]) -> Found:
    try:
        return await asked
    except PortUnavailable:
        if port not in unreachable:
            unreachable.append(port)
        return otherwise


def _lay_out(
    thread: Thread,
    context: ToolContext,
    brand: Brand | None,
    guesses: tuple[IntentGuess, ...],
    records: _Records,
    order: Order | None,
    products: Sequence[Product],
    passages: Sequence[Passage],
    destinations: dict[str, Destination],
) -> Material:
    _note_posts(thread, context)
    return Material(
        thread=thread,
        language=context.language,
        identity=context.identity,
        ledger=context.ledger,
        now=context.now,
        brand=brand,
        region=context.region,
        guesses=guesses,
        customer=records.customer,
        orders=_each_once([*records.named, *records.orders]),
        order=order,
        refused=records.refused,
        promises=records.promises,
        tried=steps_tried(thread, records.earlier),
        record_evidence=_note_records(context, records, order, products),
        passages=tuple((passage, note_passage(context, passage)) for passage in passages),
        destinations={kind: (place, note_destination(context, place)) for kind, place in destinations.items()},
        unreachable=tuple(records.unreachable),
    )


def _rest_on(material: Material, choices: Sequence[Choice]) -> tuple[tuple[Choice, Evidence], ...]:
    """The choices with the noted passage of their document, the one closest to the post if there are several."""
    noted: dict[str, tuple[Passage, Evidence]] = {}
    for passage, evidence in material.passages:
        noted.setdefault(passage.document, (passage, evidence))
    return tuple(
        (replace(choice, passage=noted[choice.passage.document][0]), noted[choice.passage.document][1])
        for choice in choices
    )


def _note_records(
    context: ToolContext, records: _Records, order: Order | None, products: Sequence[Product]
) -> dict[str, Evidence]:
    """The order in question in full; of other orders only what tells them apart."""
    noted: dict[str, Evidence] = {}
    if records.customer is not None:
        noted |= note_profile(context, records.customer)
    methods = records.customer.payment_methods if records.customer else ()
    in_full = _each_once([*([order] if order else []), *records.named])
    for each in in_full:
        noted |= note_order(context, each, methods=methods, products=products if each is order else ())
    for each in records.orders[:OTHER_ORDERS]:
        if each not in in_full:
            head = OrderNotes(context, each, {}, {}).head()
            noted[head.ref] = head
    promises = [note_promise(context, promise) for promise in records.promises]
    earlier = [note_past_post(context, post) for post in records.earlier]
    return noted | {item.ref: item for item in [*promises, *earlier]}


def _each_once(orders: Sequence[Order]) -> tuple[Order, ...]:
    return tuple({order.id: order for order in orders}.values())


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
            visibility=Visibility.PUBLIC,
            as_of=post.created_at,
        )
