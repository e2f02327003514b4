"""A supervisor finds a transcript by its words and by what happened in it."""

from datetime import timedelta
from typing import Any

import pytest

from server.db import writing
from server.events import repository as events
from server.staff.roles import Role
from server.transcripts import following
from tests.fakes.cases import person
from tests.integration.drafts.deeds import DeedWorld
from tests.integration.drafts.http import Desk
from tests.integration.transcripts.indexing import indexed

SUPERVISOR, REP = person("supervisor"), person("rep", Role.REP)
ELSEWHERE = person("supervisor", brands=("tarnlight",))
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def _found(desk: Desk, q: str = "", who: Any = SUPERVISOR, **asked: Any) -> list[str]:
    page = await desk.get(who, "/transcripts", **({"q": q} if q else {}), **asked)
    assert page.status_code == 200, page.text
    return [item["author"] for item in page.json()["items"]]


async def test_words_phrases_and_beginnings_are_found_whatever_their_case_and_accents(world: DeedWorld, desk: Desk):
    await world.drafted("My Größentabelle says M, the café called it an L. Order FH-10423", "ann", thread="t1")
    await world.drafted("My tent never arrived", "bob", thread="t2")
    await indexed(world.engine)
    assert await _found(desk, "GROSSENTABELLE") == ["ann"]
    assert await _found(desk, "cafe") == ["ann"]
    assert await _found(desk, "größent*") == ["ann"]
    assert await _found(desk, "fh-10423") == ["ann"]
    assert await _found(desk, '"never arrived"') == ["bob"]
    assert await _found(desk, '"arrived never"') == []
    assert await _found(desk, "my") == ["bob", "ann"]
    assert await _found(desk, "my -tent") == ["ann"]
    assert await _found(desk, "tent café") == []
    assert await _found(desk, "tent", ELSEWHERE) == []
    refused = await desk.get(SUPERVISOR, "/transcripts", q="t*")
    assert (refused.status_code, refused.json()["code"]) == (422, "cannot_be_searched")


@ON_SQLITE
@pytest.mark.parametrize("q", ["", "*", "-tent", "!?"])
async def test_a_search_without_a_word_is_refused_and_not_taken_for_everything(desk: Desk, q: str):
    refused = await desk.get(SUPERVISOR, "/transcripts", q=q)
    assert (refused.status_code, refused.json()["code"]) == (422, "cannot_be_searched")
    assert refused.json()["detail"].startswith("no word to search for")


async def test_a_transcript_is_found_by_what_happened_in_it(world: DeedWorld, desk: Desk):
    late, action = await world.late()
    await world.drafted("Can I return unused goods after 50 days?", "bob", thread="t2")
    bobs = await world.newest("bob")
    await desk.decide(REP, bobs.id, "edit", public_text="You have 90 days to return it.")
    blocked = await world.draft(bobs.id)
    rule = blocked.findings[0]["rule"]
    await desk.decide(SUPERVISOR, bobs.id, "approve", confirmed=True, override="she was promised it")
    await indexed(world.engine)
    assert await _found(desk, has="action") == [late_author := "annwood"]
    assert await _found(desk, customer="C-1") == [late_author]
    assert await _found(desk, staff="staff_rep") == ["bob"]
    assert await _found(desk, rule=rule, has="override") == ["bob"]
    assert await _found(desk, policy="returns-2026") == ["bob"]
    assert await _found(desk, written_by="model") == []
    assert set(await _found(desk, channel="x", outcome=late.outcome)) == {late_author, "bob"}
    assert await _found(desk, since=world.now.isoformat(), until=(world.now.replace(year=2027)).isoformat()) == ["bob"]
    assert action.id


@pytest.mark.parametrize("path", ["/transcripts", "/transcripts/export"])
async def test_a_brand_or_a_person_that_there_is_not_is_refused_in_words(world: DeedWorld, desk: Desk, path: str):
    for asked, words in (
        ({"brand": "fernholow"}, "“fernholow” is no brand of yours; brand is one of fernhollow"),
        ({"brand": "tarnlight"}, "“tarnlight” is no brand of yours; brand is one of fernhollow"),
        ({"staff": "staff_nobody"}, "nobody of the staff has the id “staff_nobody”"),
    ):
        refused = await desk.get(SUPERVISOR, path, **asked)
        assert (refused.status_code, refused.json()["code"]) == (422, "cannot_be_searched")
        assert refused.json()["detail"].startswith(words)
    assert (await desk.get(SUPERVISOR, path, brand="fernhollow", staff="staff_rep")).status_code == 200


async def test_a_hit_shows_where_the_words_stand_and_leads_there(world: DeedWorld, desk: Desk):
    await world.drafted("Hello there. My tent never arrived, and <b>nobody</b> answers.", "bob")
    await indexed(world.engine)
    [found] = (await desk.get(SUPERVISOR, "/transcripts", q='"NEVER arriv"* nobody')).json()["items"]
    [hit] = [hit for hit in found["hits"] if hit["kind"] == "post"]
    assert [run["text"] for run in hit["snippet"] if run["marked"]] == ["never arrived", "nobody"]
    assert "".join(run["text"] for run in hit["snippet"]).endswith("<b>nobody</b> answers.")
    entry = (await desk.get(SUPERVISOR, hit["link"].removeprefix("/api/v1"))).json()
    assert entry["id"] == hit["entry"]


async def test_what_is_deleted_is_not_found_any_more(world: DeedWorld, desk: Desk):
    post = await world.post("My secret is strawberry", "bob")
    await indexed(world.engine)
    assert await _found(desk, "strawberry") == ["bob"]
    await world.edit(post, "My secret is vanilla", "bob")
    await indexed(world.engine)
    assert (await _found(desk, "strawberry"), await _found(desk, "vanilla")) == ([], ["bob"])
    await world.delete(post, "bob")
    await indexed(world.engine)
    assert await _found(desk, "vanilla") == []


async def test_a_process_that_dies_while_it_indexes_loses_nothing(
    world: DeedWorld, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    await indexed(world.engine)
    await world.post("My tent never arrived", "bob")

    async def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(following.repository, "put_in", dies)
        with pytest.raises(KeyboardInterrupt):
            await indexed(world.engine)
    assert await _found(desk, "tent") == []
    await indexed(world.engine)
    assert await _found(desk, "tent") == ["bob"]


async def test_what_happened_while_nobody_followed_is_found_though_its_events_are_forgotten(
    world: DeedWorld, desk: Desk
):
    await indexed(world.engine)
    await world.post("My tent never arrived", "bob")
    await indexed(world.engine, follow=False)
    async with writing(world.engine) as session:
        assert await events.forget(session, before=world.now + timedelta(days=1), most=1000)
    await world.post("My stove neither", "ann", thread="t2")
    await indexed(world.engine)
    assert (await _found(desk, "tent"), await _found(desk, "stove")) == (["bob"], ["ann"])


@ON_SQLITE
async def test_pages_hold_each_transcript_once_the_newest_first(world: DeedWorld, desk: Desk):
    for number in range(5):
        await world.post("My tent never arrived", f"person{number}", thread=f"t{number}")
        world.wait()
    await indexed(world.engine)
    found, cursor = [], None
    while True:
        asked = {"q": "tent", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await desk.get(SUPERVISOR, "/transcripts", **asked)).json()
        found += [item["author"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [f"person{number}" for number in reversed(range(5))]
