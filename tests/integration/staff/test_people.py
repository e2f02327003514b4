import asyncio

import pytest
from sqlmodel import select

from server.db import reading
from server.models import EventRow
from server.staff.roles import PERMISSIONS, Permission, Role
from tests.integration.staff.conftest import ON_SQLITE, PASSWORD, Browser, Clock, Site

NEW = {"email": "robin@fernhollow.example", "name": "Robin Vale", "role": "rep", "brands": ["fernhollow"]}
FERNHOLLOW = frozenset({"fernhollow"})


async def test_an_admin_adds_somebody_who_comes_in_by_the_link_and_sets_a_password(site: Site):
    admin = await site.as_role(Role.ADMIN)
    added = await admin.post("/staff", NEW)
    assert added.status_code == 201
    person, secret = added.json()["person"], added.json()["link"].partition("#")[2]
    assert (person["initials"], person["has_password"]) == ("RV", False)
    browser = await site.browser()
    assert (await browser.post("/sign-in/link", {"link": secret})).json()["id"] == person["id"]
    assert (await browser.post("/me/password", {"new": PASSWORD})).status_code == 204
    assert (await (await site.browser()).sign_in("Robin@Fernhollow.example ")).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if Permission.MANAGE_STAFF not in PERMISSIONS[role]])
@ON_SQLITE
async def test_nobody_else_sees_or_changes_people(site: Site, role: Role):
    browser, other = await site.as_role(role), await site.add()
    answers = [
        await browser.get("/staff"),
        await browser.get(f"/staff/{other.id}"),
        await browser.post("/staff", NEW),
        await browser.patch(f"/staff/{other.id}", {"role": "admin"}),
        await browser.post(f"/staff/{other.id}/disable"),
        await browser.post(f"/staff/{other.id}/enable"),
        await browser.post(f"/staff/{other.id}/sign-in-link"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert "admin" in answers[0].json()["detail"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"email": "robin"}, "bad_particulars"),
        ({"time_zone": "Mars/Olympus"}, "bad_particulars"),
        ({"languages": ["English"]}, "bad_particulars"),
        ({"initials": "TOO LONG"}, "wrong_fields"),
        ({"initials": "t.co"}, "bad_particulars"),
        ({"initials": "@bob"}, "bad_particulars"),
        ({"name": "Robin\nVale"}, "wrong_fields"),
        ({"email": "robin\n@fernhollow.example"}, "wrong_fields"),
        ({"role": "owner"}, "wrong_fields"),
        ({"brands": []}, "wrong_fields"),
        ({"admin": True}, "wrong_fields"),
        ({"brands": ["nowhere"]}, "more_than_ones_own"),
    ],
)
@ON_SQLITE
async def test_what_cannot_be_is_refused_with_the_reason(site: Site, wrong: dict[str, object], code: str):
    admin = await site.as_role(Role.ADMIN)
    answer = await admin.post("/staff", NEW | wrong)
    assert (answer.status_code in (403, 422), answer.json()["code"]) == (True, code)
    assert len((await admin.get("/staff")).json()["items"]) == 1


@ON_SQLITE
async def test_an_email_is_one_persons(site: Site):
    admin = await site.as_role(Role.ADMIN)
    await admin.post("/staff", NEW)
    answer = await admin.post("/staff", NEW | {"email": "ROBIN@fernhollow.example"})
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


async def test_people_of_other_brands_do_not_exist(site: Site):
    admin, stranger = await site.as_role(Role.ADMIN, FERNHOLLOW), await site.add(Role.REP, frozenset({"tarnlight"}))
    assert stranger.id not in [person["id"] for person in (await admin.get("/staff")).json()["items"]]
    for method, path in [
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "/disable"),
        ("POST", "/enable"),
        ("POST", "/sign-in-link"),
    ]:
        body = {"name": "Mine"} if method == "PATCH" else None
        answer = await admin.ask(method, f"/staff/{stranger.id}{path}", body)
        none = await admin.ask(method, f"/staff/staff_none{path}", body)
        assert (answer.status_code, none.status_code) == (404, 404)
        assert answer.json()["detail"].replace(stranger.id, "staff_none") == none.json()["detail"]


