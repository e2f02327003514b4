import pytest
from sqlmodel import select

from server.db import reading
from server.models import EventRow, TokenRow
from server.staff.roles import ONLY_PEOPLE, PERMISSIONS, Permission, Role
from tests.integration.staff.conftest import ON_SQLITE, Clock, Site


async def test_a_token_is_shown_once_and_only_its_hash_is_kept(site: Site):
    browser = await site.as_role(Role.REP)
    made = (await browser.post("/tokens", {"name": "nightly report"})).json()
    assert made["secret"].startswith("dsk_")
    assert made["secret"].startswith(made["begins"])
    [listed] = (await browser.get("/tokens")).json()["items"]
    assert "secret" not in listed
    async with reading(site.engine) as session:
        rows = (await session.exec(select(TokenRow))).all()
        events = (await session.exec(select(EventRow))).all()
    assert made["secret"].removeprefix(made["begins"]) not in repr([row.model_dump() for row in [*rows, *events]])


async def test_a_token_acts_as_its_person_without_cookie_or_csrf_value(site: Site):
    person = await site.add(Role.SOCIAL)
    browser = await site.enter(person)
    made = (await browser.post("/tokens", {"name": "mine", "scopes": ["cases:read", "drafts:approve"]})).json()
    me = (await (await site.by_token(made["secret"])).get("/me")).json()
    assert (me["id"], me["token"], me["csrf"]) == (person.id, made["id"], None)
    assert me["permissions"] == ["cases:read", "drafts:approve"]
    assert (await (await site.by_token(made["secret"])).delete(f"/tokens/{made['id']}")).status_code == 204


@ON_SQLITE
async def test_without_scopes_it_allows_what_its_person_may(site: Site):
    browser = await site.as_role(Role.REP)
    made = (await browser.post("/tokens", {"name": "mine"})).json()
    assert made["scopes"] == sorted(PERMISSIONS[Role.REP])


@pytest.mark.parametrize("role", Role)
@ON_SQLITE
async def test_no_scope_exceeds_the_role(site: Site, role: Role):
    browser = await site.as_role(role)
    for permission in Permission:
        answer = await browser.post("/tokens", {"name": "mine", "scopes": [permission]})
        allowed = permission in PERMISSIONS[role]
        assert (answer.status_code, answer.json().get("code")) == (
            (201, None) if allowed else (403, "scope_beyond_role")
        ), permission


async def test_a_token_loses_what_its_person_loses_at_once(site: Site):
    admin = await site.as_role(Role.ADMIN)
    person = await site.add(Role.SUPERVISOR)
    made = (await (await site.enter(person)).post("/tokens", {"name": "mine"})).json()
    machine = await site.by_token(made["secret"])
    assert "sending:pause" in (await machine.get("/me")).json()["permissions"]
    answer = await admin.patch(f"/staff/{person.id}", {"role": "drafts-only", "brands": ["tarnlight"]})
    assert answer.status_code == 200
    me = (await machine.get("/me")).json()
    assert set(me["permissions"]) == PERMISSIONS[Role.DRAFTS_ONLY]
    assert me["brands"] == ["tarnlight"]


@ON_SQLITE
async def test_a_token_ends(site: Site, clock: Clock):
    browser = await site.as_role(Role.REP)
    made = (await browser.post("/tokens", {"name": "mine", "days": 1})).json()
    machine = await site.by_token(made["secret"])
    assert await machine.is_in()
    clock.pass_by(days=1)
    answer = await machine.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_does_not_count")


async def test_a_revoked_token_ends_at_once_and_is_listed_no_more(site: Site):
    browser = await site.as_role(Role.REP)
    made = (await browser.post("/tokens", {"name": "mine"})).json()
    machine = await site.by_token(made["secret"])
    assert await machine.is_in()
    for _ in range(2):
        assert (await browser.delete(f"/tokens/{made['id']}")).status_code == 204
    assert not await machine.is_in()
    assert (await browser.get("/tokens")).json()["items"] == []


@ON_SQLITE
async def test_a_token_makes_no_tokens_and_sets_no_password(site: Site):
    made = (await (await site.as_role(Role.ADMIN)).post("/tokens", {"name": "mine"})).json()
    machine = await site.by_token(made["secret"])
    assert (await machine.post("/tokens", {"name": "another"})).json()["code"] == "needs_a_browser"
    answer = await machine.post("/me/password", {"new": "four words nobody guesses"})
    assert answer.json()["code"] == "needs_a_browser"


