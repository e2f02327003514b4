import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.cli import main
from server.db import open_database
from tests.integration.publications.world import PUBLIC, World


@pytest.fixture
def deskside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path))

    def run(*arguments: str, code: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["deskside", "pause", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert (ended.value.code or 0) == code
        return capsys.readouterr().out

    return run


async def fill(home: Path) -> None:
    """A home with one text that is due."""
    engine = await open_database(home / "deskside.db")
    world = await World(engine).open()
    world.clock.now = datetime.now(UTC) - timedelta(days=1)
    await world.approve(PUBLIC)
    await engine.dispose()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    asyncio.run(fill(tmp_path))
    return tmp_path


def test_what_a_pause_holds_is_shown_before_it_is_lifted(home: Path, deskside):
    deskside("--channel", "x", "--reason", "recall")
    told = json.loads(deskside("--json"))
    assert (told["scope"], told["brand"], told["reason"]) == ("channel:x", None, "recall")
    held = json.loads(deskside("held", told["id"], "--json"))
    assert (held["part"], held["too_old"]) == ("public", True)
    assert held["id"] in deskside("lift", told["id"], "--yes")
    assert deskside() == ""


def test_a_pause_is_of_one_scope(home: Path, deskside):
    deskside("--all", "--channel", "x", code=2)
    deskside("--channel", "fax", code=1)
    deskside("held", "pause_nowhere", code=1)
    assert deskside() == ""
