import asyncio
import itertools
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from server.db import open_database, reading, writing
from server.events.log import record
from server.jobs import claims
from server.jobs.claims import LEASE, TRIES, Holder
from server.jobs.lanes import Limit
from server.jobs.waking import open_bell
from server.jobs.worker import HANDLERS, Worker, back_off
from server.models import EventRow
from tests.fakes.jobs import HandClock, all_jobs, put_in, service_without_desk

AT_ONCE_S = 0.7  # well below the second after which a worker looks by itself


class Work:
    """A handler that writes an effect and ends its job in one transaction."""

    def __init__(self):
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.runs = []

    async def __call__(self, service, job):
        self.runs.append(job)
        self.begun.set()
        await self.may_end.wait()
        async with writing(service.engine) as session:
            record(session, "done", job.id, brand="b", at=service.clock())
            await claims.finish(session, job, service.clock())


@asynccontextmanager
async def working(engine, clock, handlers, **settings):
    """A running worker with its service."""
    async with open_bell(engine, "jobs") as bell:
        service = service_without_desk(engine, clock, bell.ring, **settings)
        worker = Worker(service, bell, handlers)
        task = asyncio.create_task(worker.run())
        try:
            yield service, worker, task
        finally:
            worker.stop()
            await asyncio.wait_for(task, 10)


async def until(condition):
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110 - another process or task changes the database
            await asyncio.sleep(0.01)


async def effects(engine):
    async with reading(engine) as session:
        return list(await session.exec(select(EventRow.subject).where(EventRow.kind == "done")))


async def all_are(engine, *states):
    return sorted(job.state for job in await all_jobs(engine)) == sorted(states)


async def test_a_job_runs_as_soon_as_the_worker_is_woken(engine):
    work = Work()
    async with working(engine, HandClock(), {"test": work}) as (service, _, _):
        for _ in range(3):
            await put_in(engine)
            work.begun.clear()
            service.wake()
            await asyncio.wait_for(work.begun.wait(), AT_ONCE_S)
        await until(lambda: all_are(engine, "done", "done", "done"))
    assert len(await effects(engine)) == 3


async def test_a_job_runs_even_if_nobody_wakes_the_worker(engine):
    work = Work()
    async with working(engine, HandClock(), {"test": work}):
        await put_in(engine)
        await asyncio.wait_for(work.begun.wait(), 5)
    assert len(await effects(engine)) == 1


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_a_worker_is_woken_by_another_process(database):
    here, there = await open_database(database.url), await open_database(database.url)
    work = Work()
    async with working(here, HandClock(), {"test": work}), open_bell(there, "jobs") as elsewhere:
        await put_in(there)
        await asyncio.sleep(0)
        elsewhere.ring()
        await asyncio.wait_for(work.begun.wait(), AT_ONCE_S)
    assert len(await effects(there)) == 1
    await here.dispose()
    await there.dispose()


async def test_a_job_whose_handler_has_nothing_to_commit_is_done(engine):
    async def nothing(service, job):
        pass

    async with working(engine, HandClock(), {"test": nothing}) as (service, _, _):
        await put_in(engine)
        service.wake()
        await until(lambda: all_are(engine, "done"))
    assert await effects(engine) == []


async def test_a_job_that_fails_is_tried_again_later_and_is_dead_in_the_end(engine):
    clock = HandClock()

    async def fail(service, job):
        raise ZeroDivisionError("a customer's words")

    async with working(engine, clock, {"test": fail}) as (service, _, _):
        await put_in(engine)
        for tried in range(1, TRIES + 1):
            service.wake()
            ended = "dead" if tried == TRIES else "ready"

            async def is_tried(tried=tried, ended=ended):
                [job] = await all_jobs(engine)
                return (job.attempts, job.state) == (tried, ended)

            await until(is_tried)
            [job] = await all_jobs(engine)
            assert job.error == "ZeroDivisionError"
            assert job.run_after > clock.now or ended == "dead"
            clock.turn(hours=1)


async def test_a_job_that_names_its_time_waits_until_then_and_no_try_is_counted(engine):
    class Later(Exception):
        retry_after = timedelta(minutes=4)

    async def fail(service, job):
        raise Later

    clock = HandClock()
    async with working(engine, clock, {"test": fail}) as (service, _, _):
        await put_in(engine)
        service.wake()

        async def waits():
            [job] = await all_jobs(engine)
            return job.state == "ready" and job.error == "Later"

        await until(waits)
    [job] = await all_jobs(engine)
    assert (job.run_after, job.attempts) == (clock.now + Later.retry_after, 0)


def test_waits_grow_and_differ_and_end_in_an_hour_or_two():
    waits = [[back_off(tried).total_seconds() for _ in range(50)] for tried in range(1, TRIES)]
    assert all(max(earlier) < min(later) for earlier, later in itertools.pairwise(waits[:5]))
    assert all(len(set(some)) > 40 for some in waits)
    assert 1800 < sum(map(max, waits)) < 7200


