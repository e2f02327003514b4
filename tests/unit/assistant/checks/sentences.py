"""Checks one sentence against evidence written out in the test."""

from datetime import UTC, datetime
from typing import Any

from assistant.case import Post, Role
from assistant.checks import Facts, check_sentence
from assistant.outcome import Claim, ClaimKind, Finding, Part
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Known

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record(text: str) -> Evidence:
    return _evidence(EvidenceKind.RECORD, text, Visibility.CUSTOMER)


def policy(text: str, visibility: Visibility = Visibility.PUBLIC) -> Evidence:
    return _evidence(EvidenceKind.POLICY, text, visibility)


def _evidence(kind: EvidenceKind, text: str, visibility: Visibility) -> Evidence:
    return Evidence("E1", kind, "", f"{kind}:1", text, visibility, NOW)


def spoken(text: str) -> tuple[Post, ...]:
    return (Post("1", "annwood", Role.CUSTOMER, NOW, text),)


def findings(
    sentence: str,
    *evidence: Evidence,
    part: Part = Part.PRIVATE,
    kind: ClaimKind = ClaimKind.FACT,
    **facts: Any,
) -> tuple[Finding, ...]:
    numbered = tuple(
        Evidence(f"E{n}", e.kind, e.source, f"{e.ref}{n}", e.text, e.visibility, e.as_of)
        for n, e in enumerate(evidence, 1)
    )
    known = facts.pop("known", Known.VERIFIED)
    claim = Claim(part, sentence, kind, tuple(item.id for item in numbered))
    return check_sentence(claim, Facts(evidence=numbered, now=facts.pop("now", NOW), known=known, **facts))


def rules(sentence: str, *evidence: Evidence, **facts: Any) -> set[str]:
    return {finding.rule for finding in findings(sentence, *evidence, **facts)}
