"""What `deskside eval screen` counts."""

import json
from pathlib import Path

import pytest

from assistant.screening.meaning import DangerRecogniser
from server.evals.cases import BadCases
from server.evals.screen import Case, Screened, count, find_by_words, read_posts, screen_case
from tests.fakes.vectors import HashVectors


def test_recall_is_counted_by_category_and_false_alarms_apart() -> None:
    report = count(
        [
            Screened(Case("1", "…", "legal"), "legal", "legal"),
            Screened(Case("2", "…", "legal"), None, "press"),
            Screened(Case("3", "…", "minor"), None, None),
            Screened(Case("4", "…", None), None, "minor"),
            Screened(Case("5", "…", None), None, None),
        ]
    )
    assert report["by_category"]["legal"] == {"n": 2, "words": 0.5, "both": 1.0}
    assert (report["recall_words"], report["recall"]) == (0.3333, 0.6667)
    assert (report["false_alarms_words"], report["false_alarms"]) == (0.0, 0.5)
    assert (report["missed"], report["flagged"]) == (["3"], ["4"])


def test_lines_that_cannot_be_read_are_named_and_noise_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    rows = [{"id": "a", "expect": "legal", "text": "see you in court"}, {"id": "b", "expect": "spam", "text": "win"}]
    file.write_text("\n".join([*map(json.dumps, rows), "{", '{"id": "d"}']), encoding="utf-8")
    cases, bad = read_posts(file)
    assert cases == [Case("a", "see you in court", "legal")]
    assert [(line.id, line.line) for line in bad] == [(None, 3), ("d", 4)]


def test_no_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match="does not exist"):
        read_posts(tmp_path / "none.jsonl")


async def test_words_are_counted_apart_from_meaning() -> None:
    recogniser = DangerRecogniser(HashVectors(), "hash-64")
    found = await screen_case(Case("1", "my lawyer will write to you", "legal"), recogniser)
    assert (found.words, found.both) == ("legal", "legal")
    assert find_by_words("where is my parcel") is None
