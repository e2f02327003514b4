"""Staff's word on who a handle is, and what it means to take it back."""

import asyncio
from datetime import timedelta

import pytest

from server.channels.linked_customers import LinkedCustomers
from server.db import writing
from server.models import (
    CustomerRow,
    DraftRow,
    EventRow,
    HandleRow,
    ImportRow,
    LinkRow,
    PrivacyIncidentRow,
    PromiseRow,
    PublicationRow,
    RestRow,
)
from server.shop.ports import SqlCustomers
from server.staff.roles import Role
from tests.fakes.networks import NOON
from tools.ports import Identity
from tools.records import Known

WORD = {
    "brand": "fernhollow",
    "channel": "X",
    "handle": "@Anna_B",
    "customer": "C-1",
    "reason": "Gave the order number and the postcode.",
}
UNKNOWN = Identity(Known.UNKNOWN)


@pytest.fixture
async def shop(channels):
    """Two customers of Fernhollow's, one of Tarnlight's, one of nobody's in particular."""
    async with writing(channels.engine) as session:
        session.add(ImportRow(id=1, source="test", started_at=NOON, switched_at=NOON))
        await session.flush()
        brands = {"C-1": "fernhollow", "C-2": "fernhollow", "C-3": "tarnlight", "C-4": None}
        for customer, brand in brands.items():
            empty = {"emails": [], "phones": [], "payment_methods": [], "consent": {}, "facts": {}}
            session.add(CustomerRow(import_id=1, id=customer, brand=brand, name=customer, **empty))
        await session.flush()
        known = {"channel": "x", "folded_channel": "x", "known": "verified"}
        row = HandleRow(import_id=1, customer="C-2", position=0, handle="bob", folded_handle="bob", **known)
        session.add(row)
    return LinkedCustomers(SqlCustomers(channels.engine), channels.engine)


async def who(shop, handle="anna_b", brand="fernhollow", channel="x") -> Identity:
    return await shop.identify(brand=brand, channel=channel, handle=handle)


async def link(door, **changes) -> dict:
    answer = await door.http.post("/links", json={**WORD, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_linked_handle_is_the_customer_from_now_on(channels, door, shop):
    assert await who(shop) == UNKNOWN
    told = await link(door)
    assert (told["linked_by"]["id"], told["handle"], told["channel"]) == ("staff_1", "Anna_B", "x")
    assert await who(shop, "@ANNA_B") == Identity(Known.LINKED, "C-1")
    assert await who(shop, brand="tarnlight") == await who(shop, channel="bluesky") == UNKNOWN


async def test_what_the_shop_has_verified_counts_for_more(channels, door, shop):
    await link(door, handle="bob", customer="C-2")
    assert await who(shop, "bob") == Identity(Known.VERIFIED, "C-2")


async def test_where_staff_and_shop_name_different_people_nobody_is_sure(channels, door, shop):
    await link(door, handle="carla", customer="C-1")
    async with writing(channels.engine) as session:
        known = {"channel": "x", "folded_channel": "x", "known": "verified"}
        session.add(HandleRow(import_id=1, customer="C-2", position=1, handle="carla", folded_handle="carla", **known))
    assert await who(shop, "carla") == UNKNOWN


async def test_a_handle_is_linked_to_one_customer_at_a_time(channels, door, shop):
    first = await link(door)
    answer = await door.http.post("/links", json={**WORD, "customer": "C-2"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_linked")
    assert answer.json()["details"] == {"link": first["id"], "customer": "C-1"}


async def test_of_many_who_link_at_once_one_wins(channels, door, shop):
    customers = ["C-1", "C-2"] * 4
    answers = await asyncio.gather(*(door.http.post("/links", json={**WORD, "customer": name}) for name in customers))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len(await channels.all(LinkRow)) == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"customer": "C-9"}, 404, "no_such_customer"),
        ({"customer": "C-3"}, 404, "no_such_customer"),
        ({"brand": "tarnlight", "customer": "C-3"}, 404, "no_such_customer"),
        ({"handle": "bob"}, 409, "known_as_another"),
        ({"handle": " @ "}, 422, "reason_missing"),
        ({"reason": "  "}, 422, None),
        ({"handle": "an\0na"}, 422, None),
        ({"reason": "\0"}, 422, None),
    ],
)
async def test_what_cannot_be_is_not_linked(channels, door, shop, changes, status, code):
    channels.sign_in(Role.REP)
    answer = await door.http.post("/links", json={**WORD, **changes})
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code
    assert await channels.all(LinkRow) == []


async def test_a_customer_of_no_brand_is_every_brands(channels, door, shop):
    await link(door, customer="C-4")
    assert (await who(shop)).customer == "C-4"


