"""What a rep asks at the panel, answered: the facts first, then the model's words over the same facts, checked.

The facts stand there before any model is asked, and stay if it is slow, down or wrong. Nothing here is a text for the
customer.
"""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from assistant.answering import FoundFacts, find_facts, read_customer, read_for_rep, record_of
from assistant.case import Role, Thread
from assistant.history import cut, on_one_line
from assistant.material import Material
from assistant.model_round import Use
from assistant.outcome import Claim, ClaimKind, Part, TurnRecord, Writer
from assistant.rep_briefing import RepTask
from assistant.rep_round import RepRound, ask_for_rep, for_a_colleague
from assistant.standing import find_standing, tell_standing, that_matter
from assistant.turn import NOBODY, Desk, Listener, facts_of

_QUESTION = "post:question"
_QUOTED = 280


async def answer_rep(
    question: str, customer: str, desk: Desk, *, now: datetime, listener: Listener = NOBODY
) -> TurnRecord:
    """Answer a rep's question about a customer, in `private_text`.

    Raises:
        NoSuchCustomer: No customer has this id.
        PortUnavailable: The customers' records do not answer.
    """
    found = await find_facts(question, customer, desk, now=now)
    return await _in_words(RepTask(question, found.claims, _QUESTION), found, desk, listener)


async def summarise(
    thread: Thread | None, customer: str, desk: Desk, *, now: datetime, listener: Listener = NOBODY
) -> TurnRecord:
    """Sum a case up for a colleague who has not read it: what they want, what was done or promised, what is open.

    Without a thread nothing was said yet: then who it is, what is wrong and what is promised.

    Raises:
        NoSuchCustomer: No customer has this id.
        PortUnavailable: The customers' records do not answer.
    """
    if thread is None:
        standing = await find_standing(customer, desk, now=now)
        return await _in_words(RepTask(None, standing.claims, _QUESTION), standing, desk, listener)
    began = time.monotonic()
    material, context = await read_for_rep(thread, await read_customer(customer, desk), desk, now)
    gathered = time.monotonic()
    claims = (*await tell_standing(that_matter(material), material, context), *_said(material))
    found = FoundFacts(material, context, claims, began, gathered)
    return await _in_words(RepTask(None, found.claims), found, desk, listener)


async def _in_words(task: RepTask, found: FoundFacts, desk: Desk, listener: Listener) -> TurnRecord:
    """The model's answer over what was found, or what was found."""
    use = Use(started=found.began)
    # what tools noted since is evidence as well
    material = replace(found.material, ledger=found.context.ledger)
    listener.on_evidence(material)
    if desk.panel is None:
        return record_of(found, found.reply, Writer.COMPOSER, use)
    targets = await desk.ports.destinations.known(material.brand.id if material.brand else None)
    known = [item for item in material.ledger if item.ref != task.unasked]
    case = RepRound(
        task,
        material,
        for_a_colleague(facts_of(material, desk.guidance, targets), known),
        deadline=use.started + desk.deadline,
        first_word=use.started + desk.panel.first_word,
        on_text=listener.on_text,
    )
    reply, writer = await ask_for_rep(desk.panel.answer, found.reply, case, use)
    return record_of(found, reply, writer, use)


def _said(material: Material) -> Iterable[Claim]:
    """What they wrote first and last, and what we said last."""
    thread = material.thread
    said = {item.ref: item for item in material.ledger}
    own = list({post.text: post for post in thread.spoken}.values())
    ours = [post for post in thread.posts if post.role is Role.BRAND]
    for label, post in (
        ("They wrote first", own[0] if len(own) > 1 else None),
        ("We said last", ours[-1] if ours else None),
        ("They wrote last" if len(own) > 1 else "They wrote", own[-1] if own else None),
    ):
        if post is not None:
            evidence = said.get(f"post:{post.id}")
            words = f"{label} ({post.created_at:%d %B}): “{cut(on_one_line(post.text), _QUOTED)}”"
            yield Claim(Part.PRIVATE, words, ClaimKind.FACT, (evidence.id,) if evidence else ())
