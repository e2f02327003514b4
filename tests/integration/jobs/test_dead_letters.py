from collections import Counter
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from server.jobs import claims
from server.jobs.claims import Holder
from server.jobs.endpoints import router
from server.jobs.lanes import Limit
from server.pages.refusals import as_page
from server.staff.roles import PERMISSIONS, Caller, Role
from server.web.dependencies import caller_of
from server.web.problems import tell_problems
from tests.fakes.jobs import NOON, HandClock, all_jobs, put_in, service_without_desk


class Desk:
    """The endpoints, asked as whoever is at the desk."""

    def __init__(self, engine, home):
        self.clock, self.woken = HandClock(), 0
        self.app = FastAPI()
        tell_problems(self.app, as_page)
        self.app.include_router(router)
        self.app.state.service = service_without_desk(engine, self.clock, self._wake, home=home)
        self.sits_there("fernhollow", "tarnlight")
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://desk")

    def _wake(self):
        self.woken += 1

    def sits_there(self, *brands, role=Role.ADMIN):
        caller = Caller("staff_1", "Robin", role, frozenset(brands), PERMISSIONS[role])
        self.app.dependency_overrides[caller_of] = lambda: caller

    async def dead(self, **asked):
        return (await self.http.get("/jobs/dead", params=asked)).json()


@pytest.fixture
async def desk(engine, tmp_path):
    desk = Desk(engine, tmp_path)
    yield desk
    await desk.http.aclose()


async def kill_jobs(engine, now=NOON):
    """Have everything that is due fail for the last time, a minute after the other."""
    jobs = await claims.claim(engine, Holder("a", Counter(), lambda _: Limit()), 100, now)
    for number, job in enumerate(sorted(jobs, key=lambda job: job.kind)):
        died = now + timedelta(minutes=number)
        await claims.keep(engine, [job], died)
        await claims.put_off(engine, job, died, after=died, words="NetworkUnreachable", tries=job.attempts)


async def test_dead_jobs_are_listed_the_last_first_in_pages(engine, desk):
    for kind in "abc":
        await put_in(engine, kind, payload={"publication": kind}, brand="fernhollow")
    await kill_jobs(engine)
    await put_in(engine, "alive")
    first = await desk.dead(limit=2)
    assert [job["kind"] for job in first["items"]] == ["c", "b"]
    assert first["items"][0] | {"state": "dead", "error": "NetworkUnreachable", "attempts": 1} == first["items"][0]
    rest = await desk.dead(limit=2, cursor=first["next"])
    assert ([job["kind"] for job in rest["items"]], rest["next"]) == (["a"], None)
    assert [job["kind"] for job in (await desk.dead(kind="b"))["items"]] == ["b"]


async def test_a_dead_job_that_is_retried_runs_again_with_all_its_tries(engine, desk):
    await put_in(engine, brand="fernhollow")
    await kill_jobs(engine)
    [job] = (await desk.dead())["items"]
    answer = await desk.http.post(f"/jobs/{job['id']}/retry")
    assert (answer.status_code, answer.json()["state"], answer.json()["attempts"]) == (200, "ready", 0)
    assert desk.woken == 1
    assert (await desk.dead())["items"] == []
    [again] = await claims.claim(engine, Holder("a", Counter(), lambda _: Limit()), 1, NOON)
    assert (again.id, again.attempts) == (job["id"], 1)


async def test_a_job_that_is_not_dead_is_not_retried(engine, desk):
    await put_in(engine)
    [job] = await all_jobs(engine)
    answer = await desk.http.post(f"/jobs/{job.id}/retry")
    assert (answer.status_code, answer.json()["details"]) == (409, {"state": "ready"})


async def test_a_dead_job_whose_work_waits_already_is_done_with_that(engine, desk):
    await put_in(engine, key="k")
    await kill_jobs(engine)
    await put_in(engine, key="k")
    [dead] = (await desk.dead())["items"]
    answer = await desk.http.post(f"/jobs/{dead['id']}/retry")
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    assert sorted(job.state for job in await all_jobs(engine)) == ["done", "ready"]


async def test_dead_jobs_are_retried_together(engine, desk):
    for kind in ("send", "send", "draft"):
        await put_in(engine, kind, brand="fernhollow")
    await kill_jobs(engine)
    answer = await desk.http.post("/jobs/dead/retry", json={"kind": "send"})
    assert answer.json() == {"retried": 2}
    assert [job["kind"] for job in (await desk.dead())["items"]] == ["draft"]
    assert (await desk.http.post("/jobs/dead/retry", json={})).json() == {"retried": 1}


async def test_jobs_of_another_brand_do_not_exist(engine, desk):
    await put_in(engine, brand="tarnlight")
    await kill_jobs(engine)
    [theirs] = await all_jobs(engine)
    desk.sits_there("fernhollow")
    assert (await desk.dead())["items"] == []
    assert (await desk.http.post("/jobs/dead/retry", json={})).json() == {"retried": 0}
    for method, path in (("GET", f"/jobs/{theirs.id}"), ("POST", f"/jobs/{theirs.id}/retry")):
        answer = await desk.http.request(method, path)
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"there is no job {theirs.id}"
    assert [job.state for job in await all_jobs(engine)] == ["dead"]


async def test_only_who_looks_after_jobs_sees_them(engine, desk):
    desk.sits_there("fernhollow", role=Role.SUPERVISOR)
    assert (await desk.http.get("/jobs/dead")).status_code == 403