async def test_nobody_sees_or_ends_somebody_elses_token(site: Site):
    made = (await (await site.as_role(Role.REP)).post("/tokens", {"name": "mine"})).json()
    for role in (Role.REP, Role.ADMIN):
        other = await site.as_role(role)
        assert (await other.get("/tokens")).json()["items"] == []
        answer = await other.delete(f"/tokens/{made['id']}")
        none = await other.delete("/tokens/token_none")
        assert (answer.status_code, none.status_code) == (404, 404)
        assert answer.json()["detail"].replace(made["id"], "") == none.json()["detail"].replace("token_none", "")
    assert await (await site.by_token(made["secret"])).is_in()


@ON_SQLITE
async def test_a_token_can_end_itself_and_no_other(site: Site):
    browser = await site.as_role(Role.REP)
    one, other = [(await browser.post("/tokens", {"name": name})).json() for name in ("one", "other")]
    leaked = await site.by_token(one["secret"])
    assert (await leaked.delete(f"/tokens/{other['id']}")).status_code == 404
    assert (await leaked.delete(f"/tokens/{one['id']}")).status_code == 204


@ON_SQLITE
async def test_a_sign_in_links_secret_is_no_token_and_a_token_is_no_link(site: Site):
    person = await site.add()
    assert not await (await site.by_token(await site.link(person))).is_in()
    made = (await (await site.enter(person)).post("/tokens", {"name": "mine"})).json()
    answer = await (await site.browser()).post("/sign-in/link", {"link": made["secret"]})
    assert answer.json()["code"] == "link_does_not_count"


async def test_a_machines_token_is_bound_to_its_brands(site: Site):
    admin = await site.as_role(Role.ADMIN)
    body = {"kind": "machine", "name": "helpdesk", "scopes": ["cases:read"], "brands": ["tarnlight"]}
    made = (await admin.post("/tokens", body)).json()
    me = (await (await site.by_token(made["secret"])).get("/me")).json()
    assert (me["id"], me["role"], me["brands"], me["permissions"]) == (made["id"], None, ["tarnlight"], ["cases:read"])


@ON_SQLITE
async def test_only_who_manages_staff_makes_a_machines_token_and_for_no_brand_but_theirs(site: Site):
    body = {"kind": "machine", "name": "helpdesk", "scopes": ["cases:read"], "brands": ["tarnlight"]}
    supervisor = await site.as_role(Role.SUPERVISOR)
    assert (await supervisor.post("/tokens", body)).status_code == 403
    admin = await site.as_role(Role.ADMIN, frozenset({"fernhollow"}))
    assert (await admin.post("/tokens", body)).json()["code"] == "more_than_ones_own"
    assert (await admin.post("/tokens", body | {"brands": []})).json()["code"] == "bad_token_terms"
    assert (await admin.post("/tokens", body | {"brands": ["fernhollow"]})).status_code == 201


@ON_SQLITE
async def test_a_machine_gets_no_scope_for_which_a_person_answers(site: Site):
    admin = await site.as_role(Role.ADMIN)
    for permission in Permission:
        body = {"kind": "machine", "name": "helpdesk", "scopes": [permission], "brands": ["tarnlight"]}
        expected = 422 if permission in ONLY_PEOPLE else 201
        assert (await admin.post("/tokens", body)).status_code == expected, permission


async def test_an_admin_sees_and_ends_the_machines_of_their_brands_alone(site: Site):
    both = await site.as_role(Role.ADMIN)
    body = {"kind": "machine", "name": "helpdesk", "scopes": ["cases:read"]}
    theirs = (await both.post("/tokens", body | {"brands": ["tarnlight"]})).json()
    shared = (await both.post("/tokens", body | {"brands": ["tarnlight", "fernhollow"]})).json()
    admin = await site.as_role(Role.ADMIN, frozenset({"fernhollow"}))
    [seen] = (await admin.get("/tokens")).json()["items"]
    assert (seen["id"], seen["brands"]) == (shared["id"], ["fernhollow"])
    assert (await admin.delete(f"/tokens/{theirs['id']}")).status_code == 404
    assert (await admin.delete(f"/tokens/{shared['id']}")).status_code == 403
    assert (await both.delete(f"/tokens/{shared['id']}")).status_code == 204
    assert not await (await site.by_token(shared["secret"])).is_in()


async def test_when_a_token_was_last_used_is_told(site: Site, clock: Clock):
    browser = await site.as_role(Role.REP)
    made = (await browser.post("/tokens", {"name": "mine"})).json()
    assert made["used_at"] is None
    await (await site.by_token(made["secret"])).get("/me")
    [listed] = (await browser.get("/tokens")).json()["items"]
    assert listed["used_at"] == clock.now.isoformat().replace("+00:00", "Z")


async def test_a_tokens_answer_is_not_kept_for_a_repeated_request(site: Site):
    browser = await site.as_role(Role.REP)
    answers = [await browser.post("/tokens", {"name": "mine"}, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert len((await browser.get("/tokens")).json()["items"]) == 1
