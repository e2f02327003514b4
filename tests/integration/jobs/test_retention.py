from datetime import timedelta

import pytest

from server.db import writing
from server.jobs.retention import sweep
from server.models import JobRow
from server.settings import Settings
from tests.fakes.jobs import NOON, all_jobs


@pytest.fixture
def put(engine):
    async def put(state, days, count=1):
        at = NOON - timedelta(days=days)
        times = {"run_after": at, "created_at": at, "finished_at": at if state in ("done", "dead") else None}
        async with writing(engine) as session:
            for number in range(count):
                name = f"{state}-{days}-{number}"
                session.add(JobRow(id=name, kind="k", lane="l", payload={}, state=state, **times))

    return put


async def test_what_is_done_is_forgotten_after_its_time_and_nothing_else(engine, put):
    for state, days in (("done", 8), ("done", 6), ("dead", 8), ("dead", 91), ("ready", 100), ("running", 100)):
        await put(state, days)
    assert await sweep(engine, Settings(keep_jobs_days=7), NOON) == 2
    assert sorted(job.id for job in await all_jobs(engine)) == ["dead-8-0", "done-6-0", "ready-100-0", "running-100-0"]


async def test_many_are_forgotten_in_several_short_transactions(engine, put):
    await put("done", 10, count=1203)
    assert await sweep(engine, Settings(), NOON) == 1203
