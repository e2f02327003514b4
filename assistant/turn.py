"""One turn: post -> screen -> identify -> gather -> draft -> check -> outcome. Always the same way, no back and forth.

What is dangerous or needs no answer never reaches a model. The composer's draft is made first, so that a model that is
slow, down or wrong never leaves a person with nothing (rule 7); the model's text replaces it only after the checks.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import regex

from assistant.case import Thread
from assistant.checks import check
from assistant.checks.facts import Facts, private_values
from assistant.composer import compose
from assistant.gather import Question, gather, query_of
from assistant.guidance import LANGUAGES, Brand, Guidance
from assistant.intents import IntentRecogniser
from assistant.language import detect_language
from assistant.material import Material
from assistant.model_round import ModelWriter, Round, Translator, Use, ask_model
from assistant.outcome import Clarify, Draft, HandOver, Outcome, Part, Reason, TurnRecord, Writer
from assistant.overheard import keep_private
from assistant.rep_round import PanelWriters
from assistant.screen import screen, screen_by_meaning
from assistant.screening.meaning import DangerRecogniser
from assistant.sourcing import check_texts
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.ports import Identity, Ports, PortUnavailable
from tools.records import Known

# A handle as the networks write it: @name, @name.example, @name@server.example.
_MENTION = regex.compile(r"@[\w-]+(?:[.@][\w-]+)*")


@dataclass(frozen=True, slots=True)
class Desk:
    """What every turn works with. Made once, by the server.

    `deadline` is in seconds from the start of a turn: the moment at which a draft stands there, the model's or the
    composer's. Without a `model` the composer writes everything; without `dangers` posts are screened by words alone.
    `region` stands in for an unknown one. `read_ahead` begins what a search for these words will need; what it returns
    is not used. `translate` is for people, not for drafts; `panel` for reps who wait. Where somebody waits, the model
    has to begin within `first_word` seconds of the turn's start.
    """

    ports: Ports
    guidance: Guidance
    recogniser: IntentRecogniser
    clock: Callable[[], datetime]
    model: ModelWriter | None = None
    dangers: DangerRecogniser | None = None
    deadline: float = 30.0
    region: str | None = None
    read_ahead: Callable[[str], Awaitable[object]] | None = None
    translate: Translator | None = None
    panel: PanelWriters | None = None
    first_word: float | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person who has read the case says of the draft to come.

    `words` are what they want of it, for the model: the checks hold all the same. `dismissed` are the codes of dangers
    that are none here. `texts` stand in the place of the composer's: it is they that are to be changed.
    """

    words: str = ""
    dismissed: frozenset[str] = frozenset()
    texts: Mapping[Part, str] | None = None


NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how a turn goes on. Neither call may wait.

    `on_evidence` is called once everything was read, before anybody writes. `on_text` with the model's text as it
    grows: provisional, only the record's texts have been checked.
    """

    on_evidence: Callable[[Material], None] = lambda _: None
    on_text: Callable[[str], None] | None = None


NOBODY = Listener()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a turn came to, and what it rests on."""

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    intent: str | None = None
    written_by: Writer = Writer.COMPOSER
    context: ToolContext | None = None


async def run_turn(
    thread: Thread,
    desk: Desk,
    *,
    now: datetime | None = None,
    listener: Listener = NOBODY,
    wishes: Wishes = NO_WISHES,
) -> TurnRecord:
    """Answer the last customer post of a thread.

    Args:
        thread: The posts; who is answered is the author of `thread.target`.
        desk: Ports, guidance and, if there is one, the model.
        now: The moment that policies and lateness are judged by; the desk's clock unless given.
        listener: Is told how it goes on.
        wishes: What a person wants of the draft, where one has asked for it.

    Returns:
        The record. It never fails for what a customer wrote or a model said; ports that do not answer are noted and
        nothing is claimed that would rest on them.
    """
    now = now or desk.clock()
    record = await _turn(thread, desk, now, listener, wishes)
    if thread.in_public is thread or record.outcome.reply.public_text is None:
        return record
    overt = await _turn(thread.in_public, replace(desk, model=None), now, NOBODY, wishes)
    outcome = keep_private(
        record.outcome, overt.outcome.reply.public_text, language=record.language, seed=thread.target.id
    )
    return replace(record, outcome=outcome)


