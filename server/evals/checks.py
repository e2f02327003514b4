"""How well the checks tell right sentences from wrong ones, measured on sentences of which that is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.checks import Facts, check_sentence
from assistant.outcome import Claim, ClaimKind, Finding, Part, Severity
from server.evals.cases import read_cases
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Known

OWN_SENTENCES = Path(__file__).parents[2] / "tests" / "evals" / "checks.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, what it rests on, and whether something is wrong with it."""

    id: str
    claim: Claim
    evidence: tuple[Evidence, ...]
    bad: bool
    kind: str


def evaluate_checks(file: Path | None = None) -> dict[str, Any]:
    """Check every sentence of a JSONL file (ours if none is named) and count what is flagged.

    Lines that cannot be read are named under `errors` and left out of the counts.

    Raises:
        BadCases: There is no such file.
    """
    cases, bad = read_cases(file or OWN_SENTENCES, as_case)
    results = [(case, flagged(findings_of(case))) for case in cases]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"n": 0, "flagged": 0})
    for case, hit in results:
        counts[case.kind]["n"] += 1
        counts[case.kind]["flagged"] += hit
    report: dict[str, Any] = {
        "n": len(cases),
        "flagged_of_bad": _share([hit for case, hit in results if case.bad]),
        "flagged_of_ok": _share([hit for case, hit in results if not case.bad]),
        "by_kind": dict(sorted(counts.items())),
    }
    return {**report, "errors": [line.as_json() for line in bad]} if bad else report


def as_case(fields: Mapping[str, Any]) -> Case:
    """A line of a file of sentences; docs/checks.md names one to copy the form of."""
    evidence = tuple(_evidence(number, item) for number, item in enumerate(fields.get("evidence") or (), start=1))
    text = str(fields["sentence"])
    kind = ClaimKind.QUESTION if text.rstrip().endswith("?") else ClaimKind.FACT
    claim = Claim(Part(fields["part"]), text, kind, tuple(item.id for item in evidence))
    bad = {"ok": False, "flag": True}[fields["expect"]]
    return Case(str(fields["id"]), claim, evidence, bad, str(fields.get("kind", "unnamed")))


def findings_of(case: Case) -> tuple[Finding, ...]:
    """What the checks say of a sentence that may rest on all the evidence given, told to a verified customer."""
    now = max((item.as_of for item in case.evidence), default=datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    return check_sentence(case.claim, Facts(case.evidence, now, known=Known.VERIFIED))


def flagged(findings: Iterable[Finding]) -> bool:
    """Whether a person would have to look."""
    return any(finding.severity in (Severity.BLOCK, Severity.WARN) for finding in findings)


def _evidence(number: int, fields: Mapping[str, Any]) -> Evidence:
    as_of = datetime.fromisoformat(str(fields["as_of"]))
    return Evidence(
        str(fields.get("id") or f"E{number}"),
        EvidenceKind(fields["kind"]),
        str(fields.get("source") or ""),
        str(fields.get("ref") or number),
        str(fields["text"]),
        Visibility(fields["visibility"]),
        as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC),
    )


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0
