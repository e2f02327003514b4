import json
from dataclasses import replace
from datetime import timedelta

import pytest

from server.db import writing
from server.models import EventRow
from server.shop.importing import import_folder
from server.shop.ports import SqlCustomers
from tests.fakes.cases import CaseWorld
from tests.fakes.small_shop import BOB
from tests.integration.conversations.conftest import ON_SQLITE, Panel
from tools.records import Handle, Known, Promise

LATE = "Where is my order FH-10423? It is so late."


async def test_a_session_shows_at_once_who_it_is_and_what_is_wrong(panel: Panel):
    opened = await panel.open(customer="C-1")
    conversation, overview = opened["conversation"], opened["overview"]
    assert (conversation["known"], conversation["found_by"]) == ("possible", "customer")
    assert "before you have confirmed" in conversation["sure"]
    assert (overview["customer"]["name"], overview["customer"]["since"]) == ("Ann Wood", "2019-03-01")
    [order] = overview["orders"]
    assert order["order"] == "FH-10423"
    assert "6 days late" in order["wrong"][0]["words"]
    assert (order["wrong"][0]["code"], order["wrong"][0]["values"]["days"]) == ("late_on_its_way", 6)
    assert overview["headlines"] == [{**order["wrong"][0], "order": "FH-10423"}]
    assert [one["order"] for one in overview["purchases"]] == ["FH-10423", "FH-9000"]
    assert overview["unread"] == []


async def test_that_somebody_looked_is_written_down_with_ids_alone(panel: Panel):
    opened = await panel.open(customer="C-1")
    [event] = [row for row in await panel.world.rows(EventRow) if row.kind == "conversation.opened"]
    assert event.subject == opened["conversation"]["id"]
    assert (event.data["customer"], event.data["by"]) == ("C-1", "staff_rep")
    assert "Ann" not in json.dumps(event.data)


async def test_earlier_complaints_and_open_promises_are_told(panel: Panel):
    world = panel.world
    await world.drafted(LATE)
    await world.drafted("My jacket came torn, the seam is broken!", thread="t2")
    owed = Promise("PR-1", "C-1", "a call back", world.now - timedelta(days=2), due=world.now - timedelta(days=1))
    world.shop["promises"].add(owed)
    overview = (await panel.open(customer="C-1"))["overview"]
    assert "complaints_unresolved" in [line["code"] for line in overview["headlines"]]
    assert [one["kind"] for one in overview["contacts"]] == ["case", "case"]
    assert all(one["unresolved"] for one in overview["contacts"])
    assert [(one["what"], one["overdue"]) for one in overview["promises"]] == [("a call back", True)]


@ON_SQLITE
@pytest.mark.parametrize(
    ("said", "complains"),
    [
        ("The stove exploded and burned my hand", True),
        ("I want my money back for order FH-10423", True),
        ("What are your opening hours on Saturday?", False),
    ],
)
async def test_what_counts_as_a_complaint_is_what_holds_questions_back(panel: Panel, said: str, complains: bool):
    await panel.world.drafted(said)
    [contact] = (await panel.open(customer="C-1"))["overview"]["contacts"]
    assert contact["complaint"] is complains


@ON_SQLITE
async def test_a_session_in_which_nothing_was_asked_is_no_contact(panel: Panel):
    await panel.opened(customer="C-1")
    asked = await panel.opened(customer="C-1")
    await panel.turn(asked, text="Where is it?")
    overview = (await panel.open(customer="C-1"))["overview"]
    assert [one["id"] for one in overview["contacts"]] == [asked]


@ON_SQLITE
async def test_what_cannot_be_read_is_said_and_nothing_is_claimed_of_it(panel: Panel):
    panel.world.shop["orders"].go_down(since=panel.world.now.replace(hour=11, minute=3))
    overview = (await panel.open(customer="C-1"))["overview"]
    assert [line["words"] for line in overview["unread"]] == ["orders unreachable since 11:03 UTC"]
    assert overview["headlines"][0]["words"] == "orders unreachable since 11:03 UTC"
    assert overview["orders"] is None
    assert overview["purchases"] is None
    panel.world.shop["orders"].go_down(as_of=panel.world.now - timedelta(days=2))
    again = (await panel.open(customer="C-1"))["overview"]
    assert [line["words"] for line in again["unread"]] == ["orders as of 12:00 UTC, 18 November"]
    assert again["orders"] is None