async def written_with(channels, link: str) -> None:
    """Three drafts rest on the link: one looked at, one sent, one superseded long ago."""
    await channels.take(*_incoming())
    (case,), (post,) = await channels.cases(), await channels.posts()
    fields = {
        "brand": "fernhollow",
        "case": case.id,
        "account": "fernhollow-x",
        "target_post": post.id,
        "target_version": 1,
        "public_text": "Hello",
        "claims": [],
        "findings": [],
        "created_at": NOON,
        "updated_at": NOON,
    }
    async with writing(channels.engine) as session:
        for name, state in (("d1", "pending"), ("d2", "approved"), ("d3", "superseded"), ("d4", "pending")):
            session.add(DraftRow(id=name, state=state, **fields))
        await session.flush()
        for name in ("d1", "d2", "d3"):
            session.add(RestRow(draft=name, kind="link", ref=link, digest="x"))
        session.add(
            PublicationRow(
                id="p2",
                **{name: fields[name] for name in ("brand", "case", "account", "created_at", "updated_at")},
                draft="d2",
                part="public",
                text="Hello",
                digest="x",
                key="k2",
                reply_to="1",
                recipient="anna",
                state="sent",
                send_after=NOON,
            )
        )


def _incoming():
    from tests.integration.channels.conftest import incoming

    return (incoming("1"),)


async def test_unlinking_voids_what_rests_on_it_and_names_it_in_a_privacy_incident(channels, door, shop):
    told = await link(door)
    await written_with(channels, told["id"])
    async with writing(channels.engine) as session:
        owed = {"brand": "fernhollow", "author": "anna", "what": "We'll call you.", "made_at": NOON}
        session.add(PromiseRow(id="promise_1", customer="C-1", draft="d2", **owed))
        session.add(PromiseRow(id="promise_2", customer="C-1", draft="d4", **owed))
    channels.pass_by(minutes=1)
    answer = await door.http.post(f"/links/{told['id']}/unlink", json={"reason": "It is her brother's."})
    assert answer.status_code == 201, answer.text
    incident = answer.json()
    assert (incident["drafts"], incident["publications"]) == (["d1", "d2", "d3"], ["p2"])
    assert await who(shop) == UNKNOWN
    drafts = {draft.id: draft for draft in await channels.all(DraftRow)}
    # what has been sent stays sent, what does not rest on the link stays as it is
    assert [drafts[name].state for name in ("d2", "d4")] == ["approved", "pending"]
    assert drafts["d1"].state == "superseded"
    # what was promised is owed to whoever it was sent to, and not to whom they were taken for
    assert {row.id: row.customer for row in await channels.all(PromiseRow)} == {"promise_1": None, "promise_2": "C-1"}
    assert {"customer.unlinked", "privacy_incident.opened"} <= {event.kind for event in await channels.all(EventRow)}


async def test_a_link_is_taken_back_once_and_the_handle_is_free_again(channels, door, shop):
    told = await link(door)
    answers = [
        await door.http.post(f"/links/{told['id']}/unlink", json={"reason": "It is her brother's."}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["details"]["unlinked_by"] == "staff_1"
    await link(door, customer="C-2")
    assert (await who(shop)).customer == "C-2"
    assert len(await channels.all(PrivacyIncidentRow)) == 1


async def test_an_incident_is_closed_once_with_what_came_of_it(channels, door, shop):
    told = await link(door)
    incident = (await door.http.post(f"/links/{told['id']}/unlink", json={"reason": "Wrong."})).json()["id"]
    assert len((await door.http.get("/privacy-incidents?open=true")).json()["items"]) == 1
    outcome = {"outcome": "Nothing had been sent."}
    answers = [await door.http.post(f"/privacy-incidents/{incident}/close", json=outcome) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert (await door.http.get("/privacy-incidents?open=true")).json()["items"] == []
    assert len((await door.http.get("/privacy-incidents?open=false")).json()["items"]) == 1


async def test_other_brands_links_and_incidents_are_not_there(channels, door, shop):
    channels.sign_in(Role.ADMIN, "fernhollow", "tarnlight")
    told = await link(door, brand="tarnlight", customer="C-3")
    incident = (await door.http.post(f"/links/{told['id']}/unlink", json={"reason": "Wrong."})).json()["id"]
    channels.sign_in(Role.ADMIN, "fernhollow")
    assert (await door.http.get("/links")).json()["items"] == []
    assert (await door.http.get("/privacy-incidents")).json()["items"] == []
    unlink, nothing = [
        await door.http.post(f"/links/{name}/unlink", json={"reason": "Wrong."}) for name in (told["id"], "link_0")
    ]
    close = await door.http.post(f"/privacy-incidents/{incident}/close", json={"outcome": "x"})
    assert [unlink.status_code, nothing.status_code, close.status_code] == [404, 404, 404]
    assert unlink.json()["code"] == nothing.json()["code"]


async def test_a_rep_links_and_does_not_unlink(channels, door, shop):
    channels.sign_in(Role.REP)
    told = await link(door)
    answer = await door.http.post(f"/links/{told['id']}/unlink", json={"reason": "Wrong."})
    assert answer.status_code == 403
    assert "supervisor" in answer.json()["detail"]


async def test_links_come_in_pages_newest_first(channels, door, shop):
    for number in range(5):
        channels.now = NOON + timedelta(minutes=number)
        await link(door, handle=f"anna{number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = (await door.http.get(f"/links?limit=2&customer=C-1{cursor}")).json()
        seen += [one["handle"] for one in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert seen == ["anna4", "anna3", "anna2", "anna1", "anna0"]
