"""`deskside demo`: what it says is its result; what it logs is not."""

import logging
from collections.abc import Callable

import pytest

from retrieval.lexical import LexicalIndex
from server.demo.far_side import FarSide
from server.settings import Settings
from tests.integration.commands.conftest import Run


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fill(settings: Settings, address: str) -> list[tuple[str, str, str]]:
        return [("rep", "Robin", f"{address}/sign-in?link=once")]

    monkeypatch.setattr("server.web.demo._fill", fill)


Told = Callable[[str], None]


@pytest.mark.usefixtures("filled")
def test_its_links_are_its_result_and_what_it_does_meanwhile_is_not(deskside: Run, monkeypatch: pytest.MonkeyPatch):
    def start(settings: Settings, *, on_listening: Told, on_ready: Told, far_side: FarSide) -> None:
        on_listening("http://127.0.0.1:8123")
        on_ready("http://127.0.0.1:8123")
        raise SystemExit(0)

    monkeypatch.setattr("server.web.demo.serve", start)
    done = deskside("demo", "--port", "8123")
    assert "http://127.0.0.1:8123/sign-in?link=once" in done.out
    assert "sign-in?" not in done.err
    filling, listening = done.err.splitlines()
    assert filling.startswith("Filling")
    assert "when it is ready" in listening


@pytest.mark.usefixtures("filled")
def test_no_link_is_given_before_anybody_is_let_in_by_it(deskside: Run, monkeypatch: pytest.MonkeyPatch):
    def start(settings: Settings, *, on_listening: Told, on_ready: Told, far_side: FarSide) -> None:
        on_listening("http://127.0.0.1:8123")
        raise SystemExit(0)

    monkeypatch.setattr("server.web.demo.serve", start)
    assert deskside("demo", "--port", "8123").out == ""


def test_the_lexical_index_logs_nothing_of_its_own(caplog: pytest.LogCaptureFixture):
    caplog.handler.setLevel(logging.DEBUG)
    LexicalIndex(["Returns within 60 days", "Repairs"]).scores("returns")
    assert [record for record in caplog.records if record.name == "bm25s"] == []
