"""Asking a network that does not call us."""

import pytest

from server.channels.polling import poll, start_polling
from server.channels.repository import list_accounts
from server.db import reading, writing
from server.jobs.claims import LeaseLost
from server.models import AccountRow, JobRow
from tests.fakes.networks import account


@pytest.fixture
async def polled(channels):
    async with writing(channels.engine) as session:
        session.add(account(id="hooked", adapter="webhook"))
        await session.flush()
        await start_polling(session, await list_accounts(session), channels.now)
    return channels


async def look(channels) -> int:
    """Every look that is due; how many there were."""
    jobs = await channels.claim("poll")
    for job in jobs:
        await poll(channels.service, job)
    return len(jobs)


async def test_what_has_happened_since_the_last_look_is_taken_in(polled):
    post = await polled.world.say("anna", "My tent leaks")
    assert await look(polled) == 2
    await polled.world.edit(post, "My tent leaks badly")
    assert await look(polled) == 1
    (row,) = await polled.posts()
    assert (row.network_id, row.text, row.version) == (post, "My tent leaks badly", 2)
    assert polled.woken == 2


async def test_a_quiet_network_is_asked_again_after_a_while(polled):
    assert await look(polled) == 2
    assert await look(polled) == 0
    polled.pass_by(seconds=16)
    assert await look(polled) == 2


async def test_accounts_whose_network_calls_us_are_not_asked(polled):
    lanes = {job.lane for job in await polled.all(JobRow) if job.kind == "poll"}
    assert lanes == {"poll:fernhollow-x", "poll:tarnlight-x"}


async def test_starting_twice_asks_once(polled):
    async with writing(polled.engine) as session:
        await start_polling(session, await list_accounts(session), polled.now)
    assert await look(polled) == 2


async def test_a_network_that_is_down_is_asked_again_for_as_long_as_it_takes(polled):
    await polled.world.say("anna", "My tent leaks")
    await polled.world.behave(down=True)
    for _ in range(12):
        assert await look(polled) == 2
        polled.pass_by(minutes=2)
    await polled.world.behave(down=False)
    await look(polled)
    assert len(await polled.posts()) == 1


async def test_an_account_that_was_removed_is_asked_no_more(polled):
    async with writing(polled.engine) as session:
        row = await session.get(AccountRow, "fernhollow-x")
        row.removed_at = polled.now
    await look(polled)
    polled.pass_by(minutes=5)
    assert await look(polled) == 1


async def test_who_has_lost_the_lease_takes_nothing_in(polled):
    await polled.world.say("anna", "My tent leaks")
    jobs = {job.lane: job for job in await polled.claim("poll")}
    polled.pass_by(seconds=60)
    await look(polled)
    with pytest.raises(LeaseLost):
        await poll(polled.service, jobs["poll:fernhollow-x"])
    assert len(await polled.posts()) == 1
    async with reading(polled.engine) as session:
        assert (await session.get(AccountRow, "fernhollow-x")).cursor == "1"
