"""The network tells of our text at the very moment at which we learn that it has taken it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from server.channels.intake import take
from server.channels.protocol import Incoming
from server.db import reading, writing
from server.models import AccountRow
from tests.integration.publications.world import PRIVATE, PUBLIC, World

# on SQLite one of the two comes after the other by itself
pytestmark = pytest.mark.parametrize("database", ["postgres"], indirect=True)


async def _somebody_waits(world: World) -> None:
    async with asyncio.timeout(30):
        while True:
            async with reading(world.engine) as session:
                if (await session.exec(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))).scalar():  # type: ignore[call-overload]
                    return


async def _told(world: World, taken: asyncio.Event) -> None:
    """Take in the newest post of ours, and end that only when the other is held up by it."""
    post = world.network.ours()[-1]
    incoming = Incoming(
        network_id=post.id,
        thread=str(post.reply_to),
        author=post.author,
        text=post.text,
        sent_at=post.at,
        from_brand=True,
        private_to=post.recipient if post.private else None,
    )
    async with writing(world.engine) as session:
        account = await session.get_one(AccountRow, "acc-x")
        assert len(await take(session, account, [incoming], world.clock(), quiet=timedelta())) == 1
        taken.set()
        await _somebody_waits(world)


async def test_both_are_written_down_at_the_first_try(world: World):
    telling: list[asyncio.Task[None]] = []

    async def tell() -> None:
        taken = asyncio.Event()
        telling.append(asyncio.create_task(_told(world, taken)))
        await taken.wait()

    world.network.after_taking = tell
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=30)
    await asyncio.gather(*telling)
    assert await world.states(draft) == {"private": "sent", "public": "sent"}
    assert [row.attempt for row in await world.publications(draft)] == [1, 1]
    ours = [post for post in await world.posts() if post.role == "brand"]
    assert [(post.text, post.private_to) for post in ours] == [(PRIVATE, "anna"), (PUBLIC, None)]
