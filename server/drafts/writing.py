"""A turn's record as JSON, field for field as docs/drafts.md describes it."""

from datetime import UTC
from typing import Any

from assistant.outcome import Claim, Clarify, Draft, Finding, HandOver, Hold, NoReply, Outcome, TurnRecord
from tools.context import Proposal
from tools.evidence import Evidence
from tools.ports import Outage

_NAMES: dict[type[Outcome], str] = {
    Draft: "draft",
    Clarify: "clarify",
    HandOver: "hand_over",
    NoReply: "no_reply",
    Hold: "hold",
}


def outcome_name(outcome: Outcome) -> str:
    """`draft`, `clarify`, `hand_over`, `no_reply` or `hold`."""
    return _NAMES[type(outcome)]


def record_as_json(record: TurnRecord) -> dict[str, Any]:
    """The whole record but the masked requests, which stay on the transcript."""
    outcome, reply = record.outcome, record.outcome.reply
    return {
        "id": record.id,
        "channel": record.channel,
        "brand": record.brand,
        "language": record.language,
        "target_post": record.target_post,
        "customer": {"id": record.identity.customer, "known": record.identity.known.value},
        "intent": record.intent,
        "outcome": outcome_name(outcome),
        "reason": None if isinstance(outcome, Draft) else {"code": outcome.reason.code, "words": outcome.reason.words},
        "team": outcome.team if isinstance(outcome, HandOver) else None,
        "incident": outcome.incident if isinstance(outcome, Hold) else None,
        "public_text": reply.public_text,
        "private_text": reply.private_text,
        "claims": [claim_as_json(item) for item in reply.claims],
        "evidence": [evidence_as_json(item) for item in record.evidence],
        "findings": [finding_as_json(item) for item in reply.findings],
        "one_click": reply.one_click and isinstance(outcome, Draft | Clarify),
        "actions": [_action(item) for item in outcome.actions] if isinstance(outcome, Draft | Clarify) else [],
        "written_by": record.written_by.value,
        "model_calls": record.model_calls,
        "tokens": {"prompt": record.tokens.prompt, "completion": record.tokens.completion},
        "cost": record.cost,
        "timings_ms": {name: round(value, 2) for name, value in record.timings_ms.items()},
        "notes": list(record.notes),
        "outages": [_outage(item) for item in record.outages],
    }


def claim_as_json(item: Claim) -> dict[str, Any]:
    """A statement of a draft."""
    return {
        "part": item.part.value,
        "sentence": item.sentence,
        "kind": item.kind.value,
        "evidence": list(item.evidence),
    }


def evidence_as_json(item: Evidence) -> dict[str, Any]:
    """A fact with its number."""
    return {
        "id": item.id,
        "kind": item.kind.value,
        "source": item.source,
        "ref": item.ref,
        "text": item.text,
        "visibility": item.visibility.value,
        "as_of": item.as_of.isoformat(),
    }


def finding_as_json(item: Finding) -> dict[str, Any]:
    """What a check says of a sentence."""
    return {
        "rule": item.rule,
        "severity": item.severity.value,
        "part": item.part.value,
        "sentence": item.sentence,
        "reason": item.reason,
    }


def _outage(item: Outage) -> dict[str, Any]:
    return {
        "port": item.port,
        "since": item.since.astimezone(UTC).isoformat() if item.since else None,
        "as_of": item.as_of.astimezone(UTC).isoformat() if item.as_of else None,
    }


def _action(item: Proposal) -> dict[str, Any]:
    return {
        "type": item.type,
        "arguments": dict(item.arguments),
        "reason": item.reason,
        "evidence": list(item.evidence),
    }
