"""Whoever works on drafts knows whom a case can be given to, and no more of them."""

import pytest

from server.staff.roles import PERMISSIONS, Permission, Role
from tests.integration.staff.conftest import BRANDS, ON_SQLITE, Clock, Site

FERNHOLLOW, TARNLIGHT = frozenset({"fernhollow"}), frozenset({"tarnlight"})


@pytest.mark.parametrize("role", [role for role in Role if Permission.WORK_ON_DRAFTS in PERMISSIONS[role]])
@ON_SQLITE
async def test_whoever_works_on_drafts_sees_whom_a_case_can_be_given_to(site: Site, role: Role):
    other = await site.add(Role.SUPERVISOR, FERNHOLLOW)
    browser = await site.as_role(role, FERNHOLLOW)
    found = {item["id"]: item for item in (await browser.get("/colleagues")).json()["items"]}
    assert len(found) == 2
    assert found[other.id] == {
        "id": other.id,
        "name": "Nan Supervisor",
        "role": "supervisor",
        "brands": ["fernhollow"],
        "languages": ["en"],
        "on_duty": False,
    }


async def test_who_is_disabled_or_of_other_brands_is_nobodys_colleague(site: Site):
    admin = await site.as_role(Role.ADMIN)
    gone = await site.add(Role.REP, FERNHOLLOW)
    await site.add(Role.REP, TARNLIGHT)
    both = await site.add(Role.REP, BRANDS)
    await admin.post(f"/staff/{gone.id}/disable")
    rep = await site.add(Role.REP, FERNHOLLOW)
    browser = await site.enter(rep)
    found = (await browser.get("/colleagues")).json()["items"]
    admins = (await admin.get("/me")).json()["id"]
    assert [item["id"] for item in found] == sorted([both.id, rep.id, admins])
    assert {tuple(item["brands"]) for item in found} == {("fernhollow",)}
    of_tarnlight = (await admin.get("/colleagues?brand=tarnlight")).json()["items"]
    assert rep.id not in {item["id"] for item in of_tarnlight}
    assert (await browser.get("/colleagues?brand=tarnlight")).json()["items"] == []


async def test_who_has_used_a_browser_or_a_token_within_the_hour_is_on_duty(site: Site, clock: Clock):
    at_home, by_browser, by_token = [await site.add(Role.REP) for _ in range(3)]
    made = await (await site.enter(by_token)).post("/tokens", {"name": "mine"})
    await site.enter(at_home)
    clock.pass_by(hours=2)
    browser = await site.enter(by_browser)
    script = await site.by_token(made.json()["secret"])
    assert (await script.get("/me")).status_code == 200
    found = {item["id"]: item["on_duty"] for item in (await browser.get("/colleagues")).json()["items"]}
    assert found == {at_home.id: False, by_browser.id: True, by_token.id: True}


@ON_SQLITE
async def test_colleagues_come_page_by_page(site: Site):
    added = [await site.add() for _ in range(4)]
    browser = await site.enter(added[0])
    found: list[str] = []
    path = "/colleagues?limit=3"
    while True:
        page = (await browser.get(path)).json()
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        path = f"/colleagues?limit=3&cursor={page['next']}"
    assert found == sorted(person.id for person in added)
