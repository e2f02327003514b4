"""Documents over HTTP: read, put in, replaced, ended, brought back; each found, or found no more, at once."""

from datetime import UTC, datetime

import pytest

from tests.integration.policies.world import BOSS, OURS_ONLY, REP, RETURNS, THEIRS_ONLY, PolicyWorld

LONGER = RETURNS.replace("60 days", "90 days")
REPAIRS = """\
---
id: repairs
title: Torn seams
brand: fernhollow
category: repairs
audience: public
effective_from: 2026-11-01
owner: Repairs team
public_url: https://www.fernhollow.example/repairs
---

# Torn seams

Torn seams of a tent are sewn free of charge.
"""


async def test_the_folders_documents_are_there_with_who_and_why(world: PolicyWorld):
    listed = (await world.get()).json()["items"]
    assert [item["id"] for item in listed] == ["lamps", "manners", "returns"]
    returns = (await world.get("/returns")).json()
    assert (returns["state"], returns["version"], returns["begins"]) == ("in_effect", 1, "2026-02-01")
    assert returns["text"] == RETURNS
    [version] = returns["versions"]
    assert (version["kind"], version["by"], version["why"]) == ("file", None, "from the knowledge folder")


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"brand": "tarnlight"}, ["lamps", "manners"]),
        ({"category": "returns"}, ["returns"]),
        ({"audience": "internal"}, ["manners"]),
        ({"on": "2026-01-15"}, ["lamps", "manners"]),
        ({"limit": 1}, ["lamps"]),
    ],
)
async def test_documents_are_listed_by_what_is_asked(world: PolicyWorld, query: dict, ids: list[str]):
    assert [item["id"] for item in (await world.get(**query)).json()["items"]] == ids


async def test_another_brands_document_does_not_exist(world: PolicyWorld):
    assert [item["id"] for item in (await world.get(who=OURS_ONLY)).json()["items"]] == ["manners", "returns"]
    for path, query in (("", {}), ("/versions/1", {}), ("/difference", {"before": 1, "after": 1})):
        theirs = await world.get(f"/lamps{path}", OURS_ONLY, **query)
        nowhere = await world.get(f"/lumps{path}", OURS_ONLY, **query)
        assert theirs.status_code == nowhere.status_code == 404
        assert theirs.json()["detail"].replace("lamps", "lumps") == nowhere.json()["detail"]


async def test_what_was_put_in_is_found_at_once(world: PolicyWorld):
    assert not await world.told("torn seams")
    added = await world.post("", file={"name": "repairs.md", "text": REPAIRS}, why="We sew now.")
    assert added.status_code == 201, added.text
    assert added.json()["searched"]
    assert [passage.document for passage in await world.told("torn seams sewn")][:1] == ["repairs"]
    view = (await world.get("/repairs")).json()
    assert (view["versions"][0]["by"]["id"], view["versions"][0]["why"]) == (BOSS.id, "We sew now.")


async def test_a_replaced_text_is_told_no_more_and_stays_to_be_read(world: PolicyWorld):
    changed = await world.replace("returns", LONGER, why="The new terms.")
    assert changed.status_code == 200, changed.text
    assert "90 days" in await world.text_of("returns")
    assert all("60 days" not in passage.text for passage in await world.told("unused tent come back"))
    assert "60 days" in (await world.get("/returns/versions/1")).json()["text"]
    history = (await world.get("/returns")).json()["versions"]
    assert [(item["number"], item["state"], item["replaced_by"]) for item in history] == [
        (2, "in_effect", None),
        (1, "ended", 2),
    ]


async def test_what_changed_is_told_word_by_word(world: PolicyWorld):
    await world.replace("returns", LONGER.replace("Returns team", "Sales"))
    difference = (await world.get("/returns/difference", before=1, after=2)).json()
    changed = [(piece["kind"], piece["text"]) for piece in difference["text"] if piece["kind"] != "same"]
    assert changed == [("removed", "60"), ("added", "90")]
    assert {field["field"] for field in difference["fields"]} == {"owner", "answers"}
    later = "".join(piece["text"] for piece in difference["text"] if piece["kind"] != "removed")
    assert later == LONGER.split("---\n")[2]


