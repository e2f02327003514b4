"""`deskside demo`: what it says is its result; what it logs is not."""

import logging
from collections.abc import Callable

import pytest

from retrieval.lexical import LexicalIndex
from server.settings import Settings
from tests.integration.commands.conftest import Run


def test_its_links_are_its_result(deskside: Run, monkeypatch: pytest.MonkeyPatch):
    async def filled(settings: Settings, address: str) -> list[tuple[str, str, str]]:
        return [("rep", "Robin", f"{address}/sign-in?link=once")]

    def listen(settings: Settings, *, on_listening: Callable[[str], None]) -> None:
        on_listening("http://127.0.0.1:8123")
        raise SystemExit(0)

    monkeypatch.setattr("server.web.demo._fill", filled)
    monkeypatch.setattr("server.web.demo.serve", listen)
    done = deskside("demo", "--port", "8123")
    assert "http://127.0.0.1:8123/sign-in?link=once" in done.out
    assert done.err == ""


def test_the_lexical_index_logs_nothing_of_its_own(caplog: pytest.LogCaptureFixture):
    caplog.handler.setLevel(logging.DEBUG)
    LexicalIndex(["Returns within 60 days", "Repairs"]).scores("returns")
    assert [record for record in caplog.records if record.name == "bm25s"] == []