@ON_SQLITE
async def test_what_no_database_keeps_is_nobodys_id_and_nobodys_email(site: Site):
    admin = await site.as_role(Role.ADMIN)
    assert (await admin.get("/staff/%00")).status_code == 422
    assert (await admin.delete("/tokens/token_%00")).status_code == 422
    assert (await (await site.browser()).sign_in("nan\x00@fernhollow.example")).status_code == 422


async def test_who_serves_other_brands_too_is_seen_without_them_and_left_alone(site: Site):
    admin, shared = await site.as_role(Role.ADMIN, FERNHOLLOW), await site.add(Role.REP)
    assert (await admin.get(f"/staff/{shared.id}")).json()["brands"] == ["fernhollow"]
    for answer in (
        await admin.patch(f"/staff/{shared.id}", {"role": "drafts-only"}),
        await admin.post(f"/staff/{shared.id}/disable"),
        await admin.post(f"/staff/{shared.id}/sign-in-link"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "serves_other_brands")


@ON_SQLITE
async def test_nobody_grants_a_brand_they_do_not_serve(site: Site):
    admin, person = await site.as_role(Role.ADMIN, FERNHOLLOW), await site.add(Role.REP, FERNHOLLOW)
    answer = await admin.patch(f"/staff/{person.id}", {"brands": ["fernhollow", "tarnlight"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "more_than_ones_own")


@ON_SQLITE
async def test_a_token_cut_down_to_managing_staff_makes_nobody_more_than_it_is(site: Site):
    browser = await site.as_role(Role.ADMIN)
    victim = await site.add(Role.ADMIN)
    scopes = ["staff:manage", *PERMISSIONS[Role.REP]]
    made = (await browser.post("/tokens", {"name": "provisioning", "scopes": scopes})).json()
    machine = await site.by_token(made["secret"])
    assert (await machine.post("/staff", NEW | {"role": "admin"})).json()["code"] == "more_than_ones_own"
    assert (await machine.post(f"/staff/{victim.id}/sign-in-link")).json()["code"] == "more_than_ones_own"
    added = await machine.post("/staff", NEW)
    assert added.status_code == 201
    answer = await machine.patch(f"/staff/{added.json()['person']['id']}", {"role": "supervisor"})
    assert answer.json()["code"] == "more_than_ones_own"


async def test_disabling_somebody_ends_sessions_tokens_and_links_at_once(site: Site):
    admin, person = await site.as_role(Role.ADMIN), await site.add(password=PASSWORD)
    browser = await site.enter(person)
    secret = (await browser.post("/tokens", {"name": "mine"})).json()["secret"]
    machine, link = await site.by_token(secret), await site.link(person)
    answer = await admin.post(f"/staff/{person.id}/disable")
    assert answer.json()["disabled_at"]
    assert not await browser.is_in()
    assert not await machine.is_in()
    assert (await (await site.browser()).post("/sign-in/link", {"link": link})).status_code == 401
    assert (await (await site.browser()).sign_in(person.email)).status_code == 401
    assert (await admin.post(f"/staff/{person.id}/sign-in-link")).json()["code"] == "person_is_disabled"


async def test_who_is_enabled_again_signs_in_again_and_their_tokens_stay_ended(site: Site):
    admin, person = await site.as_role(Role.ADMIN), await site.add(password=PASSWORD)
    browser = await site.enter(person)
    machine = await site.by_token((await browser.post("/tokens", {"name": "mine"})).json()["secret"])
    await admin.post(f"/staff/{person.id}/disable")
    assert (await admin.post(f"/staff/{person.id}/enable")).json()["disabled_at"] is None
    assert not await browser.is_in()
    assert not await machine.is_in()
    assert (await (await site.browser()).sign_in(person.email)).status_code == 200


async def test_a_new_link_takes_the_forgotten_password_away_and_signs_out(site: Site):
    admin, person = await site.as_role(Role.ADMIN), await site.add(password=PASSWORD)
    browser = await site.enter(person)
    made = (await admin.post(f"/staff/{person.id}/sign-in-link")).json()
    assert made["person"]["has_password"] is False
    assert not await browser.is_in()
    assert (await (await site.browser()).sign_in(person.email)).status_code == 401
    link = {"link": made["link"].partition("#")[2]}
    assert (await (await site.browser()).post("/sign-in/link", link)).status_code == 200


async def _me(browser: Browser) -> str:
    return str((await browser.get("/me")).json()["id"])


async def test_the_last_admin_of_a_brand_stays(site: Site):
    admin = await site.as_role(Role.ADMIN)
    await site.add(Role.ADMIN, FERNHOLLOW)
    own = f"/staff/{await _me(admin)}"
    for answer in (
        await admin.post(f"{own}/disable"),
        await admin.patch(own, {"role": "supervisor"}),
        await admin.patch(own, {"brands": ["fernhollow"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
        assert answer.json()["details"] == {"brands": ["tarnlight"]}
    assert (await admin.patch(own, {"brands": ["tarnlight"]})).status_code == 200


async def test_a_disabled_admin_is_no_admin_left(site: Site):
    admin, other = await site.as_role(Role.ADMIN), await site.add(Role.ADMIN)
    assert (await admin.post(f"/staff/{other.id}/disable")).status_code == 200
    assert (await admin.post(f"/staff/{await _me(admin)}/disable")).json()["code"] == "last_admin"


async def test_of_admins_who_disable_one_another_at_once_one_is_left(site: Site):
    admins = [await site.as_role(Role.ADMIN) for _ in range(4)]
    ids = [await _me(admin) for admin in admins]
    answers = await asyncio.gather(
        *(admin.post(f"/staff/{victim}/disable") for admin, victim in zip(admins, ids[1:] + ids[:1], strict=True))
    )
    assert {answer.status_code for answer in answers} <= {200, 401, 409}
    assert sum([await admin.is_in() for admin in admins]) >= 1


@ON_SQLITE
async def test_a_change_holds_from_the_next_request_on(site: Site):
    admin, person = await site.as_role(Role.ADMIN), await site.add(Role.REP)
    browser = await site.enter(person)
    assert (await admin.patch(f"/staff/{person.id}", {"role": "admin"})).status_code == 200
    assert (await browser.get("/staff")).status_code == 200
    assert (await admin.patch(f"/staff/{person.id}", {"role": "rep"})).status_code == 200
    assert (await browser.get("/staff")).status_code == 403


async def test_what_happened_is_recorded_for_each_brand_without_names(site: Site, clock: Clock):
    admin = await site.as_role(Role.ADMIN)
    person = (await admin.post("/staff", NEW)).json()["person"]
    await admin.post(f"/staff/{person['id']}/disable")
    async with reading(site.engine) as session:
        query = select(EventRow).where(EventRow.subject == person["id"]).order_by(EventRow.id)
        rows = (await session.exec(query)).all()
    assert [(row.kind, row.brand, row.at) for row in rows] == [
        ("staff.added", "fernhollow", clock.now),
        ("staff.disabled", "fernhollow", clock.now),
    ]
    assert {row.data["by"] for row in rows} == {await _me(admin)}
    assert "Robin" not in repr([row.model_dump() for row in rows])


async def test_people_are_listed_in_pages(site: Site):
    admin = await site.as_role(Role.ADMIN)
    added = [(await site.add()).id for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = (await admin.get(f"/staff?limit=2{cursor}")).json()
        seen += [person["id"] for person in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted([*added, await _me(admin)])
    assert (await admin.get("/staff?cursor=made-up")).status_code == 400