async def test_what_was_one_brands_alone_stays_so_when_the_document_becomes_anothers_too(world: PolicyWorld):
    both = RETURNS.replace("brand: fernhollow", "brand: [fernhollow, tarnlight]").replace("60 days", "90 days")
    assert (await world.replace("returns", both)).status_code == 200
    told = (await world.get("/returns", THEIRS_ONLY)).json()
    assert ([version["number"] for version in told["versions"]], "60 days" in told["text"]) == ([2], False)
    assert (await world.get("/returns/versions/1", THEIRS_ONLY)).status_code == 404
    assert (await world.get("/returns/difference", THEIRS_ONLY, before=1, after=2)).status_code == 404
    assert len((await world.get("/returns", OURS_ONLY)).json()["versions"]) == 2


async def test_a_document_is_not_taken_from_a_brand(world: PolicyWorld):
    moved = await world.replace("returns", RETURNS.replace("brand: fernhollow", "brand: tarnlight"))
    assert (moved.status_code, moved.json()["code"]) == (409, "leaves_a_brand")
    assert (await world.get("/returns/versions/1", OURS_ONLY)).status_code == 200


async def test_a_version_in_future_begins_at_midnight_by_its_brands_clock(world: PolicyWorld):
    future = LONGER.replace("2026-02-01", "2027-06-01")
    view = (await world.replace("returns", future)).json()
    assert (view["state"], view["begins"]) == ("scheduled", "2027-06-01")
    assert (await world.get("/returns")).json()["scheduled"] == [2]
    for moment, days in (("2027-05-31T22:59:59", "60"), ("2027-05-31T23:00:00", "90")):  # summer time in London
        world.cases.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        assert f"{days} days" in await world.text_of("returns")
        found = (await world.post("/search", question="unused tent may come back", on=world.today)).json()["hits"]
        [hit] = [hit for hit in found if hit["document"] == "returns"]
        assert f"{days} days" in hit["text"]
        assert hit["passage"] == "returns#how-long"


async def test_what_was_to_begin_later_falls_away_only_if_somebody_says_so(world: PolicyWorld):
    await world.replace("returns", LONGER.replace("2026-02-01", "2027-06-01"))
    now = RETURNS.replace("60 days", "75 days")
    refused = await world.replace("returns", now)
    assert (refused.status_code, refused.json()["code"]) == (409, "scheduled_stands")
    assert refused.json()["details"]["versions"] == [2]
    assert (await world.replace("returns", now, instead_of_scheduled=True)).status_code == 200
    world.cases.now = datetime(2027, 7, 1, tzinfo=UTC)
    assert "75 days" in await world.text_of("returns")


async def test_who_saw_another_version_changes_nothing(world: PolicyWorld):
    await world.replace("returns", LONGER)
    refused = await world.replace("returns", RETURNS, version=1)
    assert (refused.status_code, refused.json()["details"]) == (409, {"version": 2})
    assert "90 days" in await world.text_of("returns")


async def test_a_retired_document_is_told_no_more(world: PolicyWorld):
    done = await world.post("/returns/retire", version=1, why="We sell no tents.")
    assert done.status_code == 200, done.text
    assert await world.told("unused tent come back") == []
    assert await world.text_of("returns") == ""
    view = (await world.get("/returns")).json()
    assert (view["state"], view["versions"][0]["why"]) == ("ended", "We sell no tents.")
    assert "60 days" in view["text"]


async def test_a_document_may_hold_until_a_day_to_come(world: PolicyWorld):
    last = {"version": 1, "last_day": "2026-12-31", "why": "New terms next year."}
    assert (await world.post("/returns/retire", **last)).status_code == 200
    assert "60 days" in await world.text_of("returns")
    assert await world.told("unused tent come back")
    world.cases.now = datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert await world.told("unused tent come back") == []
    past = {"version": 2, "last_day": "2026-12-01", "why": "Never mind."}
    assert (await world.post("/returns/retire", **past)).json()["code"] == "policy_is_over"


async def test_an_earlier_version_can_be_brought_back(world: PolicyWorld):
    await world.replace("returns", LONGER)
    await world.post("/returns/retire", version=2, why="A mistake.")
    back = await world.post("/returns/restore", version=3, earlier=1, why="It was none.")
    assert (back.status_code, back.json()["kind"], back.json()["number"]) == (200, "restored", 4)
    assert "60 days" in await world.text_of("returns")
    assert (await world.post("/returns/restore", version=4, earlier=9, why="x")).status_code == 404