async def _turn(thread: Thread, desk: Desk, now: datetime, listener: Listener, wishes: Wishes) -> TurnRecord:
    use = Use()
    brand = find_brand(thread, desk.guidance)
    language = detect_language(thread.request, hint=brand.languages[0] if brand else "en")
    # side by side: most of the time goes into vectors of the same words, so these are begun first
    _, identity, outcome, guesses = await asyncio.gather(
        _read_ahead(thread, desk),
        identify_author(thread, brand, desk.ports, use),
        _screen(thread, desk, brand, language, use, wishes.dismissed),
        desk.recogniser.guess_thread(thread, language),
    )
    if outcome is None and language not in LANGUAGES:
        outcome = HandOver("languages", Reason("language", f"written in “{language}”: translate before answering"))
    if outcome is None:
        answer = await _answer(Question(thread, brand, language, identity, guesses, now), desk, use, listener, wishes)
    else:
        answer = _rest_on_approval(_addressed(outcome, thread), now)
    use.lap("total", use.started)
    return _record(thread, brand, language, identity, answer, now, use)


def find_brand(thread: Thread, guidance: Guidance) -> Brand | None:
    """The brand a thread is addressed to: the named one, else the one whose account is mentioned, else the default.

    None for a brand that is not ours: then no policy, no destination and no record is used.
    """
    if thread.brand is not None:
        return guidance.brand(thread.brand)
    for mention in _MENTION.findall(thread.request):
        brand = guidance.brand(mention)
        if brand is not None:
            return brand
    return guidance.brand(None)


def facts_of(material: Material, guidance: Guidance, known_targets: frozenset[str]) -> Facts:
    """What the checks may hold a draft against."""
    brand = material.brand.id if material.brand else None
    voice = guidance.voice(brand, material.thread.channel, material.language)
    pages = {passage.public_url for passage, _ in material.passages if passage.public_url is not None}
    accounts = {f"@{name.lstrip('@')}" for name in material.brand.accounts.values()} if material.brand else set()
    return Facts(
        evidence=tuple(material.ledger),
        brand=brand,
        channel=material.thread.channel,
        language=material.language,
        known=material.identity.known,
        now=material.now,
        posts=material.thread.spoken_in_public,
        known_targets=known_targets | pages | accounts,
        private_values=private_values(material.customer, material.orders),
        avoid=voice.avoid if voice else (),
        promises=material.promises,
        tried=material.tried,
        word_within=material.brand.word_within_days if material.brand else 0,
        product_names=tuple({line.title for order in material.orders for line in order.lines}),
    )


async def identify_author(thread: Thread, brand: Brand | None, ports: Ports, use: Use) -> Identity:
    """Who the target's author is; unknown where the customers' records do not answer, which `use` notes."""
    if brand is None:
        return Identity(Known.UNKNOWN)
    try:
        return await ports.customers.identify(brand=brand.id, channel=thread.channel, handle=thread.target.author)
    except PortUnavailable as error:
        use.outages.append(error.outage)
        return Identity(Known.UNKNOWN)


async def _read_ahead(thread: Thread, desk: Desk) -> None:
    if desk.read_ahead is not None:
        await desk.read_ahead(query_of(thread))


async def _screen(
    thread: Thread, desk: Desk, brand: Brand | None, language: str, use: Use, dismissed: frozenset[str]
) -> Outcome | None:
    """What words find and, if that is no danger, what meaning finds: danger in a post outranks its being noise."""
    since = time.monotonic()
    found = await asyncio.to_thread(
        screen, thread, language=language, brand=brand, guidance=desk.guidance, dismissed=dismissed
    )
    if desk.dangers is not None and not isinstance(found, HandOver):
        danger = await screen_by_meaning(
            thread,
            language=language,
            brand=brand,
            guidance=desk.guidance,
            recogniser=desk.dangers,
            dismissed=dismissed,
        )
        found = danger or found
    use.lap("screen", since)
    return found


def _addressed(outcome: Outcome, thread: Thread) -> Outcome:
    """The outcome, told where the customer spoke: who wrote in private is not answered before everyone."""
    return replace(outcome, reply=outcome.reply.in_private()) if thread.target.private else outcome


