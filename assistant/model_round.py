"""The model's part of a turn: a draft, the checks, at most one repair; and what it all took.

The composer's draft is there already. The model's text takes its place only if it stands after the checks.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from assistant.checks import check
from assistant.checks.facts import Facts
from assistant.guidance import Guidance
from assistant.material import Material
from assistant.outcome import (
    Claim,
    ClaimKind,
    Clarify,
    Draft,
    Finding,
    HandOver,
    Outcome,
    Reason,
    Reply,
    Severity,
    Start,
    Tokens,
    Writer,
)
from tools.context import Proposal, ToolContext
from tools.ports import Outage
from tools.records import Customer, Order

if TYPE_CHECKING:
    from assistant.agent import Written


class ModelWriter(Protocol):
    """`assistant.agent.write_draft` with its endpoint. Passed in, so that no model means no model library is loaded."""

    async def __call__(
        self,
        material: Material,
        context: ToolContext,
        *,
        guidance: Guidance,
        deadline: float,
        start: Start,
        first_word: float | None = None,
        on_text: Callable[[str], None] | None = None,
        on_request: Callable[[], None] | None = None,
    ) -> "Written":
        """Write a draft from the composer's, or repair the model's own."""
        ...


class Translator(Protocol):
    """`assistant.translation.translate` with its endpoint; passed in for the same reason."""

    async def __call__(
        self, texts: Mapping[str, str], *, to: str, customer: Customer | None, orders: tuple[Order, ...]
    ) -> Mapping[str, str]:
        """Each text in the language `to`, by the same names; what is the customer's does not leave unmasked."""
        ...


@dataclass(slots=True)
class Use:
    """What one turn spent, and on what."""

    started: float = field(default_factory=time.monotonic)
    timings: dict[str, float] = field(default_factory=dict)
    model_calls: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    cost: float = 0.0
    requests: tuple[bytes, ...] = ()
    model: str | None = None
    notes: list[str] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)

    def lap(self, name: str, since: float) -> None:
        """Add the time since then, in milliseconds, to this part of the turn."""
        self.timings[name] = self.timings.get(name, 0.0) + (time.monotonic() - since) * 1000

    def add(self, written: "Written") -> None:
        """Count a round of the model."""
        self.model_calls += written.model_calls
        self.tokens = Tokens(
            self.tokens.prompt + written.tokens.prompt, self.tokens.completion + written.tokens.completion
        )
        self.cost += written.cost
        self.requests += written.requests
        self.model = written.model or self.model


@dataclass(frozen=True, slots=True)
class Round:
    """What the model is given: the case, what its text is held against, and until when (`time.monotonic`).

    By `first_word` it has to have begun to write, where somebody waits for that.
    """

    material: Material
    context: ToolContext
    facts: Facts
    guidance: Guidance
    deadline: float
    first_word: float | None = None
    on_text: Callable[[str], None] | None = None
    on_request: Callable[[], None] | None = None


async def ask_twice(
    use: Use,
    ask: Callable[[Reply | None], Awaitable["Written"]],
    checked: Callable[[Reply], Reply],
    *,
    called: str,
) -> Reply | HandOver | None:
    """What stands of the model's after the checks and at most one repair; None: nothing does, and `use` notes why.

    Args:
        use: What it all took is counted there.
        ask: Has the model write, or mend its own reply before.
        checked: The reply with what was found in it.
        called: What it writes, for the notes.
    """
    since = time.monotonic()
    previous: Reply | None = None
    for attempt in range(2):
        written = await ask(previous)
        use.add(written)
        if written.failure is not None:
            use.notes.append(f"model: {written.failure}")
            break
        if written.hand_over is not None:
            use.lap("model", since)
            return written.hand_over
        previous = await asyncio.to_thread(checked, written.reply)
        if attempt and not _blocked(previous):
            use.notes.append("repaired")
        if previous.one_click:
            break
    use.lap("model", since)
    if previous is not None and _blocked(previous):
        use.notes.extend(f"model's {called} dropped: {finding.reason}" for finding in previous.findings)
        return None
    return previous


async def ask_model(model: ModelWriter, composed: Draft | Clarify, case: Round, use: Use) -> tuple[Outcome, Writer]:
    """The model's draft if it stands after the checks and at most one repair; else the composer's, labelled so."""

    async def ask(previous: Reply | None) -> "Written":
        return await model(
            case.material,
            case.context,
            guidance=case.guidance,
            deadline=case.deadline,
            start=Start(composed.reply, previous, _to_mend(previous)),
            first_word=case.first_word if previous is None else None,
            # a draft that is mended takes the other's place as a whole
            on_text=case.on_text if previous is None else None,
            on_request=case.on_request,
        )

    reply = await ask_twice(use, ask, partial(_checked, case=case), called="draft")
    if reply is None:
        return composed, Writer.COMPOSER
    if isinstance(reply, HandOver):
        return reply, Writer.MODEL
    return _outcome(composed, reply, _each_once([*composed.actions, *case.context.proposals])), Writer.MODEL


def _checked(reply: Reply, case: Round) -> Reply:
    """The reply with what reading it and checking it found; tools may have added evidence meanwhile."""
    if case.material.thread.target.private:
        reply = reply.in_private()
    fresh = replace(case.facts, evidence=tuple(case.context.ledger))
    return replace(reply, findings=tuple(dict.fromkeys((*reply.findings, *check(reply, fresh)))))


def _to_mend(reply: Reply | None) -> tuple[Finding, ...]:
    return tuple(finding for finding in reply.findings if finding.severity is not Severity.INFO) if reply else ()


def _blocked(reply: Reply) -> bool:
    return any(finding.severity is Severity.BLOCK for finding in reply.findings)


def _each_once(proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    return tuple(proposal for number, proposal in enumerate(proposals) if proposal not in proposals[:number])


def _outcome(composed: Draft | Clarify, reply: Reply, actions: tuple[Proposal, ...]) -> Outcome:
    prepared = {claim.sentence for claim in composed.reply.claims}
    if isinstance(composed, Clarify) and _asks_still(reply.claims, prepared):
        return Clarify(reply, composed.reason, actions)
    if _only_asks(reply.claims):
        return Clarify(reply, Reason("missing_detail", "the answer depends on what the customer says"), actions)
    return Draft(reply, actions)


def _asks_still(claims: tuple[Claim, ...], prepared: set[str]) -> bool:
    """Whether a reply asks and tells nothing that the composer's question did not tell."""
    told = {claim.kind for claim in claims if claim.sentence not in prepared}
    asks = any(claim.kind is ClaimKind.QUESTION for claim in claims)
    return asks and told <= {ClaimKind.QUESTION, ClaimKind.COURTESY}


def _only_asks(claims: tuple[Claim, ...]) -> bool:
    kinds = {claim.kind for claim in claims}
    return ClaimKind.QUESTION in kinds and kinds <= {ClaimKind.QUESTION, ClaimKind.COURTESY}
