"""How good the drafts of the demo inbox are, measured against what a person wrote down as a good answer beforehand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.outcome import Severity, TurnRecord, Writer
from server.drafts.reading import read_threads
from server.drafts.service import draft_all
from server.drafts.writing import outcome_name
from server.evals.cases import DANGER_CODES, read_every_case
from server.json_lines import read_lines
from server.settings import Settings
from server.shop.invented.world import NOW as DEMO_NOW
from server.wiring import fill_demo, open_desk
from tools.evidence import EvidenceKind


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a good answer to one post is. docs/drafts.md describes the fields of the inbox file."""

    id: str
    kind: str
    language: str
    outcome: str
    reason: str | None
    team: str | None
    intent: str | None
    policies: tuple[str, ...]
    must_appear: tuple[Mapping[str, Any], ...]
    must_not: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One draft against its expectation. `policy` is None where no policy is expected."""

    expected: Expectation
    record: TurnRecord
    outcome: bool
    policy: bool | None
    missing: tuple[str, ...]
    forbidden: tuple[str, ...]
    danger_missed: bool


@dataclass(slots=True)
class _Tally:
    n: int = 0
    outcome: int = 0
    policy_expected: int = 0
    policy: int = 0
    facts_expected: int = 0
    facts: int = 0
    forbidden: int = 0
    dangers: int = 0
    dangers_missed: int = 0
    findings: int = 0
    by_model: int = 0


def read_expectations(inbox: Path) -> dict[str, Expectation]:
    """The expectations of an inbox file by id.

    Raises:
        BadCases: There are no lines; or naming the first one that does not say what a good answer is.
    """
    expected = read_every_case(inbox, _expectation, expected="a thread with what a good answer is")
    return {each.id: each for each in expected}


def _expectation(raw: Mapping[str, Any]) -> Expectation:
    want = raw["expect"]
    return Expectation(
        id=str(raw["id"]),
        kind=raw["kind"],
        language=raw["language"],
        outcome=want["outcome"],
        reason=want.get("reason"),
        team=want.get("team"),
        intent=want.get("intent"),
        policies=tuple(want.get("policy", ())),
        must_appear=tuple(want.get("must_appear", ())),
        must_not=tuple(
            item if isinstance(item, dict) else {"part": "any", "text": item} for item in want.get("must_not", ())
        ),
    )


async def evaluate_drafts(settings: Settings, inbox: Path | None = None) -> dict[str, Any]:
    """Draft every thread of an inbox, over the demo shop, and hold it against its expectation.

    Args:
        settings: The home to use; the demo shop is filled into it if it is not there yet. With a model configured the
            drafts are the model's, else the composer's.
        inbox: An inbox file; the demo's unless given.

    Returns:
        The figures of `tally`, the time per thread and, where a model wrote, how its drafts fared in the checks.
    """
    inbox = inbox or settings.knowledge / "demo" / "inbox.jsonl"
    expectations = read_expectations(inbox)
    lines = read_threads(read_lines(inbox), now=DEMO_NOW)
    await fill_demo(settings)
    async with open_desk(settings) as desk:
        records = [
            record async for record in draft_all(lines, desk, at_once=1, now=DEMO_NOW) if isinstance(record, TurnRecord)
        ]
    figures = tally(judge(record, expectations[record.id]) for record in records)
    times = sorted(record.timings_ms["total"] for record in records)
    figures["latency_ms"] = {"p50": round(times[len(times) // 2], 1), "p95": round(times[int(len(times) * 0.95)], 1)}
    if settings.model is not None:
        figures["model"] = _how_the_model_fared(records)
    return figures


def _how_the_model_fared(records: Sequence[TurnRecord]) -> dict[str, Any]:
    """Of the drafts that a model was asked for: kept without repair, kept after repair, replaced by the composer's."""
    asked = [record for record in records if record.model_calls]
    kept = [record for record in asked if record.written_by is Writer.MODEL]
    repaired = [record for record in kept if "repaired" in record.notes]
    return {
        "asked": len(asked),
        "kept_at_once": len(kept) - len(repaired),
        "kept_after_repair": len(repaired),
        "replaced": len(asked) - len(kept),
        "one_click": sum(record.outcome.reply.one_click for record in kept),
        "calls": sum(record.model_calls for record in asked),
        "tokens": {
            "prompt": sum(record.tokens.prompt for record in asked),
            "completion": sum(record.tokens.completion for record in asked),
        },
    }


def judge(record: TurnRecord, expected: Expectation) -> Verdict:
    """Hold one record against what was expected of it."""
    outcome = outcome_name(record.outcome)
    texts = {"public": record.outcome.reply.public_text or "", "private": record.outcome.reply.private_text or ""}
    danger = expected.reason in DANGER_CODES
    return Verdict(
        expected=expected,
        record=record,
        outcome=outcome == expected.outcome,
        policy=bool(set(expected.policies) & _policies_used(record)) if expected.policies else None,
        missing=tuple(
            " | ".join(wanted["any_of"])
            for wanted in expected.must_appear
            if not _says(texts, wanted.get("part", "any"), wanted["any_of"])
        ),
        forbidden=tuple(
            banned["text"] for banned in expected.must_not if _says(texts, banned["part"], [banned["text"]])
        ),
        danger_missed=danger and outcome != "hand_over",
    )