def _rest_on_approval(outcome: Outcome, now: datetime) -> _Answer:
    """Holding text rests on its own approval: every sentence names it, so that a person sees whose words these are."""
    text = outcome.reply.public_text or outcome.reply.private_text
    if text is None or isinstance(outcome, Draft | Clarify):
        return _Answer(outcome)
    approved = Evidence(
        "E1",
        EvidenceKind.POLICY,
        source="Approved holding text",
        ref=f"holding:{outcome.reason.code}",
        text=text,
        visibility=Visibility.PUBLIC,
        as_of=now,
    )
    claims = tuple(replace(claim, evidence=(approved.id,)) for claim in outcome.reply.claims)
    return _Answer(replace(outcome, reply=replace(outcome.reply, claims=claims)), (approved,))


async def _answer(question: Question, desk: Desk, use: Use, listener: Listener, wishes: Wishes) -> _Answer:
    """The composer's draft after the checks, or the model's in its place."""
    since = time.monotonic()
    material, context = await gather(question, region=desk.region, ports=desk.ports, recogniser=desk.recogniser)
    use.outages.extend(material.outages)
    use.lap("gather", since)
    listener.on_evidence(material)
    targets = await desk.ports.destinations.known(question.brand.id if question.brand else None)
    facts = facts_of(material, desk.guidance, targets)
    # milliseconds of work, in which the loop goes on to answer others
    outcome = await asyncio.to_thread(_composed, material, desk.guidance, facts, wishes)
    writer = Writer.COMPOSER
    if desk.model is None or not isinstance(outcome, Draft | Clarify):
        outcome = await asyncio.to_thread(_checked, outcome, facts, use)
    else:
        case = Round(
            replace(material, wish=wishes.words),
            context,
            facts,
            desk.guidance,
            deadline=use.started + desk.deadline,
            first_word=None if desk.first_word is None else use.started + desk.first_word,
            on_text=listener.on_text,
        )
        outcome, writer = await _with_model(desk.model, outcome, case, use)
    if wishes.words and writer is Writer.COMPOSER:
        use.notes.append("your words could not be followed: this draft was written without AI")
    return _Answer(outcome, tuple(material.ledger), material.intent.id if material.intent else None, writer, context)


async def _with_model(model: ModelWriter, composed: Draft | Clarify, case: Round, use: Use) -> tuple[Outcome, Writer]:
    """The model's draft, or the composer's; this is checked while the endpoint thinks, not before it is asked."""
    asked = asyncio.Event()

    async def check_meanwhile() -> Outcome:
        await asked.wait()
        return await asyncio.to_thread(_checked, composed, case.facts, use)

    async def ask() -> tuple[Outcome, Writer]:
        try:
            return await ask_model(model, composed, replace(case, on_request=asked.set), use)
        finally:
            asked.set()

    checked, (outcome, writer) = await asyncio.gather(check_meanwhile(), ask())
    return (checked if writer is Writer.COMPOSER else outcome), writer


def _record(
    thread: Thread, brand: Brand | None, language: str, identity: Identity, answer: _Answer, now: datetime, use: Use
) -> TurnRecord:
    return TurnRecord(
        id=thread.id,
        channel=thread.channel,
        brand=brand.id if brand else thread.brand,
        language=language,
        target_post=thread.target.id,
        identity=identity,
        intent=answer.intent,
        outcome=answer.outcome,
        evidence=answer.evidence,
        written_by=answer.written_by,
        started_at=now,
        model_calls=use.model_calls,
        tokens=use.tokens,
        cost=use.cost,
        timings_ms=use.timings,
        requests=use.requests,
        outages=tuple(use.outages),
        notes=(*(outage.words(now) for outage in use.outages), *use.notes),
        tool_calls=tuple(answer.context.calls) if answer.context else (),
        passages=tuple(answer.context.passages.values()) if answer.context else (),
        model=use.model,
    )


def _composed(material: Material, guidance: Guidance, facts: Facts, wishes: Wishes) -> Outcome:
    """What stands without a model: the composer's draft, or the texts that are to be changed in its place."""
    composed = _addressed(compose(material, guidance), material.thread)
    if wishes.texts is None:
        return composed
    actions = composed.actions if isinstance(composed, Draft | Clarify) else ()
    return Draft(check_texts(wishes.texts, facts), actions)


def _checked(outcome: Outcome, facts: Facts, use: Use) -> Outcome:
    """The outcome with what the checks find in it."""
    since = time.monotonic()
    findings = check(outcome.reply, facts)
    use.lap("checks", since)
    return replace(outcome, reply=replace(outcome.reply, findings=findings))
