import pytest

from server.db import writing
from server.models import DraftRow, PostRow
from server.publications.finding import PublicationNotFound
from server.publications.settling import (
    AlreadyAnotherPublication,
    NotThatText,
    NotUncertain,
    check_word,
    settle_not_sent,
    settle_sent,
)
from tests.fakes.network import Turn
from tests.integration.publications.world import PRIVATE, PUBLIC, World

OURS = frozenset({"fernhollow"})


async def uncertain(world: World, turn: Turn = Turn.TAKE_AND_DIE, *texts: str) -> tuple[str, str]:
    """A draft whose first part is uncertain; its id and the publication's."""
    world.network.settles_after = None
    world.network.turns.append(turn)
    draft = await world.approve(*(texts or (PUBLIC,)))
    await world.run(seconds=120)
    (row,) = [row for row in await world.publications(draft) if row.state == "uncertain"]
    return draft, row.id


async def test_whoever_has_seen_it_says_so_and_the_rest_goes_on(world: World):
    draft, publication = await uncertain(world, Turn.TAKE_AND_DIE, PUBLIC, PRIVATE)
    async with writing(world.engine) as session:
        await settle_sent(session, publication, "n2", brands=OURS, by="staff_1", reason="seen", now=world.clock())
    await world.run(seconds=60)
    assert await world.states(draft) == {"private": "sent", "public": "sent"}
    assert world.network.texts() == [PRIVATE, PUBLIC]
    decision = next(one for one in await world.decisions(draft) if one.kind == "settle_sent")
    assert (decision.staff, decision.reason) == ("staff_1", "seen")
    assert "n2" in {post.network_id for post in await world.posts() if isinstance(post, PostRow)}


async def test_what_was_not_sent_is_sent_on_a_persons_word(world: World):
    draft, publication = await uncertain(world, Turn.DIE)
    await world.run(seconds=6 * 3600)
    async with writing(world.engine) as session:
        await settle_not_sent(
            session, publication, send_again=True, brands=OURS, by="staff_1", reason="not there", now=world.clock()
        )
    await world.run(seconds=60)
    assert await world.states(draft) == {"public": "sent"}
    assert world.network.texts() == [PUBLIC]


async def test_what_was_not_sent_is_taken_back_with_what_waits_for_it(world: World):
    draft, publication = await uncertain(world, Turn.DIE, PUBLIC, PRIVATE)
    async with writing(world.engine) as session:
        await settle_not_sent(
            session, publication, send_again=False, brands=OURS, by="staff_1", reason="too late", now=world.clock()
        )
    await world.run(seconds=60)
    assert await world.states(draft) == {"private": "withdrawn", "public": "withdrawn"}
    assert (await world.get(DraftRow, draft)).state == "pending"
    assert world.network.texts() == []


async def test_the_second_word_is_refused(world: World):
    _, publication = await uncertain(world)
    for expected in (None, NotUncertain):
        async with writing(world.engine) as session:
            given = settle_sent(session, publication, "n2", brands=OURS, by="s", reason="seen", now=world.clock())
            if expected is None:
                await given
            else:
                with pytest.raises(expected):
                    await given


async def test_one_post_is_not_two_publications(world: World):
    await world.approve("Another answer.", author="ben")
    await world.run(seconds=20)
    _, publication = await uncertain(world)
    async with writing(world.engine) as session:
        with pytest.raises(AlreadyAnotherPublication):
            await settle_sent(session, publication, "n2", brands=OURS, by="s", reason="seen", now=world.clock())


async def test_another_brands_staff_has_no_word(world: World):
    _, publication = await uncertain(world)
    async with writing(world.engine) as session:
        with pytest.raises(PublicationNotFound):
            await settle_sent(
                session, publication, "n2", brands=frozenset({"tarnlight"}), by="s", reason="seen", now=world.clock()
            )


async def test_a_link_to_another_text_is_refused(world: World):
    _, publication = await uncertain(world)
    assert await check_word(world.service, publication, " n2 ", brands=OURS) == "n2"
    for wrong in ("n1", "n99"):
        with pytest.raises(NotThatText):
            await check_word(world.service, publication, wrong, brands=OURS)
