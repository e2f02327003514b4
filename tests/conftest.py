"""What holds for every test: no model is configured, nothing of the machine's environment counts, no outside socket."""

import os

import pytest
from hypothesis import Phase, settings

# `make test` tries the same cases every time, and says at once what failed: the search for a smaller example of a
# failure outlasts the time limit. How long a case takes tells of the machine and fails nothing.
# `pytest --hypothesis-profile=explore` tries others, and searches.
settings.register_profile("suite", derandomize=True, phases=(Phase.explicit, Phase.generate), deadline=None)
settings.register_profile("explore", print_blob=True)
settings.load_profile("suite")

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.dialects", "tests.fixtures.chroma"]


def pytest_addoption(parser: pytest.Parser):
    parser.addoption("--api-examples", type=int, default=3, help="made-up requests for each operation of the API")


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch):
    """A developer's endpoint must never be asked by a test, nor their home be written to."""
    for name in os.environ:
        if name.startswith(("DESKSIDE_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