async def test_who_does_not_serve_all_its_brands_changes_no_document(world: PolicyWorld):
    for who, document, status in ((OURS_ONLY, "manners", 403), (OURS_ONLY, "lamps", 404), (REP, "returns", 403)):
        body = {"version": 1, "why": "Because."}
        assert (await world.post(f"/{document}/retire", who, **body)).status_code == status
    theirs = REPAIRS.replace("fernhollow", "tarnlight")
    refused = await world.post("", OURS_ONLY, file={"name": "repairs.md", "text": theirs}, why="x")
    nowhere = await world.post(
        "", OURS_ONLY, file={"name": "repairs.md", "text": theirs.replace("tarnlight", "nowhere")}, why="x"
    )
    assert refused.status_code == nowhere.status_code == 404
    for_all = REPAIRS.replace("brand: fernhollow\n", "")
    assert (await world.post("", OURS_ONLY, file={"name": "a.md", "text": for_all}, why="x")).status_code == 403


async def test_a_document_with_errors_is_not_taken_and_each_is_named(world: PolicyWorld):
    wrong = REPAIRS.replace("category: repairs", "category: sewing").replace("free of charge", "within XX days")
    looked = (await world.post("/check", file={"name": "repairs.md", "text": wrong})).json()
    assert not looked["takeable"]
    errors = [(item["line"], item["field"]) for item in looked["problems"] if item["severity"] == "error"]
    assert errors == [(5, "category"), (14, "")]
    refused = await world.post("", file={"name": "repairs.md", "text": wrong}, why="x")
    assert (refused.status_code, refused.json()["code"]) == (422, "policy_has_problems")
    assert [item["line"] for item in refused.json()["details"]["problems"]] == [5, 14]
    assert (await world.get("/repairs")).status_code == 404


async def test_a_contradiction_with_another_document_is_an_error_before_it_is_saved(world: PolicyWorld):
    other = RETURNS.replace("id: returns", "id: tents").replace("60 days", "30 days").replace("/returns", "/tents")
    looked = (await world.post("/check", file={"name": "tents.md", "text": other})).json()
    [error] = [item for item in looked["problems"] if item["severity"] == "error"]
    assert "returns.md:19" in error["words"]
    later = {"effective_from": "2028-01-01"}
    ended = await world.post("/returns/retire", version=1, last_day="2027-12-31", why="x")
    assert ended.status_code == 200
    looked = (await world.post("/check", file={"name": "tents.md", "text": other}, fields=later)).json()
    assert looked["takeable"], looked["problems"]


async def test_an_id_is_taken_once(world: PolicyWorld):
    again = await world.post("", file={"name": "returns.md", "text": RETURNS}, why="x")
    assert (again.status_code, again.json()["code"]) == (409, "policy_exists")


async def test_a_search_tells_what_was_found_and_by_what(world: PolicyWorld):
    found = (await world.post("/search", question="may a tent come back", brand="fernhollow")).json()["hits"]
    assert found[0]["document"] == "returns"
    assert set(found[0]["scores"]) == {"total", "text", "title", "words"}
    assert {hit["document"] for hit in found} == {"returns", "manners"}
    theirs = (await world.post("/search", OURS_ONLY, question="a lamp is repaired", brand="tarnlight")).json()["hits"]
    assert {hit["document"] for hit in theirs} <= {"manners"}


async def test_a_search_tells_which_words_were_shared_and_what_was_left_out_why(world: PolicyWorld):
    await world.post("", file={"name": "repairs.md", "text": REPAIRS.replace("2026-11-01", "2027-02-01")}, why="x")
    asked = "torn seams of a tent are sewn free of charge"
    now = (await world.post("/search", question=asked)).json()
    assert "repairs" not in {hit["document"] for hit in now["hits"]}
    assert [(hit["document"], hit["left_out"]) for hit in now["left_out"]] == [("repairs", ["day"])]
    then = (await world.post("/search", question=asked, on="2027-02-01")).json()
    assert {"Torn", "seams", "sewn"} <= set(then["hits"][0]["words"])
    assert not then["left_out"]
    others = (await world.post("/search", OURS_ONLY, question="a lamp of Tarnlight is repaired for 2 years")).json()
    assert not others["left_out"], "what is another brand's is told to nobody else"
