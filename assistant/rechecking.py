"""Checks what a person wrote or changed: the facts are read again, each sentence is held against what it can rest on.

People cite nothing. A sentence that stood before keeps its sources, read anew; for another the sources are looked for
that bear it out, the closest first. If none does, the findings say so, as of a model's sentence.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import regex

from assistant.case import Post, Role, Thread
from assistant.checks import check, check_sentence
from assistant.checks.acted import leaning_on
from assistant.checks.facts import Facts
from assistant.checks.findings import Sentence
from assistant.checks.vouched import check_vouched
from assistant.claims import classify
from assistant.gather import Question, gather
from assistant.guidance import Brand
from assistant.language import detect_language
from assistant.model_round import Use
from assistant.outcome import Claim, ClaimKind, Finding, Part, Reply, Severity
from assistant.sentences import split_sentences
from assistant.stems import stems
from assistant.turn import Desk, facts_of, find_brand, identify_author
from tools.context import Proposal, ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.orders import get_order_status
from tools.policies import note_passage
from tools.ports import Identity
from tools.records import Known, Passage

_CLOSEST = 8
"""Sources that are tried for a sentence."""


@dataclass(frozen=True, slots=True)
class Before:
    """The draft as it was: its claims, and what their numbers stood for."""

    claims: tuple[Claim, ...]
    refs: Mapping[str, str]


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
    targets = await desk.ports.destinations.known(brand.id if brand else None)
    facts = replace(facts_of(material, desk.guidance, targets), evidence=tuple(context.ledger))
    if actions.customer is not None and actions.customer == identity.customer:
        facts = replace(facts, approved=actions.approved, done=actions.done)
    # reading sentences takes a processor's time, which others on this loop need
    reply = await asyncio.to_thread(_check, texts, before, facts)
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
    targets = await desk.ports.destinations.known(brand.id)
    # what is to be checked was asked as a post: it bears out nothing, least of all itself
    sources = tuple(item for item in context.ledger if item.kind is not EvidenceKind.POST)
    facts = replace(facts_of(material, desk.guidance, targets), evidence=sources, posts=(), tried=())
    reply = await asyncio.to_thread(_check, {Part.PUBLIC: text}, Before((), {}), facts)
    found = [finding for channel in channels for finding in check(reply, replace(facts, channel=channel))]
    found += await asyncio.to_thread(_not_vouched, reply, facts, vouched)
    return Rechecked(replace(reply, findings=tuple(dict.fromkeys(found))), sources, nobody, language, now)


def _not_vouched(reply: Reply, facts: Facts, vouched: Sequence[Vouched]) -> Sequence[Finding]:
    return tuple(check_vouched(reply.claims, facts, {item.ref for item in vouched}))


def _check(texts: Mapping[Part, str], before: Before, facts: Facts) -> Reply:
    numbers = {item.ref: item.id for item in facts.evidence}
    stood = {(claim.part, claim.sentence): _renumbered(claim, before, numbers) for claim in before.claims}
    claims = tuple(
        stood.get((part, sentence)) or _claim(part, sentence, stood.values(), facts)
        for part in Part
        for sentence in split_sentences(texts.get(part, ""))
    )
    reply = Reply(texts.get(Part.PUBLIC), texts.get(Part.PRIVATE), claims)
    return replace(reply, findings=check(reply, facts))


def _leans(reply: Reply, facts: Facts) -> tuple[tuple[Proposal, bool], ...]:
    if not (facts.approved or facts.done):
        return ()
    found = [leaning_on(Sentence(claim, facts)) for claim in reply.claims if claim.kind is not ClaimKind.QUESTION]
    return tuple((action, done) for actions, done in found for action in actions)


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


def _renumbered(claim: Claim, before: Before, numbers: Mapping[str, str]) -> Claim:
    refs = (before.refs.get(number, "") for number in claim.evidence)
    return replace(claim, evidence=tuple(dict.fromkeys(numbers[ref] for ref in refs if ref in numbers)))


def _claim(part: Part, sentence: str, stood: Iterable[Claim], facts: Facts) -> Claim:
    """The sentence with the sources that bear it out best; with none, if it needs none."""
    alone = Claim(part, sentence, classify(sentence, ()))
    if alone.kind in (ClaimKind.QUESTION, ClaimKind.COURTESY) and _cost(alone, facts) == 0:
        return alone
    best, least = alone, _cost(alone, facts)
    for sources in _likely_sources(part, sentence, stood, facts):
        claim = Claim(part, sentence, classify(sentence, sources), tuple(item.id for item in sources))
        cost = _cost(claim, facts)
        if cost < least or (best is alone and cost == least):
            best, least = claim, cost
        if cost == 0:
            break
    return best


def _likely_sources(part: Part, sentence: str, stood: Iterable[Claim], facts: Facts) -> Iterable[Sequence[Evidence]]:
    """Those of the sentence that it seems to have been made of, then single ones, the closest in words first."""
    wanted = _signs(sentence)
    told = [
        item
        for item in facts.evidence
        if item.visibility is Visibility.PUBLIC or (part is Part.PRIVATE and item.visibility is Visibility.CUSTOMER)
    ]
    alike = max(stood, key=lambda claim: len(wanted & _signs(claim.sentence)), default=None)
    if alike is not None and wanted & _signs(alike.sentence):
        yield [item for item in told if item.id in alike.evidence]
    near = sorted(told, key=lambda item: -len(wanted & _signs(item.text)))[:_CLOSEST]
    yield from ([item] for item in near if wanted & _signs(item.text))


def _signs(text: str) -> frozenset[str]:
    """What makes two texts alike: their words, and the figures in them."""
    return frozenset(stems(text)) | frozenset(regex.findall(r"\d+", text))


def _cost(claim: Claim, facts: Facts) -> int:
    costs = {Severity.BLOCK: 10, Severity.WARN: 3, Severity.INFO: 0}
    return sum(costs[finding.severity] for finding in check_sentence(claim, facts))