async def test_a_worker_that_stops_lets_jobs_end_and_claims_no_more(engine):
    work = Work()
    work.may_end.clear()
    async with working(engine, HandClock(), {"test": work}) as (service, worker, task):
        await put_in(engine)
        service.wake()
        await work.begun.wait()
        worker.stop()
        await put_in(engine)
        work.may_end.set()
        await asyncio.wait_for(task, 5)
    assert await all_are(engine, "done", "ready")


async def test_a_worker_that_stops_hands_back_what_does_not_end_in_time(engine):
    work = Work()
    work.may_end.clear()
    async with working(engine, HandClock(), {"test": work}, stop_seconds=0.1) as (service, worker, task):
        await put_in(engine)
        service.wake()
        await work.begun.wait()
        worker.stop()
        await asyncio.wait_for(task, 5)
    [job] = await all_jobs(engine)
    assert (job.state, job.attempts, job.worker, job.leased_until) == ("ready", 0, None, None)


async def test_a_holder_that_stood_still_too_long_has_no_effect(engine):
    clock = HandClock()
    slow, quick = Work(), Work()
    slow.may_end.clear()
    async with working(engine, clock, {"test": slow}) as (service, _, _):
        await put_in(engine)
        service.wake()
        await slow.begun.wait()
        clock.turn(seconds=LEASE.total_seconds())
        async with working(engine, clock, {"test": quick}):
            await until(lambda: all_are(engine, "done"))
        slow.may_end.set()
    assert (len(slow.runs), len(quick.runs)) == (1, 1)
    assert len(await effects(engine)) == 1


async def test_a_worker_whose_loop_is_held_up_keeps_its_jobs(engine, monkeypatch):
    clock, beats, keep = HandClock(), threading.Semaphore(0), claims.keep

    async def counted(*arguments):
        lost = await keep(*arguments)
        beats.release()
        return lost

    async def hold_up(service, job):
        for _ in range(3):
            clock.turn(seconds=LEASE.total_seconds() * 0.8)
            for _ in range(2):  # the second one began after that
                assert beats.acquire(timeout=30)
        assert await claims.claim(engine, Holder("other", Counter(), lambda lane: Limit()), 1, clock()) == []

    monkeypatch.setattr(claims, "keep", counted)
    monkeypatch.setattr("server.jobs.keeping._HEARTBEAT_S", 0.01)
    await put_in(engine)
    async with working(engine, clock, {"test": hold_up}):
        await until(lambda: all_are(engine, "done"))
    [job] = await all_jobs(engine)
    assert (job.attempts, job.fence) == (1, 1)


async def test_a_worker_whose_loop_does_not_answer_at_all_loses_them(engine, monkeypatch):
    monkeypatch.setattr("server.jobs.keeping._HEARTBEAT_S", 0.01)
    monkeypatch.setattr("server.jobs.keeping._ANSWERS_WITHIN_S", -1.0)
    clock, slow, quick = HandClock(), Work(), Work()
    slow.may_end.clear()
    await put_in(engine)
    async with working(engine, clock, {"test": slow}):
        await slow.begun.wait()
        clock.turn(seconds=LEASE.total_seconds())
        async with working(engine, clock, {"test": quick}):
            await until(lambda: all_are(engine, "done"))
        slow.may_end.set()
    assert len(quick.runs) == 1


def start_holder(url):
    return subprocess.Popen([sys.executable, str(Path(__file__).with_name("holder.py")), url])


async def test_jobs_of_a_process_that_was_killed_are_run_by_others(database):
    engine = await open_database(database.url)
    for _ in range(3):
        await put_in(engine)
    child = start_holder(database.url)
    try:

        async def held():
            assert child.poll() is None
            return await all_are(engine, "running", "running", "running")

        await until(held)
        os.kill(child.pid, signal.SIGKILL)
    finally:
        child.kill()
        child.wait()
    clock, work = HandClock(), Work()
    clock.turn(seconds=LEASE.total_seconds())
    async with working(engine, clock, {"test": work}):
        await until(lambda: all_are(engine, "done", "done", "done"))
    assert sorted(await effects(engine)) == sorted({job.id for job in work.runs})
    assert len(work.runs) == 3
    await engine.dispose()


async def test_many_workers_run_each_job_once(engine):
    works = [Work() for _ in range(3)]
    for number in range(30):
        await put_in(engine, key=f"k{number % 25}", lane=f"lane:{number % 5}")
    async with AsyncExitStack() as stack:
        for work in works:
            await stack.enter_async_context(working(engine, HandClock(), {"test": work}))

        async def all_done():
            return all(job.state == "done" for job in await all_jobs(engine))

        await until(all_done)
    ran = [job.id for work in works for job in work.runs]
    assert len(ran) == len(set(ran)) == 25
    assert sorted(await effects(engine)) == sorted(ran)


def test_every_kind_of_job_names_a_module_of_the_server():
    assert all(place.startswith("server.") and place.count(":") == 1 for place in HANDLERS.values())
