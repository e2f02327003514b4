"""What waits is counted as the queue shows it; filters are kept under names, alone or for everybody of a brand."""

from datetime import timedelta
from typing import Any

import pytest

from server.db import writing
from server.models import DraftFactsRow, DraftRow
from server.queue import keeping
from server.staff.roles import Role
from tests.fakes.cases import BRAND, CaseWorld, person
from tests.integration.drafts.http import Desk

RETURNS = "Can I return unused goods after 50 days?"
GERMAN = "Kann ich unbenutzte Ware nach 50 Tagen zurückgeben? Ich finde nichts dazu auf der Seite."
DANGER = "The stove exploded and burned my hand, I am in hospital"
REP, OTHER = person("rep", Role.REP), person("rep-2", Role.REP)
BOSS = person("supervisor")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def shown(desk: Desk, **filters: Any) -> set[str]:
    answer = await desk.get(REP, "/drafts", **filters)
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


async def test_what_is_counted_is_what_the_queue_shows(world: CaseWorld, desk: Desk):
    mine = await world.drafted(RETURNS, "one", thread="t1")
    late = await world.drafted(RETURNS, "two", thread="t2")
    danger = await world.drafted(DANGER, "three", thread="t3")
    await desk.post(REP, f"/cases/{mine.case}/assign", {"staff": REP.id})
    await desk.post(REP, f"/cases/{danger.case}/assign", {"staff": OTHER.id})
    async with writing(world.engine) as session:
        (await session.get_one(DraftRow, late.id)).rank = 1
    counts = (await desk.get(REP, "/queue/counts")).json()
    assert counts == {
        "all": 3,
        "danger": 1,
        "overdue": 1,
        "mine": 1,
        "unassigned": 1,
        "teams": {danger.team: 1},
        "accounts": {"account_x": 3},
        "left": {},
    }
    assert await shown(desk, danger="true") == {danger.id}
    assert await shown(desk, overdue="true") == await shown(desk, assigned_to="nobody") == {late.id}
    assert await shown(desk, assigned_to="me") == {mine.id}
    assert await shown(desk, team=danger.team) == {danger.id}
    elsewhere = person("elsewhere", brands=("tarnlight",))
    assert (await desk.get(elsewhere, "/queue/counts")).json()["all"] == 0


async def test_the_queue_is_filtered_by_what_people_ask_for(world: CaseWorld, desk: Desk):
    english = await world.drafted(RETURNS, "one", thread="t1")
    world.wait(timedelta(hours=5))
    german = await world.drafted(GERMAN, "two", thread="t2")
    danger = await world.drafted(DANGER, "three", thread="t3")
    async with writing(world.engine) as session:
        (await session.get_one(DraftFactsRow, german.id)).intent = "return_policy_of_tests"
    assert german.language == "de"
    assert await shown(desk, language="de") == {german.id}
    assert await shown(desk, intent="return_policy_of_tests") == {german.id}
    assert await shown(desk, channel="x") == {english.id, german.id, danger.id}
    assert await shown(desk, channel="bluesky") == set()
    assert await shown(desk, reason=danger.reason_code or "") == await shown(desk, outcome="hand_over") == {danger.id}
    assert await shown(desk, waits_hours=4) == {english.id}
    assert await shown(desk, state="pending", language="en") == {english.id}


async def kept(desk: Desk, who: Any, **body: Any) -> Any:
    return await desk.post(who, "/queue/views", {"name": "German", "filters": {"language": "de"}, **body})


async def seen_by(desk: Desk, who: Any) -> list[tuple[str, int]]:
    return [(one["name"], one["waiting"]) for one in (await desk.get(who, "/queue/views")).json()["items"]]


async def test_a_view_is_its_keepers_until_a_supervisor_shares_it(world: CaseWorld, desk: Desk):
    await world.drafted(GERMAN, "two", thread="t2")
    own = (await kept(desk, REP)).json()
    assert (own["filters"], own["waiting"], own["changeable"]) == ({"language": "de"}, 1, True)
    mine = (await kept(desk, REP, name="Mine", filters={"assigned_to": "me", "state": ["pending"]})).json()
    assert await seen_by(desk, REP) == [("German", 1), ("Mine", 0)]
    assert await seen_by(desk, OTHER) == []
    for method in ("get", "drop"):
        address = f"/queue/views/{own['id']}"
        answer = await (desk.get(OTHER, address) if method == "get" else drop(desk, OTHER, address))
        assert answer.status_code == 404
    assert (await kept(desk, REP, brand=BRAND)).status_code == 403
    shared = (await kept(desk, BOSS, name="For all", brand=BRAND)).json()
    assert await seen_by(desk, OTHER) == [("For all", 1)]
    assert (await drop(desk, OTHER, f"/queue/views/{shared['id']}")).status_code == 403
    assert (await kept(desk, BOSS, brand="tarnlight")).status_code == 422
    assert (await drop(desk, REP, f"/queue/views/{mine['id']}")).status_code == 204
    assert await seen_by(desk, REP) == [("For all", 1), ("German", 1)]
    told = [kind for kind in await world.events() if kind.startswith("view.")]
    assert told == ["view.shared"], "what is somebody's own is told to nobody"


async def drop(desk: Desk, who: Any, path: str) -> Any:
    await desk.get(who, "/queue/views")
    return await desk.http.delete(f"/api/v1{path}")


@ON_SQLITE
async def test_a_view_gets_another_name_other_filters_and_is_taken_back(world: CaseWorld, desk: Desk):
    own = (await kept(desk, BOSS)).json()

    async def change(**body: Any) -> Any:
        await desk.get(BOSS, "/queue/views")
        return await desk.http.patch(f"/api/v1/queue/views/{own['id']}", json=body)

    assert (await change(name="Deutsch")).json()["name"] == "Deutsch"
    assert (await change(filters={"channel": "x"}, brand=BRAND)).json()["filters"] == {"channel": "x"}
    assert await seen_by(desk, OTHER) == [("Deutsch", 0)]
    assert (await change(brand=None)).json()["brand"] is None
    assert await seen_by(desk, OTHER) == []
    assert (await change()).status_code == 422
    assert (await change(filters={"colour": "red"})).status_code == 422


@ON_SQLITE
async def test_what_a_supervisor_shares_leaves_everybody_room_for_views_of_their_own(desk: Desk, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 2)
    for name in ("one", "two"):
        assert (await kept(desk, BOSS, name=name, brand=BRAND)).status_code == 201
    assert (await kept(desk, BOSS, name="three", brand=BRAND)).json()["code"] == "too_many_views"
    assert [(await kept(desk, REP, name=name)).status_code for name in ("mine", "more", "most")] == [201, 201, 409]