def _says(texts: Mapping[str, str], part: str, any_of: Sequence[str]) -> bool:
    where = " ".join(texts.values()) if part == "any" else texts[part]
    return any(words.casefold() in where.casefold() for words in any_of)


def _policies_used(record: TurnRecord) -> set[str]:
    """The documents that the texts rest on; for an outcome without such a text, those that were found."""
    cited = {number for claim in record.outcome.reply.claims for number in claim.evidence}
    policies = [item for item in record.evidence if item.kind is EvidenceKind.POLICY]
    used = [item for item in policies if item.id in cited]
    if not used and outcome_name(record.outcome) in {"hand_over", "no_reply", "hold"}:
        used = policies
    return {item.ref.removeprefix("policy:").split("#")[0] for item in used}


def tally(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """The figures as a JSON-able table: over all, by kind, by language, and every draft that fell short."""
    verdicts = list(verdicts)
    total, kinds, languages = _Tally(), defaultdict[str, _Tally](_Tally), defaultdict[str, _Tally](_Tally)
    for verdict in verdicts:
        for table in (total, kinds[verdict.expected.kind], languages[verdict.expected.language]):
            _count(table, verdict)
    return {
        **_figures(total),
        "by_kind": {name: _figures(table) for name, table in sorted(kinds.items())},
        "by_language": {name: _figures(table) for name, table in sorted(languages.items())},
        "short": [_shortfall(verdict) for verdict in verdicts if _falls_short(verdict)],
    }


def _count(table: _Tally, verdict: Verdict) -> None:
    table.n += 1
    table.outcome += verdict.outcome
    if verdict.policy is not None:
        table.policy_expected += 1
        table.policy += verdict.policy
    table.facts_expected += len(verdict.expected.must_appear)
    table.facts += len(verdict.expected.must_appear) - len(verdict.missing)
    table.forbidden += len(verdict.forbidden)
    table.dangers += verdict.expected.reason in DANGER_CODES
    table.dangers_missed += verdict.danger_missed
    table.findings += sum(f.severity is not Severity.INFO for f in verdict.record.outcome.reply.findings)
    table.by_model += verdict.record.written_by is Writer.MODEL


def _figures(table: _Tally) -> dict[str, Any]:
    return {
        "n": table.n,
        "outcome_right": _ratio(table.outcome, table.n),
        "policy_right": _ratio(table.policy, table.policy_expected),
        "facts_there": _ratio(table.facts, table.facts_expected),
        "must_nots": table.forbidden,
        "dangers": table.dangers,
        "dangers_missed": table.dangers_missed,
        "findings": table.findings,
        "by_model": _ratio(table.by_model, table.n),
    }


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _falls_short(verdict: Verdict) -> bool:
    return not verdict.outcome or verdict.policy is False or bool(verdict.missing or verdict.forbidden)


def _shortfall(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.expected.id,
        "kind": verdict.expected.kind,
        "expected": verdict.expected.outcome,
        "outcome": outcome_name(verdict.record.outcome),
        "expected_intent": verdict.expected.intent,
        "intent": verdict.record.intent,
        "expected_policies": list(verdict.expected.policies),
        "policies": sorted(_policies_used(verdict.record)),
        "missing": list(verdict.missing),
        "forbidden": list(verdict.forbidden),
        "public_text": verdict.record.outcome.reply.public_text,
        "private_text": verdict.record.outcome.reply.private_text,
    }


def print_figures(figures: Mapping[str, Any]) -> None:
    """The figures as tables, and every draft that fell short, for a person to read."""
    console = Console()
    console.print(_table("all", {"all": figures}))
    console.print(_table("kind", figures["by_kind"]))
    console.print(_table("language", figures["by_language"]))
    for short in figures["short"]:
        wrong = [
            f"{short['expected']} expected, {short['outcome']}" if short["expected"] != short["outcome"] else "",
            f"intent {short['expected_intent']} expected, {short['intent']}",
            f"policies {short['expected_policies']} expected, {short['policies']}",
            f"missing: {short['missing']}" if short["missing"] else "",
            f"must not: {short['forbidden']}" if short["forbidden"] else "",
        ]
        console.print(f"[bold]{short['id']}[/] {short['kind']}: {'; '.join(filter(None, wrong))}")
        console.print(Text(f"    everyone: {short['public_text']}\n    private: {short['private_text']}", style="dim"))
    console.print({name: figures[name] for name in ("latency_ms", "model") if name in figures})


def _table(title: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    names = ("n", "outcome_right", "policy_right", "facts_there", "must_nots", "dangers_missed", "findings", "by_model")
    table = Table(title, *(name.replace("_", " ") for name in names))
    for name, row in rows.items():
        table.add_row(name, *(_say(row[column]) for column in names))
    return table


def _say(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0%}" if isinstance(value, float) else str(value)
