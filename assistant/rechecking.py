"""Checks what a person wrote or changed: the facts are read again, each sentence held against what it can rest on."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.case import Post, Role, Thread
from assistant.checks import check
from assistant.checks.acted import leaning_on
from assistant.checks.facts import Facts
from assistant.checks.findings import Sentence
from assistant.checks.vouched import check_vouched
from assistant.gather import Question, gather
from assistant.guidance import Brand
from assistant.language import detect_language
from assistant.model_round import Use
from assistant.outcome import ClaimKind, Finding, Part, Reply
from assistant.reading.contacts import find_links
from assistant.sourcing import Before, check_texts
from assistant.turn import Desk, facts_of, find_brand, identify_author
from tools.context import Proposal, ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.orders import get_order_status
from tools.policies import note_destination, note_passage
from tools.ports import Identity
from tools.records import Destination, Known, Passage


@dataclass(frozen=True, slots=True)
class Actions:
    """What was approved for a customer and has not ended, and what was done for them."""

    customer: str | None = None
    approved: tuple[Proposal, ...] = ()
    done: tuple[Proposal, ...] = ()


NO_ACTIONS = Actions()


@dataclass(frozen=True, slots=True)
class Rechecked:
    """The texts with claims and findings, and the facts as they are now.

    `leans` are the actions that the texts tell of, and whether as done.
    """

    reply: Reply
    evidence: tuple[Evidence, ...]
    identity: Identity
    language: str
    now: datetime
    leans: tuple[tuple[Proposal, bool], ...] = ()


async def recheck(
    texts: Mapping[Part, str],
    before: Before,
    thread: Thread,
    desk: Desk,
    *,
    now: datetime,
    actions: Actions = NO_ACTIONS,
) -> Rechecked:
    """Check texts for this thread as a draft is checked.

    Args:
        texts: What a person wants to send, by part; parts that are left out say nothing.
        before: The draft that they changed.
        thread: The posts, read again.
        desk: Ports and guidance. No model is asked.
        now: The moment that policies and lateness are judged by.
        actions: What may be told of; of somebody else than the thread's author nothing is.
    """
    brand = find_brand(thread, desk.guidance)
    language = detect_language(thread.request, hint=brand.languages[0] if brand else "en")
    identity, guesses = await asyncio.gather(
        identify_author(thread, brand, desk.ports, Use()), desk.recogniser.guess_thread(thread, language)
    )
    material, context = await gather(
        Question(thread, brand, language, identity, guesses, now),
        region=desk.region,
        ports=desk.ports,
        recogniser=desk.recogniser,
    )
    await _read_cited(before, context)
    places = await desk.ports.destinations.listed(brand.id if brand else None)
    _note_named(texts.values(), places, context)
    targets = frozenset(place.target for place in places)
    facts = replace(facts_of(material, desk.guidance, targets), evidence=tuple(context.ledger))
    if actions.customer is not None and actions.customer == identity.customer:
        facts = replace(facts, approved=actions.approved, done=actions.done)
    # reading sentences takes a processor's time, which others on this loop need
    reply = await asyncio.to_thread(check_texts, texts, facts, before)
    return Rechecked(reply, facts.evidence, identity, language, now, leans=_leans(reply, facts))


@dataclass(frozen=True, slots=True)
class Vouched:
    """Something that a person vouches for, to be said to everybody: what it is of, and in what words."""

    source: str
    ref: str
    text: str


async def check_for_many(
    text: str,
    vouched: Sequence[Vouched],
    desk: Desk,
    *,
    brand: Brand,
    channels: Sequence[str],
    language: str,
    now: datetime,
) -> Rechecked:
    """Check a public text that answers many, as a draft is checked.

    It answers nobody in particular: nothing that a customer wrote can be repeated, and no record is read. It may say
    what is vouched for, what the policies say to everybody, and where people are helped.

    Args:
        text: What is to be said.
        vouched: What it may rest on besides.
        desk: Ports and guidance. No model is asked.
        brand: Who says it.
        channels: Where; it has to fit each.
        language: In which.
        now: The moment that policies are judged by.
    """
    # policies are looked for by its own words: they are what it could be resting on
    asked = Post("text", "", Role.CUSTOMER, now, text)
    thread = Thread("text", channels[0], (asked,), brand.id)
    nobody = Identity(Known.UNKNOWN)
    guesses = await desk.recogniser.guess_thread(thread, language)
    question = Question(thread, brand, language, nobody, guesses, now)
    material, context = await gather(question, region=desk.region, ports=desk.ports, recogniser=desk.recogniser)
    for item in vouched:
        context.ledger.add(
            EvidenceKind.POLICY,
            source=item.source,
            ref=item.ref,
            text=item.text,
            visibility=Visibility.PUBLIC,
            as_of=now,
        )
    places = await desk.ports.destinations.listed(brand.id)
    _note_named([text], places, context)
    targets = frozenset(place.target for place in places)
    # what is to be checked was asked as a post: it bears out nothing, least of all itself
    sources = tuple(item for item in context.ledger if item.kind is not EvidenceKind.POST)
    facts = replace(facts_of(material, desk.guidance, targets), evidence=sources, posts=(), tried=(), word_within=0)
    reply = await asyncio.to_thread(check_texts, {Part.PUBLIC: text}, facts)
    found = [finding for channel in channels for finding in check(reply, replace(facts, channel=channel))]
    found += await asyncio.to_thread(_not_vouched, reply, facts, vouched)
    return Rechecked(replace(reply, findings=tuple(dict.fromkeys(found))), sources, nobody, language, now)


def _not_vouched(reply: Reply, facts: Facts, vouched: Sequence[Vouched]) -> Sequence[Finding]:
    return tuple(check_vouched(reply.claims, facts, {item.ref for item in vouched}))


def _leans(reply: Reply, facts: Facts) -> tuple[tuple[Proposal, bool], ...]:
    if not (facts.approved or facts.done):
        return ()
    found = [leaning_on(Sentence(claim, facts)) for claim in reply.claims if claim.kind is not ClaimKind.QUESTION]
    return tuple((action, done) for actions, done in found for action in actions)


def _note_named(texts: Iterable[str], places: Iterable[Destination], context: ToolContext) -> None:
    """Note the places that the texts name and gathering has not found: people know addresses by heart."""
    said = {value for text in texts for link in find_links(text) for value in link.values}
    known = {item.ref for item in context.ledger}
    for place in places:
        named = any(not said.isdisjoint(link.values) for link in find_links(place.target))
        if named and f"destination:{place.id}" not in known:
            note_destination(context, place)


async def _read_cited(before: Before, context: ToolContext) -> None:
    """Note what the draft cited and gathering has not found: the model may have looked for it itself."""
    known = {item.ref for item in context.ledger}
    cited = {before.refs[number] for claim in before.claims for number in claim.evidence if number in before.refs}
    for ref in sorted(cited - known):
        kind, _, rest = ref.partition(":")
        if kind == "order":
            await get_order_status(context, rest.partition("/")[0])
        elif kind == "policy":
            document = rest.partition("#")[0]
            opening = Passage(document, document, "", (), "", "public", 0.0, brand=context.brand)
            for passage in await context.ports.passages.whole(opening):
                if passage.id == rest:
                    note_passage(context, passage)
