"""How a turn can end. A closed union: whoever handles outcomes handles all five."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tools.calls import ToolCall
from tools.context import Proposal
from tools.evidence import Evidence
from tools.ports import Identity, Outage
from tools.records import Passage


class Part(StrEnum):
    """Who reads a text: everyone, or only the customer."""

    PUBLIC = "public"
    PRIVATE = "private"


class ClaimKind(StrEnum):
    """What a sentence does. Only questions and courtesies may stand without evidence."""

    FACT = "fact"
    POLICY = "policy"
    PROMISE = "promise"
    QUESTION = "question"
    COURTESY = "courtesy"


class Severity(StrEnum):
    """What a finding costs: `block` and `warn` switch one-click approval off, `info` does not."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a draft and the numbers of the evidence it rests on."""

    part: Part
    sentence: str
    kind: ClaimKind
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a sentence, in words a person can act on."""

    rule: str
    severity: Severity
    part: Part
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Proposed texts with what they rest on. The claims hold every sentence of both texts once, in order."""

    public_text: str | None = None
    private_text: str | None = None
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def one_click(self) -> bool:
        """Whether a person may approve it without touching it (rule 4)."""
        return not any(finding.severity in (Severity.BLOCK, Severity.WARN) for finding in self.findings)

    def text(self, part: Part) -> str | None:
        """The text of one part."""
        return self.public_text if part is Part.PUBLIC else self.private_text

    def in_private(self) -> "Reply":
        """The same for the customer alone: the private part, or the public one in its place where there is none."""
        kept = self.claims
        if self.private_text is not None:
            kept = tuple(claim for claim in kept if claim.part is Part.PRIVATE)
        claims = tuple(replace(claim, part=Part.PRIVATE) for claim in kept)
        return replace(self, public_text=None, private_text=self.private_text or self.public_text, claims=claims)


@dataclass(frozen=True, slots=True)
class Start:
    """What the model starts from: the composer's reply, and its own previous one with what the checks found in it."""

    prepared: Reply = field(default_factory=Reply)
    previous: Reply | None = None
    findings: tuple[Finding, ...] = ()


FROM_NOTHING = Start()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an outcome is not a draft: a short code from docs/drafts.md and words for people."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer."""

    reply: Reply
    actions: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarify:
    """One question, because the answer depends on it."""

    reply: Reply
    reason: Reason
    actions: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """Somebody else must answer. The reply, if any, is approved holding text or says where the person is helped."""

    team: str
    reason: Reason
    reply: Reply = field(default_factory=Reply)


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nothing should be said; a courtesy may be offered all the same."""

    reason: Reason
    reply: Reply = field(default_factory=Reply)


@dataclass(frozen=True, slots=True)
class Hold:
    """Part of an incident: answered with the others, by one approved text."""

    incident: str
    reason: Reason
    reply: Reply = field(default_factory=Reply)


Outcome = Draft | Clarify | HandOver | NoReply | Hold


class Writer(StrEnum):
    """Who wrote a draft."""

    MODEL = "model"
    COMPOSER = "composer"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the model endpoint counted."""

    prompt: int = 0
    completion: int = 0


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """Everything a turn saw and did; this is what the transcript keeps.

    `requests` are the masked bodies as they left for the model endpoint, byte for byte (rule 8). `cost` is in units of
    the account's currency, from the configured prices. `timings_ms` holds total, gather, model and checks.
    `outages` are the ports that could not be read; `notes` say so, too. `tool_calls` are all that were made, ahead of
    the writing and by the model; `passages` those of the documents that are among the evidence; `model` was asked.
    """

    id: str
    channel: str
    brand: str | None
    language: str
    target_post: str
    identity: Identity
    intent: str | None
    outcome: Outcome
    evidence: tuple[Evidence, ...]
    written_by: Writer
    started_at: datetime
    model_calls: int = 0
    tokens: Tokens = Tokens()
    cost: float = 0.0
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    requests: tuple[bytes, ...] = ()
    notes: tuple[str, ...] = ()
    outages: tuple[Outage, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    passages: tuple[Passage, ...] = ()
    model: str | None = None
