"""What holds for every test: no model is configured, nothing of the machine's environment counts, no outside socket."""

import os

import pytest

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.chroma"]


def pytest_addoption(parser: pytest.Parser):
    parser.addoption("--api-examples", type=int, default=15, help="made-up requests for each operation of the API")


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch):
    """A developer's endpoint must never be asked by a test, nor their home be written to."""
    for name in os.environ:
        if name.startswith(("DESKSIDE_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
