"""What a person can mend is said in a line, with the exit code that says whose turn it is."""

from pathlib import Path

import pytest

from tests.integration.commands.conftest import Run

DRAFT = ("draft", "--channel", "x", "--handle", "mo", "--text", "where is it", "--json")


def test_a_home_that_is_a_file_is_refused(deskside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "home").write_text("")
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path / "home"))
    done = deskside(*DRAFT)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert str(tmp_path / "home") in done.err


def test_a_database_that_is_none_is_refused(deskside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "deskside.db").write_text("not a database")
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path))
    done = deskside(*DRAFT)
    assert done.code == 1
    assert "database" in done.err


def test_a_setting_that_cannot_be_read_is_a_wrong_call_and_is_not_repeated(
    deskside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path))
    monkeypatch.setenv("DESKSIDE_MODEL_CONCURRENCY", "hunter2")
    done = deskside(*DRAFT)
    assert done.code == 2
    assert "MODEL_CONCURRENCY" in done.err.upper()
    assert "hunter2" not in done.err