@ON_SQLITE
async def test_a_handle_is_as_sure_as_the_records_are_where_it_speaks_and_nowhere_else(panel: Panel):
    there = (await panel.open(handle="@AnnWood", channel="x"))["conversation"]
    assert (there["customer"], there["known"]) == ("C-1", "verified")
    called = (await panel.open(handle="annwood", handle_channel="x", channel="phone"))["conversation"]
    assert (called["customer"], called["known"]) == ("C-1", "possible")
    draft = await panel.world.drafted(LATE)
    of_case = (await panel.open(case=draft.case, channel="x"))["conversation"]
    assert (of_case["customer"], of_case["known"], of_case["case"]) == ("C-1", "verified", draft.case)


@ON_SQLITE
async def test_a_channel_on_which_nobody_speaks_is_refused_with_those_that_there_are(panel: Panel):
    refused = await panel.ask("POST", "/conversations", {"channel": "phoen", "customer": "C-1"})
    assert (refused.status_code, refused.json()["code"]) == (422, "channel_unknown")
    assert refused.json()["detail"] == "nobody speaks on “phoen”; channel is one of phone, chat, email, x"
    assert (await panel.open(channel="Phone", customer="C-1"))["conversation"]["channel"] == "phone"


@ON_SQLITE
async def test_a_handle_that_somebody_names_on_the_phone_is_looked_for_on_every_network(panel: Panel):
    async with writing(panel.world.engine) as session:
        elsewhere = panel.world.account
        elsewhere.id, elsewhere.channel = "account_m", "mastodon"
        session.add(elsewhere)
    called = (await panel.open(handle="@AnnWood", channel="phone"))["conversation"]
    assert (called["customer"], called["known"]) == ("C-1", "possible")
    bob = replace(BOB, brand="fernhollow", handles=(Handle("mastodon", "annwood", Known.VERIFIED),))
    panel.world.shop["customers"].add(bob)
    several = await panel.ask("POST", "/conversations", {"channel": "phone", "handle": "annwood"})
    assert (several.status_code, several.json()["details"]["customers"]) == (409, ["C-1", bob.id])
    assert "`handle_channel`" in several.json()["detail"]
    named = (await panel.open(handle="annwood", handle_channel="mastodon", channel="phone"))["conversation"]
    assert named["customer"] == bob.id


@ON_SQLITE
async def test_a_case_of_somebody_else_is_no_matter_of_this_session(panel: Panel):
    handles = (Handle("x", "bobhill", Known.VERIFIED),)
    panel.world.shop["customers"].add(replace(BOB, brand="fernhollow", handles=handles))
    draft = await panel.world.drafted(LATE, "bobhill")
    answer = await panel.ask("POST", "/conversations", {"channel": "x", "customer": "C-1", "case": draft.case})
    assert (answer.status_code, answer.json()["code"]) == (409, "case_of_somebody_else")


@ON_SQLITE
async def test_what_is_too_long_to_be_read_is_refused_with_what_to_do(panel: Panel):
    conversation = await panel.opened(customer="C-1")
    body = {"kind": "reply", "text": "x" * 10_001}
    refused = await panel.ask("POST", f"/conversations/{conversation}/turns", body)
    assert refused.status_code == 422
    assert refused.json()["detail"] == "body.text: at most 10,000 characters: paste the last messages"


@ON_SQLITE
async def test_nobody_found_is_told_in_words_that_help(panel: Panel):
    for whom, words in (
        ({"customer": "C-99"}, "try their e-mail address"),
        ({"handle": "nobody.knows", "channel": "x"}, "ask for an order number"),
        ({"email": "nobody@example.com"}, "ask for an order number"),
        ({"order": "FH-1"}, "ask for their e-mail address"),
        ({"case": "case_1"}, "no such case"),
    ):
        answer = await panel.ask("POST", "/conversations", {"channel": "phone", **whom})
        assert answer.status_code == 404, answer.text
        assert words in answer.json()["detail"]
    unclear = await panel.ask("POST", "/conversations", {"channel": "phone", "customer": "C-1", "order": "FH-1"})
    assert unclear.status_code == 422


