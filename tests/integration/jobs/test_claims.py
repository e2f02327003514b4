from collections import Counter
from datetime import timedelta

import pytest

from server.db import writing
from server.jobs import claims
from server.jobs.claims import LEASE, TRIES, Holder, LeaseLost
from server.jobs.lanes import Limit
from server.jobs.queue import URGENT
from tests.fakes.jobs import NOON, all_jobs, put_in

FREE = Limit()


def holder(name="a", limit=FREE, **here):
    return Holder(name, Counter(here), lambda lane: limit)


async def claim(engine, now=NOON, most=10, by=None):
    return await claims.claim(engine, by or holder(), most, now)


async def finish(engine, job, now=NOON):
    async with writing(engine) as session:
        await claims.finish(session, job, now)


async def states(engine):
    return [job.state for job in await all_jobs(engine)]


async def test_a_job_is_claimed_once_with_what_was_put_in(engine):
    await put_in(engine, "send", payload={"publication": "p1"}, key="send:p1", lane="send:a", brand="fernhollow")
    [job] = await claim(engine)
    assert (job.kind, job.payload, job.key, job.lane) == ("send", {"publication": "p1"}, "send:p1", "send:a")
    assert (job.brand, job.attempts, job.fence) == ("fernhollow", 1, 1)
    assert await claim(engine) == []
    await finish(engine, job)
    assert await states(engine) == ["done"]


async def test_a_job_is_not_claimed_before_its_time(engine):
    await put_in(engine, after=NOON + timedelta(seconds=3))
    assert await claim(engine, NOON + timedelta(seconds=2)) == []
    assert len(await claim(engine, NOON + timedelta(seconds=3))) == 1


async def test_urgent_jobs_come_before_ordinary_ones_that_waited_longer(engine):
    await put_in(engine, "ordinary", after=NOON - timedelta(minutes=5), lane="x")
    await put_in(engine, "urgent", priority=URGENT, lane="y")
    await put_in(engine, "newer", after=NOON - timedelta(minutes=1), lane="y")
    order = [(await claim(engine, most=1))[0].kind for _ in range(3)]
    assert order == ["urgent", "ordinary", "newer"]


async def test_a_job_of_a_priority_that_no_worker_looks_for_is_refused(engine):
    with pytest.raises(ValueError, match="priority 3"):
        await put_in(engine, priority=3)


async def test_the_lease_of_a_holder_that_says_nothing_ends_and_its_word_does_not_count(engine):
    await put_in(engine)
    [first] = await claim(engine)
    assert await claim(engine, NOON + LEASE / 2) == []
    [second] = await claim(engine, NOON + LEASE, by=holder("b"))
    assert (second.id, second.attempts) == (first.id, 2)
    with pytest.raises(LeaseLost):
        await finish(engine, first)
    assert await states(engine) == ["running"]
    await finish(engine, second)
    assert await states(engine) == ["done"]
    with pytest.raises(LeaseLost):
        await finish(engine, second)


async def test_a_heartbeat_keeps_the_job_and_tells_what_is_lost(engine):
    await put_in(engine, "a")
    await put_in(engine, "b")
    kept, lost = await claim(engine)
    await finish(engine, lost)
    assert await claims.keep(engine, [kept, lost], NOON + LEASE / 2) == [lost]
    assert await claim(engine, NOON + LEASE) == []
    assert len(await claim(engine, NOON + LEASE * 1.5)) == 1


async def test_a_job_that_was_handed_back_is_as_if_it_had_not_been_claimed(engine):
    await put_in(engine)
    [job] = await claim(engine)
    await claims.give_back(engine, [job], NOON)
    [again] = await claim(engine)
    assert (again.id, again.attempts) == (job.id, 1)
    with pytest.raises(LeaseLost):
        await finish(engine, job)


async def test_after_its_last_try_a_job_is_dead_and_keeps_the_reason(engine):
    await put_in(engine, brand="fernhollow")
    now = NOON
    for _ in range(TRIES):
        [job] = await claim(engine, now)
        now += timedelta(hours=1)
        await claims.put_off(engine, job, now, after=now, words="ProviderDown")
    assert await claim(engine, now) == []
    [dead] = await all_jobs(engine)
    assert (dead.state, dead.error, dead.attempts) == ("dead", "ProviderDown", TRIES)


async def test_a_job_whose_workers_die_every_time_is_dead_in_the_end(engine):
    await put_in(engine)
    now = NOON
    for _ in range(TRIES):
        assert len(await claim(engine, now)) == 1
        now += LEASE
    assert await claim(engine, now) == []
    assert await states(engine) == ["dead"]


