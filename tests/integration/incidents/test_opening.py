"""A supervisor opens an incident: what belongs to it is listed with why, confirmed, and leaves the queue."""

from typing import Any

import pytest

from server.incidents.states import InIncident
from server.models import DraftRow, IncidentCaseRow
from server.staff.roles import Role
from tests.fakes.cases import BRAND, person
from tests.fakes.storms import StormWorld
from tests.integration.drafts.http import Desk, over_http

BOSS = person("supervisor", Role.SUPERVISOR)
DOWN = {"intents": ["is_it_down"], "words": ["checkout"]}


async def opened(desk: Desk, **more: Any) -> dict[str, Any]:
    body = {"brand": BRAND, "title": "Checkout is down", "match": DOWN, **more}
    answer = await desk.post(BOSS, "/incidents", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def cases(desk: Desk, incident: str, **query: Any) -> dict[str, dict[str, Any]]:
    """The listings by author."""
    answer = await desk.get(BOSS, f"/incidents/{incident}/cases", limit=200, **query)
    assert answer.status_code == 200, answer.text
    return {item["author"]: item for item in answer.json()["items"]}


async def waiting(world: StormWorld) -> set[str]:
    """The authors of what is in the queue."""
    return {(await world.case_of(draft)).author for draft in await world.queue()}


async def test_what_waits_is_listed_with_why_confirmed_and_leaves_the_queue(world: StormWorld):
    for name in ("anna", "bert"):
        await world.written("your checkout does not load, is it down?", name)
    await world.written("how long do I have to send a tent back?", "carl")
    world.wait()
    await world.work()

    async with over_http(world) as desk:
        incident = (await opened(desk))["id"]
        await world.work()
        listed = await cases(desk, incident, state="listed")
        assert set(listed) == {"anna", "bert"}
        assert all("checkout" in item["why"] for item in listed.values())
        assert await waiting(world) == {"anna", "bert", "carl"}

        seen = [item["id"] for item in listed.values()]
        told = (await desk.post(BOSS, f"/incidents/{incident}/confirm", {"seen": seen})).json()
        assert told == {"confirmed": 2, "changed": 0, "not_found": 0, "unseen": 0}
        await world.work()
        assert await waiting(world) == {"carl"}
        shown = (await desk.get(BOSS, f"/incidents/{incident}")).json()
        assert shown["cases"]["confirmed"] == 2
        assert shown["listed_at"] is not None

    held = await world.rows(DraftRow, state="held")
    assert {(draft.outcome, draft.reason_code, draft.due_at) for draft in held} == {("hold", "incident", None)}


async def test_a_post_that_comes_in_afterwards_is_held_without_a_model_and_waits_to_be_confirmed(world: StormWorld):
    async with over_http(world) as desk:
        incident = (await opened(desk))["id"]
        await world.work()
        await world.written("checkout is dead again", "dora")
        world.wait()
        await world.work()
        draft = await world.newest("dora")
        assert (draft.state, draft.outcome, draft.public_text, draft.due_at) == ("held", "hold", None, None)
        assert draft.record is not None
        assert (draft.record["incident"], draft.record["model_calls"]) == (incident, 0)
        assert set(await cases(desk, incident, state="listed")) == {"dora"}
        assert await waiting(world) == set()


async def test_who_writes_again_before_the_confirmation_is_not_confirmed_by_it(world: StormWorld):
    await world.written("the checkout is down", "anna", thread="a")
    await world.written("the checkout is down", "bert")
    world.wait()
    await world.work()
    async with over_http(world) as desk:
        incident = (await opened(desk))["id"]
        await world.work()
        seen = [item["id"] for item in (await cases(desk, incident)).values()]
        await world.written("checkout still down here", "anna", thread="a")
        world.wait()
        await world.work()
        told = (await desk.post(BOSS, f"/incidents/{incident}/confirm", {"seen": seen})).json()
        assert told == {"confirmed": 1, "changed": 0, "not_found": 1, "unseen": 1}
        await world.work()
        assert {row.case for row in await world.rows(IncidentCaseRow, state=InIncident.LISTED)} == {
            (await world.case("anna")).id
        }


async def test_what_is_no_listing_and_what_is_kept_are_told_apart_and_everybody_by_name(world: StormWorld):
    async with over_http(world) as desk:
        incident = (await opened(desk))["id"]
        await world.work()
        await world.written("the checkout is down", "anna")
        await world.written("checkout is down and I was charged twice for it", "bert")
        world.wait()
        await world.work()
        seen = [item["id"] for item in (await cases(desk, incident)).values()]
        told = (await desk.post(BOSS, f"/incidents/{incident}/confirm", {"seen": [*seen, "listing_nowhere"]})).json()
        assert told == {"confirmed": 1, "changed": 1, "not_found": 1, "unseen": 0}
        boss = {"id": BOSS.id, "name": BOSS.name}
        assert (await cases(desk, incident))["anna"]["confirmed_by"] == boss
        assert (await desk.get(BOSS, f"/incidents/{incident}")).json()["opened_by"] == boss
        [listed] = (await desk.get(BOSS, "/incidents")).json()["items"]
        assert (listed["opened_by"], listed["closed_by"]) == (boss, None)
        body = {"language": "en", "text": "We are sorry for the trouble."}
        text = (await desk.post(BOSS, f"/incidents/{incident}/texts", body)).json()
        approve = f"/incidents/{incident}/texts/{text['id']}/approve"
        approved = (await desk.post(BOSS, approve, {"digest": text["digest"]})).json()
        assert (approved["written_by"], approved["approved_by"], approved["seconded_by"]) == (boss, boss, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("checkout is down and I was charged twice for it", "money"),
        ("checkout down. where is my order FH-10423?", "order"),
        ("the checkout is down, this is the third time I write to you", "before"),
        ("checkout down, call me on +44 7700 900123", "number of theirs"),
        ("checkout is down and the stove blew up and burned my hand badly", "injury"),
    ],
)
async def test_a_post_that_holds_anything_else_stays_in_the_queue_and_says_why(world: StormWorld, text: str, why: str):
    async with over_http(world) as desk:
        incident = (await opened(desk))["id"]
        await world.work()
        await world.written(text, "emil")
        world.wait()
        await world.work()
        kept = await cases(desk, incident, state="kept")
        assert set(kept) == {"emil"}
        assert why in kept["emil"]["why"]
        assert await waiting(world) == {"emil"}


