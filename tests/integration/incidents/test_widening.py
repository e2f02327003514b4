"""An open incident is widened by what it has missed; what was seen stays as it was seen."""

from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import BOSS, Boss, boss_of


async def widen(boss: Boss, status: int = 200, **body: object) -> dict[str, object]:
    version = (await boss.shown())["version"]
    told = await boss.do("widen", status=status, **{"version": version, **body})
    await boss.world.work()
    return told


async def written(world: StormWorld, **posts: str) -> None:
    for author, text in posts.items():
        await world.written(text, author)
    world.wait()
    await world.work()


async def test_more_words_list_more_and_leave_what_was_listed_as_it_was_seen(world: StormWorld):
    async with boss_of(world) as boss:
        await written(world, anna="your checkout is down", bert="the till in my browser says nope", carla="nope")
        await boss.open(match={"words": ["checkout"]})
        seen = await boss.cases()
        assert set(seen) == {"anna"}
        told = await widen(boss, words=["till"])
        assert told["match"]["words"] == ["checkout", "till"]
        assert told["listed_at"] is None
        now = await boss.cases()
        assert set(now) == {"anna", "bert"}
        assert now["anna"]["id"] == seen["anna"]["id"]
        assert (await boss.shown())["listed_at"] is not None
        assert "incident.widened" in await world.events()


async def test_a_further_post_that_others_are_like_and_a_later_one_belong(world: StormWorld):
    async with boss_of(world) as boss:
        await written(world, anna="your checkout is down", bert="basket is doing strange things today")
        await boss.open(match={"words": ["checkout"]})
        [draft] = [one for one in await world.queue() if (await world.case_of(one)).author == "bert"]
        told = await widen(boss, like=[draft.target_post], likeness=0.99)
        assert (told["match"]["like"], told["match"]["likeness"]) == ([draft.target_post], 0.99)
        assert set(await boss.cases()) == {"anna", "bert"}
        await written(world, carla="basket is doing strange things today")
        assert (await boss.cases())["carla"]["draft_state"] == "held"


async def test_it_is_refused_with_nothing_to_add_and_on_what_was_not_seen(world: StormWorld):
    async with boss_of(world) as boss:
        await boss.open()
        assert (await widen(boss, status=422))["code"] == "matches_nothing"
        assert (await widen(boss, status=422, intents=["no_such_intent"]))["code"] == "matches_nothing"
        stale = await boss.desk.post(BOSS, f"/incidents/{boss.incident}/widen", {"version": 99, "words": ["till"]})
        assert (stale.status_code, stale.json()["code"]) == (409, "incident_changed")