async def test_a_try_that_was_told_to_wait_does_not_count(engine):
    await put_in(engine)
    now = NOON
    for _ in range(TRIES + 3):
        [job] = await claim(engine, now)
        now += timedelta(minutes=1)
        await claims.put_off(engine, job, now, after=now, words="SendDelayed", counts=False)
    [waiting] = await all_jobs(engine)
    assert (waiting.state, waiting.attempts) == ("ready", 0)


async def test_an_effect_may_say_that_the_job_runs_again_later(engine):
    await put_in(engine)
    [job] = await claim(engine)
    async with writing(engine) as session:
        await claims.again(session, job, NOON, after=NOON + timedelta(minutes=1), words="the target is not there yet")
    assert await claim(engine, NOON + timedelta(seconds=59)) == []
    [job] = await claim(engine, NOON + timedelta(minutes=1))
    assert job.attempts == 1


async def test_the_same_work_waits_once_and_the_last_word_counts(engine):
    await put_in(engine, key="k", payload={"n": 1})
    await put_in(engine, key="k", payload={"n": 2}, after=NOON + timedelta(minutes=1))
    assert await claim(engine) == []
    [job] = await claim(engine, NOON + timedelta(minutes=1))
    assert job.payload == {"n": 2}


async def test_the_same_work_does_not_run_twice_at_once(engine):
    await put_in(engine, key="k")
    [first] = await claim(engine)
    await put_in(engine, key="k")
    assert await claim(engine) == []
    await finish(engine, first)
    assert len(await claim(engine)) == 1


@pytest.mark.parametrize("how", ["put off", "handed back", "again", "lease over"])
async def test_a_job_that_goes_back_ends_if_the_same_work_waits_already(engine, how):
    await put_in(engine, key="k")
    [first] = await claim(engine)
    await put_in(engine, key="k")
    now = NOON
    if how == "put off":
        await claims.put_off(engine, first, now, after=now, words="no")
    elif how == "handed back":
        await claims.give_back(engine, [first], now)
    elif how == "again":
        async with writing(engine) as session:
            await claims.again(session, first, now, after=now, words="no")
    else:
        now = NOON + LEASE
    [second] = await claim(engine, now)
    assert second.id != first.id
    assert sorted(await states(engine)) == ["done", "running"]


async def test_no_more_jobs_of_a_lane_run_than_it_allows_in_all_processes(engine):
    for _ in range(5):
        await put_in(engine, lane="send:a")
    await put_in(engine, lane="send:b")
    two = holder(limit=Limit(everywhere=2))
    first = await claim(engine, by=two)
    assert Counter(job.lane for job in first) == {"send:a": 2, "send:b": 1}
    assert await claim(engine, by=holder("other", limit=Limit(everywhere=2))) == []
    await finish(engine, first[0])
    assert len(await claim(engine, by=two)) == 1


async def test_no_more_jobs_of_a_lane_run_in_a_process_than_it_allows_there(engine):
    for _ in range(5):
        await put_in(engine, lane="draft")
    assert len(await claim(engine, by=holder(limit=Limit(here=2)))) == 2
    assert await claim(engine, by=holder(limit=Limit(here=2), draft=2)) == []
    assert len(await claim(engine, by=holder("other", limit=Limit(here=2)))) == 2


async def test_a_lane_that_is_full_keeps_no_other_waiting(engine):
    for _ in range(30):
        await put_in(engine, lane="draft", after=NOON - timedelta(minutes=1))
    await put_in(engine, lane="send:a")
    [job] = await claim(engine, by=holder(limit=Limit(here=2), draft=2), most=2)
    assert job.lane == "send:a"


async def test_a_blocked_lane_waits_until_its_time(engine):
    await put_in(engine, lane="send:a")
    until = NOON + timedelta(seconds=30)
    async with writing(engine) as session:
        await claims.block(session, "send:a", until)
    assert await claim(engine, until - timedelta(seconds=1)) == []
    assert len(await claim(engine, until)) == 1


async def test_a_lane_keeps_its_pace_after_a_burst(engine):
    for _ in range(12):
        await put_in(engine, lane="send:a")
    slow = holder(limit=Limit(per_minute=30, burst=4))
    now, begun = NOON, []
    while now < NOON + timedelta(seconds=10):
        begun.append(len(await claim(engine, now, by=slow)))
        now += timedelta(seconds=1)
    assert begun == [4, 0, 1, 0, 1, 0, 1, 0, 1, 0]


async def test_an_urgent_job_takes_the_lanes_only_room(engine):
    await put_in(engine, "ordinary", lane="send:a", after=NOON - timedelta(minutes=1))
    await put_in(engine, "urgent", lane="send:a", priority=URGENT)
    [job] = await claim(engine, by=holder(limit=Limit(everywhere=1)))
    assert job.kind == "urgent"