async def test_an_address_or_a_number_finds_its_customer_and_says_if_it_has_several(panel: Panel, tmp_path):
    world = panel.world
    people = [
        {"id": "D-1", "brand": "fernhollow", "name": "Dora One", "emails": ["Dora_1@example.com"]},
        {"id": "D-2", "brand": "fernhollow", "name": "Dora Two", "emails": ["both@example.com"]},
        {"id": "D-3", "brand": "fernhollow", "name": "Dora Three", "emails": ["both@example.com"]},
        {"id": "D-4", "brand": "tarnlight", "name": "Dora Four", "emails": ["four@example.com", "dorax1@example.com"]},
    ]
    line = {"id": "1", "title": "Cup", "quantity": 1, "unit_price": 900}
    order = {"id": "FH-55", "customer": "D-1", "status": "shipped", "currency": "GBP", "lines": [line]}
    (tmp_path / "customers.jsonl").write_text("\n".join(map(json.dumps, people)), encoding="utf-8")
    (tmp_path / "orders.jsonl").write_text(json.dumps(order), encoding="utf-8")
    await import_folder(world.engine, tmp_path)
    desk = world.service.desk
    panel.app.state.service = replace(
        world.service, desk=replace(desk, ports=replace(desk.ports, customers=SqlCustomers(world.engine)))
    )
    by_email = (await panel.open(email="dora_1@EXAMPLE.com"))["conversation"]
    assert (by_email["customer"], by_email["known"], by_email["found_by"]) == ("D-1", "possible", "email")
    for said in ("# fh-55", "55", "#55", "fh 55", "FH55", "fh- 55", "FH–55"):
        assert (await panel.open(order=said))["conversation"]["customer"] == "D-1", said
    for said in ("5", "155", "TL55", "fh", "FH-5"):
        other = await panel.ask("POST", "/conversations", {"channel": "phone", "order": said})
        assert other.status_code == 404, said
    several = await panel.ask("POST", "/conversations", {"channel": "phone", "email": "both@example.com"})
    assert (several.status_code, several.json()["code"]) == (409, "several_customers")
    assert several.json()["details"]["customers"] == ["D-2", "D-3"]
    assert "ask for an order number" in several.json()["detail"]
    theirs = await panel.ask("POST", "/conversations", {"channel": "phone", "email": "four@example.com"})
    assert theirs.status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_caller_is_confirmed_in_words_and_the_session_closed_once(panel: Panel, world: CaseWorld):
    conversation = await panel.opened(customer="C-1")
    path = f"/conversations/{conversation}"
    assert (await panel.ask("POST", f"{path}/confirm", {"how": " "})).status_code == 422
    confirmed = (await panel.ask("POST", f"{path}/confirm", {"how": "named the postcode"})).json()
    assert (confirmed["known"], confirmed["confirmed_by"]) == ("verified", "named the postcode")
    assert (await panel.ask("GET", path, who="elsewhere")).status_code == 404
    closed = (await panel.ask("POST", f"{path}/close")).json()
    assert closed["closed_at"] is not None
    assert (await panel.ask("POST", f"{path}/close")).json() == closed
    refused = await panel.ask("POST", f"{path}/confirm", {"how": "again"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conversation_closed")
    assert await world.events() == ["conversation.opened", "conversation.confirmed", "conversation.closed"]


@ON_SQLITE
async def test_sessions_are_listed_the_newest_first_ones_own_or_everybodys(panel: Panel):
    first = await panel.opened(customer="C-1")
    panel.world.wait(timedelta(minutes=1))
    second = await panel.opened(customer="C-1")
    page = (await panel.ask("GET", "/conversations", limit=1)).json()
    assert [one["id"] for one in page["items"]] == [second]
    rest = (await panel.ask("GET", "/conversations", limit=1, cursor=page["next"])).json()
    assert [one["id"] for one in rest["items"]] == [first]
    assert (await panel.ask("GET", "/conversations", who="colleague")).json()["items"] == []
    theirs = (await panel.ask("GET", "/conversations", who="colleague", mine=False, customer="C-1")).json()
    assert len(theirs["items"]) == 2
    assert (await panel.ask("GET", "/conversations", who="elsewhere", mine=False)).json()["items"] == []
