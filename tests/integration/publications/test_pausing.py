from datetime import timedelta

import pytest

from server.db import reading, writing
from server.models import DraftRow, PauseRow
from server.publications.pausing import (
    AlreadyLifted,
    HeldNotSeen,
    NothingToPause,
    PauseNotFound,
    PauseOfEverybody,
    get_pause,
    held_by,
    lift,
    pause,
)
from tests.integration.publications.world import PRIVATE, PUBLIC, World

OURS = frozenset({"fernhollow"})
TOO_OLD = timedelta(minutes=240)


async def pause_all(world: World, scope: str = "all", brands: frozenset[str] | None = OURS) -> PauseRow:
    async with writing(world.engine) as session:
        (row,) = await pause(session, scope, brands=brands, by="staff_1", reason="recall", now=world.clock())
    return row


async def held(world: World, row: PauseRow) -> list[tuple[str, bool]]:
    async with reading(world.engine) as session:
        items = await held_by(session, row, world.clock(), too_old=TOO_OLD, brands=OURS)
    return [(item.publication.id, item.too_old) for item in items]


async def lift_it(world: World, row: PauseRow, seen: list[str], brands: frozenset[str] | None = OURS) -> None:
    async with writing(world.engine) as session:
        await lift(session, row.id, seen=seen, brands=brands, by="staff_2", now=world.clock(), too_old=TOO_OLD)


@pytest.mark.parametrize("scope", ["all", "channel:x", "account:acc-x"])
async def test_nothing_is_sent_while_a_pause_stands_and_all_of_it_after(world: World, scope: str):
    draft = await world.approve(PUBLIC, PRIVATE)
    row = await pause_all(world, scope)
    await world.run(seconds=3600)
    assert world.network.calls == []
    assert (await world.get(DraftRow, draft)).state == "approved"
    await lift_it(world, row, [id_ for id_, _ in await held(world, row)])
    await world.run(seconds=60)
    assert world.network.texts() == [PRIVATE, PUBLIC]


@pytest.mark.parametrize("scope", ["channel:x", "account:acc-x"])
async def test_what_is_not_meant_goes_on(world: World, scope: str):
    await world.approve("On another network.", account="acc-m", author="cleo")
    await pause_all(world, scope)
    await world.run(seconds=60)
    assert world.network.texts() == []
    assert [post.text for post in world.network.ours("fernhollow")] == ["On another network."]


async def test_drafts_are_approved_during_a_pause_and_wait(world: World):
    row = await pause_all(world)
    await world.approve(PUBLIC)
    await world.run(seconds=60)
    assert world.network.calls == []
    assert len(await held(world, row)) == 1


async def test_a_pause_is_not_lifted_over_what_nobody_has_seen(world: World):
    await world.approve(PUBLIC)
    row = await pause_all(world)
    await world.run(seconds=60)
    with pytest.raises(HeldNotSeen) as refused:
        await lift_it(world, row, [])
    assert refused.value.details == {"unseen": [id_ for id_, _ in await held(world, row)], "count": 1}
    await world.run(seconds=60)
    assert world.network.calls == []


async def test_what_has_become_too_old_is_said_and_goes_back_to_review(world: World):
    old = await world.approve(PUBLIC)
    row = await pause_all(world)
    await world.run(seconds=5 * 3600)
    new = await world.approve("Another answer.", author="ben")
    await world.run(seconds=60)
    listed = await held(world, row)
    assert [too_old for _, too_old in listed] == [True, False]
    await lift_it(world, row, [id_ for id_, _ in listed])
    await world.run(seconds=60)
    assert world.network.texts() == ["Another answer."]
    assert (await world.get(DraftRow, old)).state == "pending"
    assert await world.states(new) == {"public": "sent"}


async def test_another_pause_holds_what_one_lets_go(world: World):
    await world.approve(PUBLIC)
    first, second = await pause_all(world), await pause_all(world, "channel:x")
    await world.run(seconds=60)
    await lift_it(world, first, [id_ for id_, _ in await held(world, first)])
    await world.run(seconds=60)
    assert world.network.calls == []
    await lift_it(world, second, [id_ for id_, _ in await held(world, second)])
    await world.run(seconds=60)
    assert world.network.texts() == [PUBLIC]


async def test_pausing_twice_is_one_pause_and_lifting_twice_is_refused(world: World):
    first, second = await pause_all(world), await pause_all(world)
    assert first.id == second.id
    await lift_it(world, first, [])
    with pytest.raises(AlreadyLifted):
        await lift_it(world, first, [])


async def test_a_pause_of_one_brand_is_nothing_to_another(world: World):
    row = await pause_all(world)
    async with reading(world.engine) as session:
        with pytest.raises(PauseNotFound):
            await get_pause(session, row.id, brands=frozenset({"tarnlight"}))
    for scope in ("all", "channel:x", "account:acc-x"):
        with pytest.raises(NothingToPause):
            await pause_all(world, scope, frozenset({"tarnlight"}))


async def test_a_pause_of_the_whole_machine_is_lifted_on_the_machine(world: World):
    row = await pause_all(world, brands=None)
    await world.approve(PUBLIC)
    await world.run(seconds=60)
    assert world.network.calls == []
    seen = [id_ for id_, _ in await held(world, row)]
    with pytest.raises(PauseOfEverybody):
        await lift_it(world, row, seen)
    await lift_it(world, row, seen, brands=None)
    await world.run(seconds=60)
    assert world.network.texts() == [PUBLIC]


@pytest.mark.parametrize("scope", ["everything", "channel:", "account:nobody", "channel:fax"])
async def test_a_scope_that_means_nothing_is_refused(world: World, scope: str):
    with pytest.raises(NothingToPause):
        await pause_all(world, scope)
