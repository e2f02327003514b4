"""Whatever workers do, in whatever order and however they die: no job is held twice, has two effects, or is lost."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from server.db import reading, writing
from server.events.log import record
from server.jobs import claims
from server.jobs.claims import LEASE, Claimed, Holder, LeaseLost
from server.jobs.lanes import Limit
from server.models import EventRow
from tests.fakes.jobs import NOON, all_jobs, put_in

WORKERS = ("a", "b", "c")
LANES = {"free": Limit(), "single": Limit(everywhere=1)}

worker, place = st.sampled_from(WORKERS), st.integers(0, 5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(("k1", "k2", None)), st.sampled_from(tuple(LANES))),
        st.tuples(st.just("claim"), worker, st.integers(1, 3)),
        st.tuples(st.sampled_from(("finish", "fail", "hand back", "die", "beat")), worker, place),
        st.tuples(st.just("wait"), st.sampled_from((1, 4, 7)), place),
    ),
    min_size=4,
    max_size=30,
)


class World:
    """Workers over one database, and what each of them believes to hold."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.now = NOON
        self.held: dict[str, list[Claimed]] = {name: [] for name in WORKERS}
        self.until: dict[tuple[str, int], datetime] = {}
        self.payloads = count()
        self.wanted: dict[str, int] = {}

    async def take(self, step) -> None:
        what, first, second = step
        if what == "put":
            await self.put(first, second)
        elif what == "claim":
            await self.claim(first, second)
        elif what == "wait":
            self.now += timedelta(seconds=first)
        elif what == "die":
            self.held[first].clear()
        elif self.held[first]:
            await self.act(what, first, self.held[first][second % len(self.held[first])])

    async def put(self, key, lane) -> None:
        number = next(self.payloads)
        # the same work waits in one lane
        lane = "free" if key else lane
        await put_in(self.engine, now=self.now, key=key, lane=lane, payload={"number": number})
        self.wanted[key or f"single {number}"] = number

    async def claim(self, name, most) -> None:
        holder = Holder(name, Counter(), LANES.__getitem__)
        for job in await claims.claim(self.engine, holder, most, self.now):
            alive = [held for some in self.held.values() for held in some if self.is_alive(held)]
            assert job.id not in [other.id for other in alive]
            assert job.key is None or job.key not in [other.key for other in alive]
            assert job.lane != "single" or "single" not in [other.lane for other in alive]
            self.held[name].append(job)
            self.until[job.id, job.fence] = self.now + LEASE

    def is_alive(self, job) -> bool:
        return self.until[job.id, job.fence] > self.now

    async def act(self, what, name, job) -> None:
        if what == "beat":
            if not await claims.keep(self.engine, [job], self.now):
                self.until[job.id, job.fence] = self.now + LEASE
            return
        self.held[name].remove(job)
        if what == "finish":
            await self.finish(job)
        elif what == "fail":
            await claims.put_off(self.engine, job, self.now, after=self.now + timedelta(seconds=1), words="failed")
        elif what == "hand back":
            await claims.give_back(self.engine, [job], self.now)

    async def finish(self, job) -> None:
        try:
            async with writing(self.engine) as session:
                record(session, "effect", job.id, brand="b", at=self.now, number=job.payload["number"], key=job.key)
                await claims.finish(session, job, self.now)
        except LeaseLost:
            assert not self.is_alive(job)

    async def end(self) -> None:
        """All workers but one die; it works on until nothing is left."""
        for name in WORKERS:
            self.held[name].clear()
        for _ in range(200):
            self.now += LEASE
            await self.claim("a", 10)
            if not self.held["a"]:
                break
            while self.held["a"]:
                await self.finish(self.held["a"].pop())

    async def expect_all_done_once(self) -> None:
        jobs = await all_jobs(self.engine)
        assert {job.state for job in jobs} <= {"done", "dead"}
        async with reading(self.engine) as session:
            effects = list(await session.exec(select(EventRow).where(EventRow.kind == "effect")))
        assert max(Counter(effect.subject for effect in effects).values(), default=1) == 1
        newest: dict[str, int] = {}
        for effect in effects:
            name = effect.data["key"] or f"single {effect.data['number']}"
            newest[name] = max(newest.get(name, 0), effect.data["number"])
        # what was put in last was done, unless it died of too many tries
        dead = {job.key or f"single {job.payload['number']}" for job in jobs if job.state == "dead"}
        assert {name: number for name, number in self.wanted.items() if name not in dead}.items() <= newest.items()


async def expect_all_done_once(engine, taken) -> None:
    world = World(engine)
    for step in taken:
        await world.take(step)
    await world.end()
    await world.expect_all_done_once()


@settings(max_examples=15, deadline=None)
@given(taken=steps)
async def test_any_order_on_sqlite(databases, taken):
    async with databases.opened("sqlite") as engine:
        await expect_all_done_once(engine, taken)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(taken=steps)
async def test_any_order_on_postgres(databases, taken):
    async with databases.opened("postgres") as engine:
        await expect_all_done_once(engine, taken)
