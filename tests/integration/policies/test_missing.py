"""Questions that no policy answers: collected by theme where they came up, begun as documents, gone with their case."""

from datetime import timedelta

from server.db import writing
from server.models import DraftRow, MissingPolicyRow
from server.policies import missing_repository
from tests.integration.policies.test_resting import work
from tests.integration.policies.world import BOSS, LAMPS, OURS_ONLY, THEIRS_ONLY, PolicyWorld

RENT = "@FernhollowHelp do you rent out snowshoes for a weekend in the alps"
SKETCH = {"id": "renting", "title": "Renting", "category": "orders", "owner": "Shop"}


async def ask(world: PolicyWorld, text: str, author: str) -> None:
    await world.cases.post(text, author, thread=author)
    world.cases.wait()
    await work(world)


async def themes(world: PolicyWorld, who=BOSS, **query) -> list[dict]:
    answer = await world.desk.get(who, "/missing-policies", **query)
    assert answer.status_code == 200, answer.text
    items: list[dict] = answer.json()["items"]
    return items


async def test_what_found_nothing_is_counted_by_theme(world: PolicyWorld):
    for number in range(3):
        await ask(world, f"{RENT} in 202{number}", f"asker-{number}")
    await ask(world, "@FernhollowHelp which of your factories uses solar power", "curious")
    await ask(world, "@FernhollowHelp how many days do I have to send an unused tent back? return policy", "returner")
    found = await themes(world)
    [rented] = [theme for theme in found if "snowshoes" in theme["examples"][0]]
    assert (rented["asked"], rented["brand"], len(rented["cases"])) == (3, "fernhollow", 3)
    assert not [theme for theme in found if "unused tent" in theme["examples"][0]]
    assert found[0] == rented
    assert await themes(world, brand="tarnlight") == []


async def test_of_who_asked_nothing_is_kept(world: PolicyWorld):
    await ask(world, f"{RENT}? I am ann.wood@example.com, 07700 900 123, order FH-10423 @annwood", "annwood")
    [row] = await world.cases.rows(MissingPolicyRow)
    assert "snowshoes" in row.words
    for told in ("ann", "07700", "900", "10423", "example"):
        assert told not in row.words.casefold()


async def test_a_case_that_is_drafted_again_has_asked_once(world: PolicyWorld):
    await ask(world, RENT, "asker")
    await ask(world, "I mean big snowshoes, for a weekend", "asker")
    assert len(await world.cases.rows(MissingPolicyRow)) == 1


async def test_a_document_is_begun_from_a_theme_and_is_in_effect_never(world: PolicyWorld):
    await ask(world, RENT, "asker")
    [theme] = await themes(world)
    body = {**SKETCH, "questions": theme["questions"]}
    begun = await world.desk.post(BOSS, "/missing-policies/sketch", body)
    assert begun.status_code == 201, begun.text
    assert (begun.json()["state"], begun.json()["why"]) == ("sketch", "asked 1 time, nothing found")
    assert "snowshoes" not in begun.json()["text"]
    assert await themes(world) == []
    assert (await themes(world, begun=True))[0]["documents"] == ["renting"]
    await world.policies.bring_up_to_date()
    assert await world.text_of("renting") == ""
    unfilled = await world.post("", file={"name": "renting.md", "text": begun.json()["text"]}, why="x")
    assert unfilled.json()["code"] == "policy_has_problems"
    filled = begun.json()["text"].split("# Renting")[0] + "# Renting\n\nSnowshoes are not rented out, only sold.\n"
    added = await world.post("", file={"name": "renting.md", "text": filled}, why="Asked often.")
    assert added.status_code == 201, added.text
    assert "not rented out" in await world.text_of("renting")


async def test_a_sketch_of_another_brand_keeps_its_id(world: PolicyWorld):
    await ask(world, RENT, "asker")
    [theme] = await themes(world)
    body = {**SKETCH, "questions": theme["questions"]}
    assert (await world.desk.post(OURS_ONLY, "/missing-policies/sketch", body)).status_code == 201
    theirs = (
        LAMPS.replace("id: lamps", "id: renting").replace("/lamps", "/renting").replace("lamp of", "rented lamp of")
    )
    taken = await world.post("", THEIRS_ONLY, file={"name": "renting.md", "text": theirs}, why="Ours.")
    assert (taken.status_code, taken.json()["code"]) == (409, "policy_exists")
    assert (await world.get("/renting", THEIRS_ONLY)).status_code == 404
    assert (await world.get("/renting", OURS_ONLY)).json()["state"] == "sketch"


async def test_questions_of_others_are_neither_told_nor_begun(world: PolicyWorld):
    await ask(world, RENT, "asker")
    [row] = await world.cases.rows(MissingPolicyRow)
    async with writing(world.cases.engine) as session:
        row.brand = "tarnlight"
        session.add(row)
    assert await themes(world, OURS_ONLY) == []
    refused = await world.desk.post(OURS_ONLY, "/missing-policies/sketch", {**SKETCH, "questions": [row.id]})
    assert refused.status_code == 404


async def test_a_question_goes_with_the_post_that_asked_it(world: PolicyWorld):
    await ask(world, RENT, "asker")
    await world.cases.delete("asker-1", "asker", thread="asker")
    assert await world.cases.rows(MissingPolicyRow) == []


async def test_a_question_goes_with_its_case_and_is_told_for_a_time(world: PolicyWorld):
    await ask(world, RENT, "asker")
    [draft] = await world.cases.rows(DraftRow)
    world.cases.now += timedelta(days=31)
    assert await themes(world) == []
    assert len(await themes(world, days=60)) == 1
    async with writing(world.cases.engine) as session:
        assert await missing_repository.forget(session, cases=[draft.case]) == 1
    assert await world.cases.rows(MissingPolicyRow) == []
