"""The model's part of answering a rep: an answer, the checks, at most one repair. The facts stand there already."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from assistant.checks import check
from assistant.checks.facts import Facts
from assistant.material import Material
from assistant.model_round import ModelWriter, Use
from assistant.outcome import Finding, Reply, Severity, Writer
from assistant.rep_briefing import RepTask
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
    since = time.monotonic()
    previous: Reply | None = None
    for attempt in range(2):
        written = await writer(
            case.task,
            case.material,
            deadline=case.deadline,
            first_word=None if attempt else case.first_word,
            previous=previous,
            findings=previous.findings if previous else (),
            # an answer that is mended takes the other's place as a whole
            on_text=None if attempt else case.on_text,
        )
        use.add(written)
        if written.failure is not None:
            use.notes.append(f"model: {written.failure}")
            break
        previous = await asyncio.to_thread(_checked, written.reply, case.facts)
        if attempt and not _blocked(previous):
            use.notes.append("repaired")
        if previous.one_click:
            break
    use.lap("model", since)
    if previous is None or _blocked(previous):
        if previous is not None:
            use.notes.extend(f"model's answer dropped: {finding.reason}" for finding in previous.findings)
        return prepared, Writer.COMPOSER
    return previous, Writer.MODEL


def for_a_colleague(facts: Facts, evidence: Sequence[Evidence]) -> Facts:
    """The facts as they are told to a rep, who may read all of it: nothing is hidden, and nothing made up."""
    told = tuple(
        replace(item, visibility=Visibility.CUSTOMER) if item.visibility is Visibility.INTERNAL else item
        for item in evidence
    )
    return replace(facts, evidence=told, known=Known.VERIFIED, posts=())


def _checked(reply: Reply, facts: Facts) -> Reply:
    return replace(reply, findings=tuple(dict.fromkeys((*reply.findings, *check(reply, facts)))))


def _blocked(reply: Reply) -> bool:
    return any(finding.severity is Severity.BLOCK for finding in reply.findings)