async def test_an_incident_of_another_brand_is_not_found_and_holds_nothing_of_ours(world: StormWorld):
    stranger = person("stranger", brands=("tarnlight",))
    async with over_http(world) as desk:
        incident = (await opened(desk))["id"]
        assert (await desk.get(stranger, f"/incidents/{incident}")).status_code == 404
        assert (await desk.get(stranger, "/incidents")).json()["items"] == []
        there = {"brand": BRAND, "title": "Mine", "match": DOWN}
        assert (await desk.post(stranger, "/incidents", there)).status_code == 404


@pytest.mark.parametrize(
    "match",
    [{}, {"intents": ["no_such_intent"]}, {"words": ["x1"], "accounts": ["nowhere"]}, {"like": ["post_nowhere"]}],
)
async def test_an_incident_by_which_nothing_can_be_found_is_refused(world: StormWorld, match: dict[str, Any]):
    async with over_http(world) as desk:
        answer = await desk.post(BOSS, "/incidents", {"brand": BRAND, "title": "Something", "match": match})
        assert answer.status_code == 422
        assert answer.json()["code"] == "matches_nothing"


async def test_what_was_listed_and_is_decided_or_replaced_is_not_confirmed(world: StormWorld):
    await world.written("the checkout is down", "anna", thread="a")
    await world.written("the checkout is down", "bert")
    world.wait()
    await world.work()
    async with over_http(world) as desk:
        incident = (await opened(desk))["id"]
        await world.work()
        seen = [item["id"] for item in (await cases(desk, incident)).values()]
        await world.written("hello?", "anna", thread="a")
        draft = await world.newest("bert")
        assert (await desk.decide(BOSS, draft.id, "reject", reason="spoke to him")).status_code == 200
        told = (await desk.post(BOSS, f"/incidents/{incident}/confirm", {"seen": seen})).json()
        assert told == {"confirmed": 0, "changed": 2, "not_found": 0, "unseen": 0}
        assert await cases(desk, incident) == {}
