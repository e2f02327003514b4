"""What the API says of itself: every endpoint, as all parts bring them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from server.errors import NotSignedIn
from server.settings import Settings
from server.web.api_docs import FILE, write_docs
from server.web.app import PREFIX, make_app
from server.web.callers import Credentials
from tests.web.conftest import client

# Whoever calls these is nobody yet, or proves it otherwise: by a link, a password, a signature, the home's own file.
OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("POST", f"{PREFIX}/sign-in"),
    ("POST", f"{PREFIX}/sign-in/link"),
    ("POST", f"{PREFIX}/sign-out"),
    ("POST", f"{PREFIX}/panel-links/exchange"),
    ("POST", f"{PREFIX}/webhooks/{{account}}"),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory):
    return make_app(Settings(home=tmp_path_factory.mktemp("home"), address_rate=10_000))


@pytest.fixture(scope="module")
def description(app) -> dict[str, Any]:
    return app.openapi()


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_the_document_is_what_the_application_says(description):
    assert FILE.read_text(encoding="utf-8") == write_docs(description), "run python -m server.web.api_docs"


def test_every_endpoint_tells_what_it_does_and_how_it_refuses(description):
    for method, path, operation in operations(description):
        assert operation.get("description"), f"{method} {path} has no docstring"
        if path.startswith(PREFIX):
            assert {"401", "403", "404", "422", "429"} <= set(operation["responses"]), f"{method} {path}"


def test_every_reference_leads_somewhere(description):
    def check(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].rsplit("/", 1)[1] in description["components"]["schemas"]
            for part in node.values():
                check(part)
        elif isinstance(node, list):
            for part in node:
                check(part)

    check(description)


def test_operations_have_names_of_their_own(description):
    names = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(names) == len(set(names))


async def test_every_endpoint_that_is_not_listed_as_open_refuses_nobody(app, description, monkeypatch):
    async def nobody(*_: Any, **__: Any) -> None:
        raise NotSignedIn("sign in first")

    monkeypatch.setattr(Credentials, "identify", nobody)
    app.state.service = None
    let_in = set()
    async with client(app) as http:
        for method, path, _ in operations(description):
            if (method.upper(), path) not in OPEN:
                address = f"http://127.0.0.1:8000{re.sub('{[^}]+}', 'x', path)}"
                answer = await http.request(method, address, json={})
                if (answer.status_code, answer.json().get("code")) != (401, "not_signed_in"):
                    let_in.add((method.upper(), path, answer.status_code))
    assert not let_in
