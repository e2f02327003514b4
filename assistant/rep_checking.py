"""Checks a text that stands ready for the customer whom a rep has before them, as a reply to them is checked."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.case import Post, Role, Thread
from assistant.checks.facts import Facts
from assistant.gather import Question, gather
from assistant.model_round import Use
from assistant.outcome import Draft, Part, TurnRecord, Writer
from assistant.sourcing import check_texts
from assistant.turn import NOBODY, Desk, Listener, facts_of, identify_author
from tools.context import ToolContext
from tools.evidence import EvidenceKind

TEXT = "text"
"""The id of the text where it stands among what was said, so that what it says is looked up."""

_WHOEVER = "customer"


async def check_ready(
    texts: Mapping[Part, str],
    said: Sequence[Post],
    desk: Desk,
    *,
    id_: str,
    channel: str,
    brand: str,
    language: str,
    now: datetime,
    listener: Listener = NOBODY,
) -> TurnRecord:
    """The texts with what each sentence rests on and what the checks find; no model is asked.

    What bears them out is looked for by their own words and by what the customer said, who need not have said anything.

    Args:
        texts: What would be said, by part.
        said: What was said so far, oldest first.
        desk: Ports and guidance; its customers know who speaks.
        id_: Of the record.
        channel: Where it would be said.
        brand: Who says it.
        language: In which.
        now: The moment that policies and lateness are judged by.
        listener: Is told what was read.
    """
    use = Use()
    thread = Thread(id_, channel, (*said, _asked_by(texts, said, now)), brand)
    voice = desk.guidance.brand(brand)
    identity, guesses = await asyncio.gather(
        identify_author(thread, voice, desk.ports, use), desk.recogniser.guess_thread(thread, language)
    )
    since = time.monotonic()
    question = Question(thread, voice, language, identity, guesses, now)
    material, context = await gather(question, region=desk.region, ports=desk.ports, recogniser=desk.recogniser)
    use.lap("gather", since)
    use.outages.extend(material.outages)
    listener.on_evidence(material)
    targets = await desk.ports.destinations.known(brand)
    # it was ready before anybody said anything: no post bears it out, and it does not bear out itself
    sources = tuple(one for one in context.ledger if one.kind is not EvidenceKind.POST)
    facts = replace(facts_of(material, desk.guidance, targets), evidence=sources, tried=())
    since = time.monotonic()
    reply = await asyncio.to_thread(check_texts, texts, facts)
    use.lap("checks", since)
    use.lap("total", use.started)
    return _record(question, _target(said), Draft(reply), facts, context, use)


def _asked_by(texts: Mapping[Part, str], said: Sequence[Post], now: datetime) -> Post:
    """The texts as if the customer had written them."""
    author = next((post.author for post in reversed(said) if post.role is Role.CUSTOMER), _WHOEVER)
    return Post(TEXT, author, Role.CUSTOMER, now, "\n".join(texts.values()), private=True)


def _target(said: Sequence[Post]) -> str:
    """The post that would be answered; the text itself where the customer has said nothing."""
    return next((post.id for post in reversed(said) if post.role is Role.CUSTOMER), TEXT)


def _record(
    question: Question, target: str, outcome: Draft, facts: Facts, context: ToolContext, use: Use
) -> TurnRecord:
    return TurnRecord(
        id=question.thread.id,
        channel=question.thread.channel,
        brand=question.thread.brand,
        language=question.language,
        target_post=target,
        identity=question.identity,
        intent=None,
        outcome=outcome,
        evidence=facts.evidence,
        written_by=Writer.COMPOSER,
        started_at=question.now,
        timings_ms=use.timings,
        outages=tuple(use.outages),
        notes=tuple(outage.words(question.now) for outage in use.outages),
        tool_calls=tuple(context.calls),
        passages=tuple(context.passages.values()),
    )
