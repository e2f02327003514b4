"""The promise of the checks, on sentences of which it is known whether they are right."""

import json

import pytest

from server.evals.cases import read_cases
from server.evals.checks import OWN_SENTENCES, as_case, evaluate_checks
from tests.evals.make_checks import lines

BLIND = OWN_SENTENCES.with_name("blind_a.jsonl")
BLIND_B = OWN_SENTENCES.with_name("blind_b.jsonl")
BLIND_C = OWN_SENTENCES.with_name("blind_c.jsonl")
BLIND_D = OWN_SENTENCES.with_name("blind_d.jsonl")
BLIND_E = OWN_SENTENCES.with_name("blind_e.jsonl")
PLAIN_D = ("amount", "currency", "date", "duration", "email", "id", "number", "product", "unit", "url")
RETOLD = OWN_SENTENCES.with_name("retold.jsonl")


@pytest.fixture(scope="module")
def report():
    return evaluate_checks()


@pytest.fixture(scope="module")
def blind():
    return evaluate_checks(BLIND)


def share(report, prefix):
    kinds = [counts for kind, counts in report["by_kind"].items() if kind.startswith(prefix)]
    return sum(counts["flagged"] for counts in kinds) / sum(counts["n"] for counts in kinds)


def test_the_file_is_what_the_rules_make_of_the_right_sentences():
    written = [json.loads(line) for line in OWN_SENTENCES.read_text(encoding="utf-8").splitlines()]
    assert written == list(lines())


@pytest.mark.slow
def test_there_are_enough_sentences_of_both_sorts(report):
    right = sum(counts["n"] for kind, counts in report["by_kind"].items() if kind.startswith("ok_"))
    assert right >= 400
    assert report["by_kind"]["ok_people"]["n"] >= 100
    assert report["n"] - right >= 1200


@pytest.mark.slow
def test_plain_changes_are_found(report):
    assert share(report, "plain_") >= 0.995


@pytest.mark.slow
def test_right_values_in_wrong_places_are_found(report):
    assert share(report, "attachment_") >= 0.95


@pytest.mark.slow
def test_right_sentences_are_left_alone(report):
    assert report["flagged_of_ok"] <= 0.01


@pytest.mark.slow
def test_sentences_written_by_others_are_told_apart_as_well_as_the_page_on_checks_says(blind):
    assert share(blind, "plain_") >= 0.99
    assert share(blind, "attachment") >= 0.73
    assert blind["flagged_of_ok"] <= 0.02


@pytest.mark.slow
def test_right_sentences_retold_are_mostly_left_alone():
    assert evaluate_checks(RETOLD)["flagged_of_ok"] <= 0.06


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "right", "plain", "attachment"),
    [
        (BLIND_B, 0.11, 0.98, 0.52),
        (BLIND_C, 0.03, 0.94, 0.76),
        (BLIND_D, 0.03, 0.98, 0.88),
        (BLIND_E, 0.01, 0.95, 0.81),
    ],
)
def test_sentences_that_were_met_once_are_not_lost_again(file, right, plain, attachment):
    report = evaluate_checks(file)
    assert report["flagged_of_ok"] <= right
    assert share(report, ("plain_", *(PLAIN_D if file in (BLIND_D, BLIND_E) else ()))) >= plain
    assert share(report, "attach") >= attachment


@pytest.mark.parametrize("file", [BLIND, BLIND_B, BLIND_C, BLIND_D, BLIND_E, RETOLD])
def test_every_line_of_the_other_files_can_be_read(file):
    assert read_cases(file, as_case)[1] == []


def test_a_line_that_cannot_be_read_is_named_and_left_out(tmp_path):
    file = tmp_path / "checks.jsonl"
    good = {"id": "a", "part": "private", "sentence": "Thanks!", "evidence": [], "expect": "ok", "kind": "ok"}
    file.write_text(json.dumps(good) + "\n{broken\n" + json.dumps({**good, "id": "b", "expect": "maybe"}) + "\n")
    report = evaluate_checks(file)
    assert report["n"] == 1
    assert [(error["id"], error["line"]) for error in report["errors"]] == [(None, 2), ("b", 3)]
