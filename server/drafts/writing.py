"""A turn's record as JSON, field for field as docs/drafts.md describes it."""

import hashlib
from datetime import UTC
from typing import Any

from assistant.outcome import Claim, Clarify, Draft, Finding, HandOver, Hold, NoReply, Outcome, TurnRecord
from tools.calls import ToolCall
from tools.context import Proposal
from tools.evidence import Evidence
from tools.plain import plain
from tools.ports import Outage
from tools.records import Passage

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
    """The whole record but the masked requests, which only the transcript keeps."""
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
        "model": record.model,
        "model_calls": record.model_calls,
        "tokens": {"prompt": record.tokens.prompt, "completion": record.tokens.completion},
        "cost": record.cost,
        "timings_ms": {name: round(value, 2) for name, value in record.timings_ms.items()},
        "notes": list(record.notes),
        "outages": [_outage(item) for item in record.outages],
        "tool_calls": [call_as_json(item) for item in record.tool_calls],
        "passages": _passages(record),
    }


SEEN = ("tool_calls", "passages")
"""What of the JSON tells what a turn saw, beside the evidence: kept on the transcript, and not with the draft."""


def claim_as_json(item: Claim) -> dict[str, Any]:
    """A statement of a draft."""
    return {
        "part": item.part.value,
        "sentence": item.sentence,
        "kind": item.kind.value,
        "evidence": list(item.evidence),
    }


def evidence_as_json(item: Evidence) -> dict[str, Any]:
    """A fact with its number; of a policy also for whom it holds."""
    told = {
        "id": item.id,
        "kind": item.kind.value,
        "source": item.source,
        "ref": item.ref,
        "text": item.text,
        "visibility": item.visibility.value,
        "as_of": item.as_of.isoformat(),
    }
    return {**told, "holds_for": item.holds_for} if item.holds_for else told


def finding_as_json(item: Finding) -> dict[str, Any]:
    """What a check says of a sentence."""
    return {
        "rule": item.rule,
        "severity": item.severity.value,
        "part": item.part.value,
        "sentence": item.sentence,
        "reason": item.reason,
    }


def call_as_json(item: ToolCall) -> dict[str, Any]:
    """A call with what came back. Of passages it names those that were found: their words are evidence."""
    return {
        "name": item.name,
        "arguments": plain(item.arguments),
        "ahead": item.ahead,
        "result": _result(item.result),
        "outage": item.outage,
        "error": item.error,
        "ms": round(item.ms, 2),
    }


def _result(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Passage):
        return {"id": value.id, "relevance": round(value.relevance, 4)}
    if isinstance(value, list | tuple):
        return [_result(item) for item in value]
    return plain(value)


def _passages(record: TurnRecord) -> list[dict[str, Any]]:
    """Which version of which document was read: what it said, as a digest, and since and until when it held."""
    noted = {item.ref: item for item in record.evidence}
    seen = {f"policy:{passage.id}": passage for passage in record.passages}
    return [
        {
            "evidence": noted[ref].id,
            "id": passage.id,
            "document": passage.document,
            "title": passage.title,
            "digest": hashlib.sha256(noted[ref].text.encode()).hexdigest(),
            "effective_from": passage.effective_from.isoformat() if passage.effective_from else None,
            "effective_to": passage.effective_to.isoformat() if passage.effective_to else None,
        }
        for ref, passage in seen.items()
        if ref in noted
    ]


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
