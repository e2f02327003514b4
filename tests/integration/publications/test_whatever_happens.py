"""Whatever dies, stalls or is silent, and whenever: each approved text is on the network at most once, none without
approval, and what is not there is said to be failed, uncertain, or is back in review."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from server.channels.protocol import Incoming, Outgoing
from server.db import reading, writing
from server.drafts.voiding import void_draft
from server.models import AccountRow, DraftRow
from server.publications.pausing import held_by, lift, pause
from server.publications.returning import take_back
from server.publications.settling import settle_not_sent, settle_sent
from tests.fakes.network import FakeChannel, ProcessDied, Turn
from tests.fixtures.databases import Databases
from tests.integration.publications.world import World

OURS = frozenset({"fernhollow"})
FOREVER = timedelta(days=3650)
UNSEEN = "it is not there"


class FrailWorld(World):
    """Its processes die at the n-th moment at which they look at the clock or speak to the network."""

    moments_left: int | None = None

    def tick(self) -> None:
        if self.moments_left is not None:
            self.moments_left -= 1
            if self.moments_left < 0:
                self.moments_left = None
                raise ProcessDied

    def frail_clock(self) -> datetime:
        self.tick()
        return self.clock()

    def channel(self, account: AccountRow) -> "FrailChannel":
        return FrailChannel(self, account)


class FrailChannel(FakeChannel):
    """The fake channel of a process that may die before it asks and after it was answered."""

    def __init__(self, world: FrailWorld, account: AccountRow) -> None:
        super().__init__(world.network, account)
        self._world = world

    async def read(self, network_id: str) -> Incoming | None:
        self._world.tick()
        return await super().read(network_id)

    async def send(self, outgoing: Outgoing) -> str:
        self._world.tick()
        taken = await super().send(outgoing)
        self._world.tick()
        return taken

    async def find(self, outgoing: Outgoing, *, since: datetime) -> str | None:
        self._world.tick()
        return await super().find(outgoing, since=since)


class Sending(RuleBasedStateMachine):
    """One account, many drafts, and everything that can go wrong."""

    databases: Databases
    kind: str
    ended: ClassVar[set[str]] = set()
    drafts = Bundle("drafts")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.approved: set[str] = set()
        self.pauses: list[str] = []
        self.calls_allowed: int | None = None
        self.number = 0

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @initialize(searchable=st.booleans(), late_s=st.sampled_from([0, 3, 20]))
    def open(self, searchable: bool, late_s: int) -> None:
        async def opened() -> FrailWorld:
            engine = await self.stack.enter_async_context(self.databases.opened(self.kind))
            world = FrailWorld(engine)
            object.__setattr__(world.service, "clock", world.frail_clock)
            await world.open()
            return world

        self.world: FrailWorld = self.do(opened())
        self.network = self.world.network
        self.network.visible_after = timedelta(seconds=late_s)
        self.network.settles_after = timedelta(seconds=late_s) if searchable else None

    @rule(target=drafts, parts=st.sampled_from(["public", "private", "both"]))
    def approve(self, parts: str) -> str:
        self.number += 1
        texts = {part: f"{part} {self.number}" for part in ("public", "private") if parts in (part, "both")}
        self.approved.update(texts.values())
        return str(self.do(self.world.approve(texts.get("public"), texts.get("private"), author=f"c{self.number}")))

    @rule(draft=drafts)
    def approve_again(self, draft: str) -> None:
        row = self.do(self.world.get(DraftRow, draft))
        states = self.do(self.world.states(draft)).values()
        if row.state == "pending" and not {"sending", "uncertain"} & set(states):
            self.do(self.world.approve_draft(draft))

    @rule(seconds=st.sampled_from([1, 12, 60, 900, 5 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.do(self.world.run(seconds=seconds))

    @rule(turns=st.lists(st.sampled_from(list(Turn)), min_size=1, max_size=3))
    def the_network_misbehaves(self, turns: list[Turn]) -> None:
        self.network.turns.extend(turns)

    @rule(moments=st.integers(0, 12))
    def a_process_will_die(self, moments: int) -> None:
        self.world.moments_left = moments

    @rule(seconds=st.sampled_from([7, 15]), when=st.sampled_from(["while_sending", "after_taking"]))
    def a_call_will_be_slow(self, seconds: int, when: str) -> None:
        """So slow that others take the job over; but a call that takes longer than it may is given up."""

        async def stall() -> None:
            setattr(self.network, when, None)
            self.world.clock.turn(seconds=seconds)
            for job in await self.world.claim():
                await self.world.work(job)

        setattr(self.network, when, stall)

    @rule(seconds=st.sampled_from([7, 60]))
    def a_process_will_be_slow(self, seconds: int) -> None:
        def stall() -> None:
            self.network.on_read = lambda: None
            self.world.clock.turn(seconds=seconds)

        self.network.on_read = stall

    @rule(reachable=st.booleans())
    def the_network_comes_and_goes(self, reachable: bool) -> None:
        self.network.reachable = reachable

    @rule(draft=drafts)
    def the_customer_edits(self, draft: str) -> None:
        row = self.do(self.world.get(DraftRow, draft))
        author = next(post.author for post in self.do(self.world.posts()) if post.id == row.target_post)
        for post in self.network.posts:
            if post.author == author:
                post.text = "Never mind."

    @rule(draft=drafts)
    def a_fact_changes(self, draft: str) -> None:
        async def void() -> None:
            async with writing(self.world.engine) as session:
                row = await session.get_one(DraftRow, draft)
                if row.state == "approved":
                    await void_draft(session, row, "an order has changed", self.world.clock())

        self.do(void())

    @rule(draft=drafts)
    def somebody_takes_back(self, draft: str) -> None:
        async def back() -> None:
            async with writing(self.world.engine) as session:
                row = await session.get_one(DraftRow, draft)
                if row.state == "approved" and "held" in (await self.world.states(draft)).values():
                    await take_back(session, draft, "wait", self.world.clock(), by="staff_1")

        self.do(back())

    @rule()
    def somebody_pauses(self) -> None:
        async def hold() -> None:
            async with writing(self.world.engine) as session:
                made = await pause(session, "all", brands=OURS, by="s", reason="recall", now=self.world.clock())
            self.pauses = [row.id for row in made]

        self.do(hold())
        self.calls_allowed = len(self.network.calls)

    @rule()
    def somebody_lifts(self) -> None:
        async def go_on() -> None:
            for id_ in self.pauses:
                await lift_everything(self.world, id_)

        self.do(go_on())
        self.pauses, self.calls_allowed = [], None

    @rule(again=st.booleans())
    def somebody_settles(self, again: bool) -> None:
        """They look on the network themselves, and say what they see."""
        self.do(settle_everything(self.world, again=again))

    @invariant()
    def no_text_is_there_twice_or_unapproved_or_before_its_private_part(self) -> None:
        texts = [post.text for post in self.network.posts if post.author == "FernhollowHelp"]
        assert len(texts) == len(set(texts)), texts
        assert set(texts) <= self.approved
        for text in texts:
            part, number = text.split()
            private = f"private {number}"
            if part == "public" and private in self.approved:
                assert private in texts[: texts.index(text)]

    @invariant()
    def nothing_is_sent_during_a_pause(self) -> None:
        assert self.calls_allowed is None or len(self.network.calls) == self.calls_allowed

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.do(self._come_to_rest())
        finally:
            self.do(self.stack.aclose())
            self.runner.close()

    async def _come_to_rest(self) -> None:
        """When all is well again and time has passed, every text is accounted for."""
        self.world.moments_left, self.network.reachable = None, True
        self.network.turns.clear()
        for id_ in self.pauses:
            await lift_everything(self.world, id_)
        await self.world.run(seconds=6 * 3600)
        there = {post.text for post in self.network.ours()}
        for row in await self.world.publications():
            draft = await self.world.get(DraftRow, row.draft)
            assert row.state in {"sent", "withdrawn", "failed", "uncertain"}, row
            self.ended.add(row.state)
            if row.state == "sent":
                assert row.text in there
            if row.state in {"withdrawn", "failed"}:
                others = [one for one in await self.world.publications(row.draft) if one.part == row.part]
                assert draft.state == "pending" or any(one.state in {"sent", "uncertain"} for one in others)
        told = {row.text for row in await self.world.publications() if row.state in {"sent", "uncertain"}}
        assert there <= told


async def lift_everything(world: World, pause_id: str) -> None:
    from server.publications.pausing import get_pause

    async with reading(world.engine) as session:
        row = await get_pause(session, pause_id, brands=OURS)
        held = await held_by(session, row, world.clock(), too_old=FOREVER, brands=OURS)
    seen = [item.publication.id for item in held]
    async with writing(world.engine) as session:
        await lift(session, pause_id, seen=seen, brands=OURS, by="s", now=world.clock(), too_old=FOREVER)


async def settle_everything(world: World, *, again: bool) -> None:
    for row in await world.publications():
        if row.state != "uncertain":
            continue
        there = next((post.id for post in world.network.ours() if post.text == row.text), None)
        async with writing(world.engine) as session:
            said: Callable[..., Any] = settle_sent if there else settle_not_sent
            what = {} if there else {"send_again": again}
            given = (session, row.id, there) if there else (session, row.id)
            await said(*given, **what, brands=OURS, by="s", reason=UNSEEN, now=world.clock())


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 12), ("postgres", 12)])
def test_whatever_happens(databases: Databases, kind: str, examples: int):
    machine = type("Sending", (Sending,), {"databases": databases, "kind": kind, "ended": set()})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=checks),
    )
    assert "sent" in machine.ended, "nothing was ever sent"
