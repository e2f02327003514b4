"""Whatever dies, stalls or is silent: an approved action is carried out once, or is said to be failed or uncertain."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.actions.broken import Broken
from server.actions.deciding import ActionNotFound
from server.actions.kinds import ActionKind
from server.actions.settling import ActionNotUncertain, settle
from server.actions.writer import ApprovedAction, CarriedOut, PreconditionBroken, WriterUnavailable
from server.db import open_database
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.cases import person
from tests.fakes.network import ProcessDied
from tests.integration.actions.world import ActionWorld, order

CREDIT = {"amount": 500}


class FrailShop:
    """A far shop: it does what it is asked, and then may not say so; it takes the same id once."""

    def __init__(self, *turns: str, settles_s: float = 60) -> None:
        self.turns = list(turns)
        self.settles_after = timedelta(seconds=settles_s)
        self.done: dict[str, CarriedOut] = {}
        self.times = 0
        self.reachable = True
        self.clock: Callable[[], object] = lambda: None

    async def carry_out(self, action: ApprovedAction) -> CarriedOut:
        turn = self.turns.pop(0) if self.turns else "does"
        if turn == "dies before":
            raise ProcessDied
        if turn == "away":
            raise WriterUnavailable("the shop does not answer")
        if turn == "refuses":
            raise PreconditionBroken([Broken("state", "the order has left")])
        if action.id not in self.done:
            self.times += 1
            self.done[action.id] = CarriedOut(self.clock(), {"credit": action.id})  # type: ignore[arg-type]
        if turn == "dies after":
            raise ProcessDied
        if turn == "breaks after":
            raise ConnectionResetError("reset")
        if turn == "silent after":
            raise TimeoutError
        return self.done[action.id]

    async def find(self, action: str) -> CarriedOut | None:
        if not self.reachable:
            raise WriterUnavailable("the shop cannot be looked at")
        return self.done.get(action)


@pytest.fixture
def shop() -> FrailShop:
    return FrailShop()


@pytest.fixture
async def world(engine, shop: FrailShop) -> ActionWorld:
    world = ActionWorld(engine, SHIPPED_KNOWLEDGE, shop)
    shop.clock = lambda: world.now
    return await world.open(order("FH-1"))


async def _approved(world: ActionWorld) -> str:
    action = await world.propose(ActionKind.CREDIT, None, **CREDIT)
    await world.approve(action)
    return action.id


async def _live(world: ActionWorld, *, hours: float = 1) -> None:
    """Time passes; a process that dies leaves its job to others."""
    end = world.now + timedelta(hours=hours)
    while world.now < end:
        try:
            await world.work(seconds=(end - world.now).total_seconds())
        except ProcessDied:
            world.now += timedelta(seconds=7)


@pytest.mark.parametrize("turn", ["dies before", "dies after", "breaks after", "silent after", "away"])
async def test_it_is_carried_out_once_whatever_happens_to_the_call(world: ActionWorld, shop: FrailShop, turn: str):
    shop.turns = [turn]
    action = await _approved(world)
    await _live(world)
    assert (await world.get(action)).state == "done"
    assert shop.times == 1


async def test_what_the_shop_refuses_has_failed_with_its_words(world: ActionWorld, shop: FrailShop):
    shop.turns = ["refuses"]
    action = await _approved(world)
    await _live(world)
    failed = await world.get(action)
    assert (failed.state, failed.error) == ("failed", "the order has left")
    assert "action.failed" in await world.events(action)


async def test_a_shop_that_is_away_for_good_is_not_asked_for_ever(world: ActionWorld, shop: FrailShop):
    shop.turns = ["away"] * 100
    action = await _approved(world)
    await _live(world, hours=24)
    failed = await world.get(action)
    assert failed.state == "failed"
    assert "tried 8 times" in (failed.error or "")


async def test_what_nobody_can_look_at_is_uncertain_until_it_is_found(world: ActionWorld, shop: FrailShop):
    shop.turns, shop.reachable = ["silent after"], False
    action = await _approved(world)
    await _live(world)
    assert (await world.get(action)).state == "uncertain"
    shop.reachable = True
    await _live(world)
    assert ((await world.get(action)).state, shop.times) == ("done", 1)


@pytest.mark.parametrize("done", [True, False])
async def test_a_persons_word_ends_what_is_uncertain(world: ActionWorld, shop: FrailShop, done: bool):
    shop.turns, shop.reachable = ["silent after"], False
    action = await _approved(world)
    with pytest.raises(ActionNotUncertain):
        await settle(world.service, world.supervisor, action, done=done, reason="I looked")
    await _live(world)
    with pytest.raises(ActionNotFound):
        await settle(world.service, person("other", brands=("tarnlight",)), action, done=done, reason="I looked")
    ended = await settle(world.service, world.supervisor, action, done=done, reason="I looked")
    assert ended.state == ("done" if done else "failed")
    shop.reachable = True
    await _live(world, hours=60)
    assert (await world.get(action)).state == ended.state


async def test_two_workers_that_both_believe_to_hold_it_carry_it_out_once(engine):
    """One stands still in the middle of it, its lease ends, and another takes over."""
    world = await ActionWorld(engine, SHIPPED_KNOWLEDGE).open(order("FH-1"))
    action = await _approved(world)
    first = (await world.claim())[0]
    world.now += timedelta(seconds=7)
    second = (await world.claim())[0]
    assert first.id == second.id
    ends = await asyncio.gather(world.carry(first), world.carry(second), return_exceptions=True)
    assert [type(end).__name__ for end in ends if isinstance(end, BaseException)] == ["LeaseLost"]
    await world.work(seconds=60)
    assert (await world.get(action)).state == "done"
    assert len(await world.carried_out()) == 1
    assert (await world.customer()).payment_methods[1]["balance"] == 1000


_TURNS = st.lists(
    st.sampled_from(["does", "dies before", "dies after", "breaks after", "silent after", "away", "refuses"]),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=_TURNS, away=st.booleans(), count=st.integers(1, 4))
async def test_in_any_order_of_faults_nothing_is_done_twice_or_lost(databases, turns, away, count):
    async with databases.new("sqlite") as database:
        engine = await open_database(database.url)
        shop = FrailShop(*turns)
        world = await ActionWorld(engine, SHIPPED_KNOWLEDGE, shop).open(order("FH-1"), brand=None)
        shop.clock = lambda: world.now
        actions = [
            (await world.propose(ActionKind.CHANGE_ADDRESS, order="FH-1", address=_street(number))).id
            for number in range(count)
        ]
        for action in actions:
            await world.approve(action)
        shop.reachable = not away
        await _live(world)
        shop.reachable = True
        await _live(world, hours=24)
        rows = [await world.get(action) for action in actions]
        # what could not be looked at, and is not found later, waits for a person's word
        assert {row.state for row in rows} <= {"done", "failed", "uncertain"}
        assert {row.id for row in rows if row.state == "done"} == set(shop.done)
        assert shop.times == len(shop.done)
        await engine.dispose()


def _street(number: int) -> dict[str, str]:
    return {"line1": f"{number} High Street", "city": "York", "country": "GB"}
