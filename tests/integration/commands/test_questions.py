"""`deskside questions`: who would be asked what, without anything that serves."""

import json
from pathlib import Path

import pytest

from tests.integration.commands.conftest import FILES, Run

QUESTIONS = {
    "questions": [
        {
            "id": "use",
            "text": {"en": "What is the {product} for?"},
            "why": "Advice depends on it.",
            "fact": "main_use",
            "purpose": "advice",
            "worth": 5,
            "ask_when": {"moment": "delivered"},
            "cap_per_day": 1,
        }
    ]
}
AT = ("--at", "2026-11-06T12:00:00")


def _arrived(number: int, who: str) -> dict[str, object]:
    shipment = {"id": "S1", "lines": ["1"], "delivered_at": "2026-11-01T09:00:00Z", "promised": "2026-11-02"}
    line = {"id": "1", "title": "Fir Stove", "quantity": 1, "unit_price": 4900}
    told = {"id": f"P-{number}", "brand": "pine", "customer": who, "status": "delivered", "currency": "GBP"}
    return {**told, "lines": [line], "shipments": [shipment]}


@pytest.fixture
def asked(deskside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `deskside` over three customers, two of whom something arrived for."""
    for folder in ("knowledge", "home", "shop"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DESKSIDE_KNOWLEDGE", str(tmp_path / "knowledge"))
    (tmp_path / "knowledge" / "brands.yaml").write_text(FILES["brands.yaml"], encoding="utf-8")
    # JSON is YAML
    (tmp_path / "knowledge" / "questions.yaml").write_text(json.dumps(QUESTIONS), encoding="utf-8")
    people = ({"id": f"C-{number}", "brand": "pine", "name": "Ben Cole", "language": "en"} for number in (1, 2, 3))
    orders = (_arrived(number, f"C-{number}") for number in (2, 3))
    for name, rows in (("customers", people), ("orders", orders)):
        (tmp_path / "shop" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert deskside("import", str(tmp_path / "shop")).code == 0
    return deskside


def test_why_says_which_question_and_of_the_others_why_not(asked: Run):
    ben = asked("questions", "why", "--customer", "C-2", *AT)
    assert ben.code == 0, ben.err
    assert "would be asked use: “What is the Fir Stove for?”" in ben.out
    assert "because Fir Stove (P-2) arrived on 1 November 2026" in ben.out
    told = json.loads(asked("questions", "why", "--customer", "C-1", *AT, "--json").out)
    assert (told["question"], told["why_none"]) == (None, "no question fits them now")
    assert told["not_asked"] == [{"id": "use", "because": [], "against": ["no goods of theirs with delivered lately"]}]
    stranger = asked("questions", "why", "--customer", "C-9")
    assert (stranger.code, stranger.out, stranger.err) == (1, "", "there is no customer C-9\n")


def test_the_table_has_everybody_and_keeps_to_the_cap(asked: Run):
    lines = asked("questions", "table", *AT).out.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["C-1", "–"], ["C-2", "use"], ["C-3", "–"]]
    assert lines[2].endswith("its cap for today is reached")
    assert lines[4:] == ["use: 1 of 2 customers whom it would fit", "no question: 2 of 3 customers"]
    rows = json.loads(asked("questions", "table", "--brand", "pine", *AT, "--json").out)
    assert [row["customer"] for row in rows] == ["C-1", "C-2", "C-3"]
    assert asked("questions", "table", "--brand", "oak", *AT).err == "there are no customers\n"
