"""An incident ends: nobody is forgotten, and everybody who was promised an update is told."""

from typing import Any

import pytest

from server.incidents import matching
from server.models import PromiseRow
from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import OVER, TEXT, UPDATE, boss_of
from tests.integration.incidents.test_answering import confirmed, run

DUE = "2026-11-20T18:00:00Z"


async def test_everybody_who_was_promised_an_update_is_listed_and_told(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        digest = await boss.approved(f"{TEXT} {UPDATE}", promises_update=True, update_due=DUE)
        await boss.answer(texts={"en": digest}, spread_minutes=5)
        assert await boss.promised() == {}
        await run(world, minutes=6)
        promised = await boss.promised()
        assert set(promised) == {"anna", "bert"}
        assert {item["due"] for item in promised.values()} == {DUE}
        assert promised["anna"]["said"] == UPDATE

        assert (await boss.close())["promised"] == 2
        over = await boss.approved(OVER, purpose="closing")
        seen = [item["promise"] for item in promised.values()]
        told = await boss.do("tell-promised", texts={"en": over}, seen=seen, spread_minutes=5)
        assert told["count"] == 2
        await world.work()
        assert set(await boss.promised()) == {"anna", "bert"}
        await run(world, minutes=6)
        assert await boss.promised() == {}
        assert world.network.texts().count(OVER) == 2
        assert {row.state for row in await world.rows(PromiseRow)} == {"kept"}


async def test_who_has_written_again_is_left_to_a_person_and_the_promise_stays(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna"])
        digest = await boss.approved(f"{TEXT} {UPDATE}", promises_update=True, update_due=DUE)
        await boss.answer(texts={"en": digest}, spread_minutes=1)
        await run(world, minutes=2)
        [post] = [post for post in world.network.posts if post.author == "anna"]
        await world.written("and my basket, is it gone?", "anna", thread=post.id)
        over = await boss.approved(OVER, purpose="closing")
        seen = [item["promise"] for item in (await boss.promised()).values()]
        refused = await boss.do("tell-promised", status=422, texts={"en": over}, seen=seen, spread_minutes=1)
        assert list(refused["details"]["left"].values()) == [1]
        await run(world, minutes=6)
        assert OVER not in world.network.texts()
        assert set(await boss.promised()) == {"anna"}
        [draft] = await world.queue()
        assert (await world.case_of(draft)).author == "anna"


async def test_it_is_not_closed_over_the_heads_of_those_who_wait(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        await world.written("checkout down", "cora")
        world.wait()
        await world.work()
        refused = await boss.close(status=409)
        assert (refused["code"], refused["details"]["waiting"]) == ("still_waiting", 3)
        assert await world.queue() == []
        assert (await boss.close(release_rest=True))["released"] == 3
        authors = {(await world.case_of(draft)).author for draft in await world.queue()}
        assert authors == {"anna", "bert", "cora"}
        await world.written("checkout down", "dora")
        world.wait()
        await world.work()
        assert (await world.newest("dora")).state == "pending"


async def test_an_answer_that_has_not_left_when_it_is_over_goes_back_to_the_queue(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        await boss.answer(texts={"en": await boss.approved()}, spread_minutes=60)
        assert (await boss.close(status=409))["details"]["unsent"] == 2
        await boss.close(release_rest=True)
        assert len(await world.queue()) == 2
        await run(world, minutes=70)
        assert world.network.texts() == []


async def test_a_promise_by_no_moment_is_none(world: StormWorld):
    async with boss_of(world) as boss:
        await boss.open()
        for due in (None, "2026-11-20T11:00:00Z"):
            body = {"language": "en", "text": f"{TEXT} {UPDATE}", "promises_update": True, "update_due": due}
            assert (await boss.do("texts", status=422, **body))["code"] == "no_moment"


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("Nothing was charged.", DUE),
        ("We will update you by 18:00 UTC.", None),
        ("We will write to you again by 18:00.", None),
        ("We are working on it and will update you by 18:00 UTC.", None),
        ("We will update you by 17:00 UTC.", DUE),
        ("We will update you within two hours.", DUE),
        ("We will update you by Monday.", "2026-11-30T18:00:00Z"),
    ],
)
async def test_a_text_promises_what_is_put_on_record_with_it(world: StormWorld, said: str, due: str | None):
    async with boss_of(world) as boss:
        await boss.open()
        body = {"language": "en", "text": f"{TEXT} {said}", "promises_update": due is not None, "update_due": due}
        refused = await boss.do("texts", status=422, **body)
        assert refused["code"] == "promise_unlike"
        assert "update" in refused["detail"]


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("We will write to you again by 18:00.", DUE),
        ("We will keep you posted.", DUE),
        ("We will update you within six hours.", DUE),
        ("We will update you by Monday.", "2026-11-23T10:00:00Z"),
    ],
)
async def test_the_moment_that_a_text_names_is_the_one_on_record(world: StormWorld, said: str, due: str):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna"])
        digest = await boss.approved(f"{TEXT} {said}", promises_update=True, update_due=due)
        await boss.answer(texts={"en": digest}, spread_minutes=1)
        await run(world, minutes=2)
        [promise] = (await boss.promised()).values()
        assert (promise["said"], promise["due"]) == (said, due)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "We will keep you posted."),
        ("de", "Wir melden uns bis 18:00 Uhr wieder."),
        ("es", "Os informaremos antes de las 18:00."),
        ("fr", "Nous reviendrons vers vous avant 18h00."),
    ],
)
async def test_the_promised_update_is_vouched_for_in_every_language(world: StormWorld, language: str, said: str):
    async with boss_of(world) as boss:
        await boss.open()
        assert (await boss.text(said, language, promises_update=True, update_due=DUE))["findings"] == []


async def test_what_was_about_to_be_held_when_it_was_closed_is_drafted(
    world: StormWorld, monkeypatch: pytest.MonkeyPatch
):
    async with boss_of(world) as boss:
        await boss.open()
        await world.written("the checkout is down", "anna")
        world.wait()
        [job] = [job for job in await world.due() if job.kind == "draft"]
        look = matching.find_incident

        async def closed_meanwhile(*asked: Any, **more: Any) -> Any:
            found = await look(*asked, **more)
            await boss.close()
            return found

        with monkeypatch.context() as patch:
            patch.setattr(matching, "find_incident", closed_meanwhile)
            await world.do(job)
        await world.work()
        [draft] = await world.queue()
        assert (draft.state, (await world.case_of(draft)).author) == ("pending", "anna")
