"""What a person can mend is said in a line, with the exit code that says whose turn it is."""

from pathlib import Path

import pytest

from server.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["deskside", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


DRAFT = ("draft", "--channel", "x", "--handle", "mo", "--text", "where is it", "--json")


def test_a_home_that_is_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "home").write_text("")
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path / "home"))
    assert run(monkeypatch, *DRAFT) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert str(tmp_path / "home") in err


def test_a_database_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "deskside.db").write_text("not a database")
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path))
    assert run(monkeypatch, *DRAFT) == 1
    assert "database" in capsys.readouterr().err


def test_a_setting_that_cannot_be_read_is_a_wrong_call_and_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path))
    monkeypatch.setenv("DESKSIDE_MODEL_CONCURRENCY", "hunter2")
    assert run(monkeypatch, *DRAFT) == 2
    err = capsys.readouterr().err
    assert "MODEL_CONCURRENCY" in err.upper()
    assert "hunter2" not in err
