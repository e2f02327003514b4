"""Every line that is logged while a case is worked on names it."""

import asyncio
import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from server.jobs.waking import open_bell
from server.jobs.worker import Worker
from server.staff.roles import Role
from server.web.logging import JsonLine
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.http import over_http

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

RETURNS = "Can I return unused goods after 50 days?"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What Deskside logs, as it is written."""
    written = StringIO()
    handler, ours = logging.StreamHandler(written), logging.getLogger("server")
    handler.setFormatter(JsonLine())
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield written
    ours.removeHandler(handler)
    ours.setLevel(before)


def lines(log: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_job_that_fails_names_its_case(world: CaseWorld, log: StringIO):
    await world.post(RETURNS)
    world.wait()
    world.service.desk.ports.passages.search = None  # type: ignore[method-assign, assignment]
    async with open_bell(world.engine, "jobs") as bell:
        worker = Worker(world.service, bell)
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(30):
            while not lines(log):  # noqa: ASYNC110 - the worker writes it
                await asyncio.sleep(0.01)
        worker.stop()
        await running
    assert lines(log)[0]["case_id"] == (await world.case()).id


async def test_a_request_about_a_draft_names_its_case(world: CaseWorld, log: StringIO):
    draft = await world.drafted(RETURNS)
    async with over_http(world) as desk:
        await desk.get(person("rep", Role.REP), f"/drafts/{draft.id}")
        await desk.get(person("rep", Role.REP), "/drafts")
    one, many = (line for line in lines(log) if line["words"] == "request")
    assert one["case_id"] == draft.case
    assert "case_id" not in many
