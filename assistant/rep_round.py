"""The model's part of answering a rep: an answer, the checks, at most one repair. The facts stand there already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from assistant.checks import check
from assistant.checks.facts import Facts
from assistant.material import Material
from assistant.model_round import ModelWriter, Use, ask_twice
from assistant.outcome import Claim, Finding, HandOver, Reply, Writer
from assistant.rep_briefing import RepTask
from assistant.sourcing import source_unsourced
from tools.evidence import Evidence, Visibility
from tools.records import Known

if TYPE_CHECKING:
    from assistant.agent import Written


class RepWriter(Protocol):
    """`assistant.rep_writer.write_for_rep` with its endpoint; passed in, so that no model means no model library."""

    async def __call__(
        self,
        task: RepTask,
        material: Material,
        *,
        deadline: float,
        first_word: float | None = None,
        previous: Reply | None = None,
        findings: Sequence[Finding] = (),
        on_text: Callable[[str], None] | None = None,
    ) -> "Written":
        """Answer, or correct an answer."""
        ...


@dataclass(frozen=True, slots=True)
class PanelWriters:
    """The model for who waits at the panel: served before drafts made in the background.

    `first_word` is how many seconds it has to begin in; then what stands without a model is all there is.
    """

    draft: ModelWriter
    answer: RepWriter
    first_word: float = 6.0


@dataclass(frozen=True, slots=True)
class RepRound:
    """What the model is given, and until when (`time.monotonic`)."""

    task: RepTask
    material: Material
    facts: Facts
    deadline: float
    first_word: float | None = None
    on_text: Callable[[str], None] | None = None


async def ask_for_rep(writer: RepWriter, prepared: Reply, case: RepRound, use: Use) -> tuple[Reply, Writer]:
    """The model's answer if it stands after the checks and at most one repair; else the facts as they were found."""

    async def ask(previous: Reply | None) -> "Written":
        return await writer(
            case.task,
            case.material,
            deadline=case.deadline,
            first_word=case.first_word if previous is None else None,
            previous=previous,
            findings=previous.findings if previous else (),
            # an answer that is mended takes the other's place as a whole
            on_text=case.on_text if previous is None else None,
        )

    checked = partial(_checked, facts=case.facts, prepared=prepared.claims)
    reply = await ask_twice(use, ask, checked, called="answer")
    if reply is None or isinstance(reply, HandOver):
        return prepared, Writer.COMPOSER
    return reply, Writer.MODEL


def for_a_colleague(facts: Facts, evidence: Sequence[Evidence]) -> Facts:
    """The facts as they are told to a rep, who may read all of it: nothing is hidden, and nothing made up."""
    told = tuple(
        replace(item, visibility=Visibility.CUSTOMER) if item.visibility is Visibility.INTERNAL else item
        for item in evidence
    )
    return replace(facts, evidence=told, known=Known.VERIFIED, posts=())


def _checked(reply: Reply, facts: Facts, prepared: Sequence[Claim]) -> Reply:
    reply = source_unsourced(reply, prepared)
    return replace(reply, findings=tuple(dict.fromkeys((*reply.findings, *check(reply, facts)))))
