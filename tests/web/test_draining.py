"""A process that is told to stop, behind a load balancer that has to see it first."""

import asyncio

import httpx
import pytest

from tests.fixtures.programs import DESKSIDE, Program, free_port
from tests.integration.commands.conftest import FILES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
async def serving(tmp_path):
    port = str(free_port())
    knowledge = tmp_path / "knowledge"
    for name, text in FILES.items():
        (knowledge / name).parent.mkdir(parents=True, exist_ok=True)
        (knowledge / name).write_text(text, encoding="utf-8")
    environment = {
        "DESKSIDE_HOME": str(tmp_path / "home"),
        "DESKSIDE_KNOWLEDGE": str(knowledge),
        "DESKSIDE_DRAIN_SECONDS": "3",
    }
    program = Program(
        *(*DESKSIDE, "serve", "--port", port),
        log=tmp_path / "log",
        environment=environment,
        address=f"http://127.0.0.1:{port}",
    )
    await program.started()
    yield program
    program.kill()


async def test_it_says_that_nothing_should_be_sent_and_answers_what_is(serving):
    stopped = asyncio.create_task(asyncio.to_thread(serving.stop))
    async with httpx.AsyncClient(base_url=serving.address, trust_env=False, timeout=10) as http:
        while (ready := await http.get("/readyz")).status_code != 503:
            assert not stopped.done()
        assert ready.json()["parts"] == {"process": "stopping"}
        async with httpx.AsyncClient(base_url=serving.address, trust_env=False, timeout=10) as another:
            assert (await another.get("/healthz")).status_code == 200
            refused = await another.post("/api/v1/sign-in", json={"email": "nobody@pine.example", "password": "x" * 12})
        assert refused.status_code == 401, "the database is asked as ever"
    assert await stopped == 0, serving.log()[-3000:]
