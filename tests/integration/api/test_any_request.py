"""Whatever anybody sends, to any route: never a fault of ours, and always an answer as the description says.

Requests are made from the description itself, those that fit it and those that do not, a third about records that
there are. `--api-examples 200` makes more of them.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.channels import signatures
from server.staff.roles import Role
from tests.integration.api.page_routes import PAGES
from tests.integration.api.records import BRANDS, NOW, seen
from tests.integration.api.route import Open
from tests.integration.api.table import ROUTES
from tests.integration.api.world import ADDRESS, NOBODY, SECRET, Who, World, everybody, opened, person

OURS = BRANDS[0]
ADMIN = person(Role.ADMIN)
OTHERS = [who for who in (NOBODY, *everybody()) if who != ADMIN]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What is not in the description: the description itself, the pages, and what is for this machine alone.
DESCRIBED = [
    name
    for name in ROUTES
    if name not in PAGES and not name.endswith((" /metrics", "/openapi.json")) and "/local/" not in name
]

Ask = Callable[[Who, Case], httpx.Response]


@pytest.fixture(scope="module")
def description(app: FastAPI) -> Any:
    return schemathesis.openapi.from_dict(app.openapi())


@pytest.fixture
def ask(app: FastAPI, filled: Path, tmp_path: Path) -> Iterator[Ask]:
    """Sends a made-up request as somebody; all within one event loop."""
    file = tmp_path / "deskside.db"
    shutil.copy(filled, file)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        world = runner.run(stack.enter_async_context(opened(app, file)))

        yield lambda who, case: runner.run(_send(world, who, case))
        runner.run(stack.aclose())


async def _send(world: World, who: Who, case: Case) -> httpx.Response:
    made = requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare()
    url, body = str(made.url), made.body or b""
    shown = {"authorization", "cookie", "x-csrf-token"}  # who they are is for us to say
    headers = {name: value for name, value in made.headers.items() if name.lower() not in shown} | dict(who.headers)
    if url.endswith(f"/webhooks/{OURS}-x"):
        content = body if isinstance(body, bytes) else body.encode()
        headers[signatures.HEADER] = signatures.sign(SECRET, content, now=NOW)
    return await world.http.request(str(made.method), url, content=body, headers=headers)


def test_every_operation_is_tried(app: FastAPI):
    paths = app.openapi()["paths"]
    assert {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods} == set(DESCRIBED)


@pytest.mark.parametrize("name", DESCRIBED)
def test_any_request_gets_an_answer_that_is_described(
    description: Any, ask: Ask, name: str, pytestconfig: pytest.Config
):
    method, path = name.split(" ")
    operation = description[path][method]
    ours = ROUTES[name].request(OURS)
    made_up = [
        operation.as_strategy(GenerationMode.POSITIVE, path_parameters=dict(ours.ids)).map(_as_it_stands),
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE),
    ]

    @settings(
        max_examples=pytestconfig.getoption("--api-examples"),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(made_up), st.sampled_from(OTHERS))
    def expect_what_is_described(case: Case, who: Who) -> None:
        for sender in (NOBODY,) if ROUTES[name].needs is Open.TO_A_SECRET else (ADMIN, who):
            case.validate_response(ask(sender, case), checks=CHECKS)

    expect_what_is_described()


def _as_it_stands(case: Case) -> Case:
    """Let a decision be of the draft as it stands, which no request that is made up would hit."""
    name = (case.path_parameters or {}).get("draft", "").rpartition("_")[2]
    if isinstance(case.body, dict) and "digests" in case.body:
        case.body |= seen(OURS, name)
    return case
