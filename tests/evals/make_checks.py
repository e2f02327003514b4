"""Writes checks.jsonl: the right sentences of correct/*.yaml and the wrong ones that the rules make of them.

Run it from the repository's root: `.venv/bin/python -m tests.evals.make_checks`. The same files always give the same
lines. Ids begin with the file's name: the rounds were written one after another, each when the checks passed the ones
before, so that a round's first run tells how well they do on what they have not met.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.evals.corruption import Right, corrupt

HERE = Path(__file__).parent
AS_OF = "2026-11-20T12:00:00+00:00"
OTHER_NAMES = ("Falcon 65", "Borealis Shell", "Nimbus 9 Tent", "Garden Hose", "Pulse Speaker")


def lines() -> Iterator[dict[str, Any]]:
    """Every line of the file."""
    for file in sorted((HERE / "correct").glob("*.yaml")):
        groups = yaml.safe_load(file.read_text(encoding="utf-8"))
        for number, group in enumerate(groups, start=1):
            evidence = [_evidence(index, item) for index, item in enumerate(group["evidence"], start=1)]
            for right, way in _rights(f"{file.stem}-{number:02d}", group, evidence):
                yield from _of(right, way, evidence)


def _of(right: Right, way: str, evidence: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    base = {"part": right.part, "evidence": evidence}
    yield {"id": right.id, **base, "sentence": right.text, "expect": "ok", "kind": f"ok_{way}"}
    if not evidence:
        return
    for index, (kind, text) in enumerate(corrupt(right), start=1):
        yield {"id": f"{right.id}-x{index:02d}", **base, "sentence": text, "expect": "flag", "kind": kind}
    if right.part == "private" and right.is_record and re.search(r"\d", right.text):
        public = {"id": f"{right.id}-pub", "part": "public", "evidence": evidence, "sentence": right.text}
        yield {**public, "expect": "flag", "kind": "private_in_public"}


def _rights(prefix: str, group: dict[str, Any], evidence: list[dict[str, Any]]) -> Iterator[tuple[Right, str]]:
    texts = tuple(item["text"] for item in evidence)
    counter = 0
    for part in ("public", "private"):
        for language, ways in (group.get(part) or {}).items():
            for way, sentences in ways.items():
                for marked in sentences:
                    counter += 1
                    text = re.sub(r"\[\[|\]\]", "", marked)
                    names = tuple(group.get("names", ()))
                    is_record = any(item["kind"] == "record" for item in evidence) and not _is_policy(text, group)
                    name = f"{prefix}-{counter:02d}-{language}"
                    things = tuple(group.get("things", ()))
                    yield Right(name, text, marked, language, part, texts, is_record, names, things, OTHER_NAMES), way


def _is_policy(text: str, group: dict[str, Any]) -> bool:
    """Whether a sentence of a mixed group tells what holds for everybody."""
    policies = " ".join(item["text"] for item in group["evidence"] if item["kind"] != "record")
    records = " ".join(item["text"] for item in group["evidence"] if item["kind"] == "record")
    numbers = re.findall(r"\d+(?:[.,]\d+)*", text)
    return bool(policies) and not any(number in records and number not in policies for number in numbers)


def _evidence(index: int, item: dict[str, Any]) -> dict[str, Any]:
    visibility = item.get("visibility") or ("customer" if item["kind"] == "record" else "public")
    return {
        "id": f"E{index}",
        "kind": item["kind"],
        "source": item["source"],
        "ref": f"{item['kind']}:{index}",
        "text": item["text"],
        "visibility": visibility,
        "as_of": item.get("as_of", AS_OF),
    }


if __name__ == "__main__":
    with (HERE / "checks.jsonl").open("w", encoding="utf-8") as out:
        for line in lines():
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
