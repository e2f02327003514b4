"""What belongs to an incident: by likeness, of some accounts, since a moment; and what the model is asked meanwhile."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from server.models import EventRow
from server.settings import Settings
from server.staff.roles import Role
from tests.fakes.cases import BRAND, person
from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import BOSS, boss_of


async def test_posts_like_those_pointed_out_are_found(world: StormWorld):
    example = await world.written("the basket page shows a white screen when I press pay", "anna")
    await world.written("white screen when I press pay on the basket page", "bert")
    await world.written("how long do I have to send a tent back?", "carl")
    world.wait()
    await world.work()
    async with boss_of(world) as boss:
        like = [(await world.stored(example)).id]
        await boss.open(match={"like": like, "likeness": 0.75})
        listed = await boss.cases(state="listed")
        assert set(listed) == {"anna", "bert"}
        assert "is like" in listed["bert"]["why"]
        assert listed["bert"]["likeness"] > 0.75
        await world.written("only a white screen on the basket page when I press pay", "dora")
        world.wait()
        await world.work()
        assert (await world.newest("dora")).state == "held"


async def test_only_posts_since_then_are_meant(world: StormWorld):
    await world.written("is the checkout down?", "anna")
    world.wait(timedelta(minutes=30))
    since = world.now.isoformat()
    await world.written("is the checkout down?", "bert")
    world.wait()
    await world.work()
    async with boss_of(world) as boss:
        await boss.open(match={"words": ["checkout"], "since": since, "accounts": ["account_x"]})
        assert set(await boss.cases()) == {"bert"}


async def test_a_draft_that_was_being_written_when_the_incident_was_opened_is_listed_all_the_same(world: StormWorld):
    await world.written("is the checkout down?", "anna")
    world.wait()
    [job] = [job for job in await world.due() if job.kind == "draft"]
    async with boss_of(world) as boss:
        answer = await boss.desk.post(
            BOSS, "/incidents", {"brand": BRAND, "title": "Checkout", "match": {"words": ["checkout"]}}
        )
        boss.incident = answer.json()["id"]
        await world.do(job)
        await world.work()
        assert {item["draft_state"] for item in (await boss.cases()).values()} == {"held"}


async def test_a_case_that_a_colleague_has_is_left_to_them(world: StormWorld):
    await world.written("is the checkout down?", "anna")
    world.wait()
    await world.work()
    async with boss_of(world) as boss:
        await boss.open()
        case = await world.case("anna")
        assert (await boss.desk.post(person("rep", Role.REP), f"/cases/{case.id}/claim", {})).status_code == 200
        await boss.confirm_all()
        kept = await boss.cases(state="kept")
        assert "a colleague has the case" in kept["anna"]["why"]
        assert len(await world.queue()) == 1


async def test_danger_does_not_wait_until_its_author_is_quiet(world: StormWorld):
    await world.written("is the checkout down?", "anna")
    await world.written("the stove exploded and burned my hand", "bert")
    world.wait(timedelta(seconds=2))
    await world.work()
    [first] = await world.queue()
    assert ((await world.case_of(first)).author, first.rank) == ("bert", 0)
    assert (await world.newest("anna")).state == "drafting"
    [handed_over] = await world.rows(EventRow, kind="draft.handed_over")
    assert handed_over.at == world.now


async def test_while_too_many_wait_the_composer_writes_and_says_so(world: StormWorld):
    asked = []

    async def model(*_: Any, **__: Any) -> Any:
        asked.append(1)
        raise AssertionError("no model is asked while so many wait")

    settings = Settings(model_backlog=2)
    world.service = replace(world.service, settings=settings, desk=replace(world.service.desk, model=model))
    for name in ("anna", "bert", "cora"):
        await world.written("how long do I have to send unused goods back?", name)
    world.wait()
    [job, *_] = [job for job in await world.due() if job.kind == "draft"]
    await world.do(job)
    [draft] = await world.queue()
    draft = await world.draft(draft.id)
    assert draft.written_by == "composer"
    assert draft.record is not None
    assert draft.record["notes"] == ["written without AI: more than 2 drafts wait to be written"]
    assert asked == []


async def test_a_case_waits_for_the_text_of_one_incident_only(world: StormWorld):
    await world.written("is the checkout down?", "anna")
    world.wait()
    await world.work()
    async with boss_of(world) as first, boss_of(world) as second:
        await first.open()
        await second.open(title="Basket is down")
        assert set(await first.cases()) == {"anna"}
        assert await second.cases() == {}
        await first.confirm_all()
        assert (await second.shown())["cases"]["listed"] == 0


async def test_an_outage_is_found_in_many_words_praise_is_not_and_money_and_danger_stay_in_the_queue(world: StormWorld):
    posts = {
        "spins": "cannot check out, page just spins",
        "kasse": "eure Seite geht nicht, Kasse hängt",
        "pagar": "la web no funciona, no puedo pagar",
        "praise": "love the new jackets, checkout works great btw",
        "card": "checkout down, my gift card balance is gone",
        "rope": "checkout DOWN need the rope tonight or we die up there lol",
    }
    for author, text in posts.items():
        await world.written(text, author)
    world.wait()
    await world.work()
    async with boss_of(world) as boss:
        await boss.open()
        states = {author: item["state"] for author, item in (await boss.cases()).items()}
        why = (await boss.cases())["card"]["why"]
    assert states == {"spins": "listed", "kasse": "listed", "pagar": "listed", "card": "kept", "rope": "kept"}
    assert "about money" in why
