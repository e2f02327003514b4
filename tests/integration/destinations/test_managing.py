"""The places that customers are sent to are changed over the API, and what could not be reached is refused."""

import pytest

from server.models import DestinationRow, EventRow
from tests.fakes.cases import BRAND
from tests.integration.destinations.world import EVERYBODYS, HEAD, NEW, RECOVERY, REP, THEIRS, DestinationWorld

WHERE = {"brand": BRAND, "channel": "x", "language": "en", "region": "UK"}


async def test_a_place_that_was_added_is_named_at_once_where_it_is_for(world: DestinationWorld):
    added = await world.post("", NEW)
    assert (added.status_code, added.json()["changed_by"]["id"], added.json()["version"]) == (201, HEAD.id, 1)
    assert NEW["target"] in await world.places.known(BRAND)
    in_us = await world.places.find("help_centre", **{**WHERE, "region": "US"})
    at_home = await world.places.find("help_centre", **WHERE)
    assert (in_us.id, at_home.id) == (NEW["id"], "fernhollow-help_centre-en")


async def test_what_was_read_before_a_change_is_not_named_after_it(world: DestinationWorld):
    before = await world.places.find("account_recovery", **WHERE)
    changed = await world.change(RECOVERY, target="https://www.fernhollow.example/locked-out")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    after = await world.places.find("account_recovery", **WHERE)
    assert after.target == "https://www.fernhollow.example/locked-out"
    assert before.target not in await world.places.known(BRAND)


async def test_a_retired_place_is_named_no_more_and_its_id_not_used_again(world: DestinationWorld):
    retired = await world.retire(RECOVERY)
    assert (retired.status_code, retired.json()["retire_reason"]) == (200, "the page is gone")
    assert await world.places.find("account_recovery", **WHERE) is None
    assert RECOVERY not in {item["id"] for item in (await world.get(limit=200)).json()["items"]}
    assert RECOVERY in {item["id"] for item in (await world.get(limit=200, retired=True)).json()["items"]}
    again = await world.post("", {**NEW, "id": RECOVERY})
    assert (again.status_code, again.json()["code"]) == (409, "destination_exists")
    late = await world.change(RECOVERY, label="Account help")
    assert (late.status_code, late.json()["code"]) == (409, "destination_retired")


async def test_who_read_an_older_version_is_told_which_one_stands(world: DestinationWorld):
    await world.change(RECOVERY, label="Account help")
    late = await world.change(RECOVERY, label="Lost account", version=1)
    assert (late.status_code, late.json()["code"], late.json()["details"]) == (
        409,
        "destination_changed",
        {"version": 2},
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("target", "http://www.fernhollow.example/us/help", "no https address"),
        ("target", "https://help@evil.example/us", "no https address"),
        ("target", "https://192.0.2.7/help", "no https address"),
        ("target", "https://www.fernhollow.example/us help", "no https address"),
        ("target", "https://www.fernhollow.example/help.", "would not be recognised"),
        ("channels", ["x", "myspace"], "“myspace” is no channel that we write on"),
        ("regions", ["MARS"], "“MARS” is no region of fernhollow; use one of EU, UK, US"),
        ("hours", "9-5", "must be in words"),
        ("hours", "Monday to Friday 9am to 25:00", "“25:00” is no time of day"),
        ("hours", "Monday to Friday 14pm to 6pm", "“14pm” is no time of day"),
        ("says", "Our help centre has the answers", "one whole sentence"),
        ("says", "Unfortunately you must look there yourself.", "is a word that fernhollow does not use"),
        ("says", "Look at https://evil.example for it.", "names an address or a number"),
        ("label", "Help\u202ecentre", "holds a sign that nobody sees"),
    ],
)
async def test_what_could_not_be_reached_or_read_is_refused_in_words(world: DestinationWorld, field, value, words):
    refused = await world.post("", {**NEW, field: value})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_destination")
    faults = refused.json()["details"]["faults"]
    assert {fault["field"] for fault in faults} == {field}
    assert words in faults[0]["words"]
    assert await world.cases.rows(DestinationRow, id=NEW["id"]) == []


async def test_a_telephone_number_is_written_as_in_a_text(world: DestinationWorld):
    phone = {**NEW, "kind": "phone", "id": "fernhollow-phone-en-mastodon", "channels": ["mastodon"], "regions": []}
    refused = await world.post("", {**phone, "target": "call us"})
    assert "no telephone number" in refused.json()["details"]["faults"][0]["words"]
    assert (await world.post("", {**phone, "target": "+44 20 7946 0199"})).status_code == 201


async def test_two_places_between_which_chance_would_choose_are_refused(world: DestinationWorld):
    refused = await world.post("", {**NEW, "regions": []})
    assert (
        "fernhollow-help_centre-en is the help_centre of fernhollow" in refused.json()["details"]["faults"][0]["words"]
    )
    assert (await world.post("", NEW)).status_code == 201
    other = await world.post("", {**NEW, "id": "another", "regions": ["EU", "US"]})
    assert other.json()["details"]["faults"][0]["field"] == "kind"


async def test_a_change_to_what_another_place_is_for_is_refused_as_well(world: DestinationWorld):
    await world.post("", NEW)
    assert (await world.change(NEW["id"], regions=[])).json()["code"] == "not_a_destination"
    assert (await world.change(NEW["id"], label="Help")).status_code == 200


async def test_a_place_of_every_brand_is_changed_by_who_serves_them_all(world: DestinationWorld):
    everybodys = {**NEW, "brand": None, "id": "any-help"}
    refused = await world.post("", everybodys)
    assert (refused.status_code, refused.json()["code"]) == (403, "of_every_brand")
    assert (await world.post("", everybodys, EVERYBODYS)).status_code == 201
    assert (await world.get("/any-help", THEIRS)).status_code == 200
    assert (await world.retire("any-help")).json()["code"] == "of_every_brand"
    told = [event.brand for event in await world.cases.rows(EventRow, kind="destination.added")]
    assert sorted(told) == ["fernhollow", "tarnlight"]


async def test_another_brands_place_is_none_that_there_is(world: DestinationWorld):
    for answer in (
        await world.get(f"/{RECOVERY}", THEIRS),
        await world.retire(RECOVERY, THEIRS),
        await world.post("", NEW, THEIRS),
        await world.change("tarnlight-help_centre-en", brand=BRAND, target=NEW["target"]),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_destination")
    assert {item["brand"] for item in (await world.get("", THEIRS)).json()["items"]} == {"tarnlight"}


async def test_a_rep_reads_and_changes_nothing(world: DestinationWorld):
    assert (await world.get(f"/{RECOVERY}", REP)).status_code == 200
    assert (await world.retire(RECOVERY, REP)).status_code == 403


async def test_an_event_says_who_changed_which_version_and_no_text(world: DestinationWorld):
    await world.change(RECOVERY, label="Account help")
    [event] = await world.cases.rows(EventRow, kind="destination.changed")
    assert (event.subject, event.brand) == (RECOVERY, BRAND)
    assert event.data == {"by": HEAD.id, "version": 2}
