"""Nobody does or sees more than the table of permissions says, through any route there is."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from server.events.rights import NEEDED, needed_for
from server.staff.roles import PERMISSIONS, Permission, Role
from server.web.app import PREFIX
from server.web.describing import permissions_of
from tests.integration.api.records import BRANDS
from tests.integration.api.route import address
from tests.integration.api.table import CROSSINGS, EVENTS, NEEDING, RECORDED, ROUTES, SIGNED_IN
from tests.integration.api.world import NOBODY, Who, World, admin_without, everybody, machine, person

OURS, THEIRS = BRANDS
NOWHERE = "nowhere"
ALL = ROUTES | NEEDING | CROSSINGS


def _declared(app: FastAPI) -> Iterator[tuple[str, set[str]]]:
    """Every route there is, with the permissions that it declares."""
    for route in iter_route_contexts(app.routes):
        for method in route.methods or {"GET"}:
            if method != "HEAD":
                yield f"{method} {route.path}", set(permissions_of(getattr(route, "dependant", None)))


def test_every_route_declares_what_it_needs_or_is_written_down_as_open(app: FastAPI):
    declared = dict(_declared(app))
    known = {name: {route.needs} if isinstance(route.needs, Permission) else set() for name, route in ROUTES.items()}
    assert len(declared) > 50
    assert declared == known, "each route must declare its permission, and stand in tests/integration/api/table.py"


def test_every_permission_is_needed_somewhere():
    assert {route.needs for route in NEEDING.values()} == set(Permission)


def _lacks(answer: httpx.Response, who: Who) -> bool:
    """Whether it was refused for a permission that they do not have."""
    if answer.status_code != 403 or answer.json()["code"] != "not_allowed":
        return False
    return answer.json()["details"].get("permission", "") not in who.may


@pytest.mark.parametrize("name", NEEDING)
async def test_a_request_is_carried_out_for_who_may_and_for_nobody_else(world: World, name: str):
    route = NEEDING[name]
    before = world.rows()
    assert (await _asked(world, NOBODY, name, OURS)).status_code == 401
    for who in [*(one for one in everybody() if route.needs not in one.may), admin_without(Permission(route.needs))]:
        answer = await _asked(world, who, name, OURS)
        assert answer.status_code == 403, f"{who}: {answer.text}"
    assert world.rows() == before
    for number, who in enumerate(one for one in everybody() if route.needs in one.may):
        answer = await _asked(world, who, name, OURS)
        if number == 0:
            assert answer.status_code == route.answers, answer.text
        assert answer.status_code != 401
        assert not _lacks(answer, who), f"{who}: {answer.text}"
    if name.startswith("GET"):
        new = world.rows() ^ before
        assert not new if name not in RECORDED else all(row.startswith('INSERT INTO "events"') for row in new)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", SIGNED_IN)
async def test_what_needs_no_permission_is_about_oneself(world: World, name: str, role: Role):
    route = SIGNED_IN[name]
    assert (await _asked(world, NOBODY, name, OURS)).status_code == 401
    answer = await _asked(world, person(role), name, OURS)
    if "{" not in name or Permission.MANAGE_STAFF in PERMISSIONS[role]:
        assert answer.status_code == route.answers
    else:
        assert _told(answer, OURS) == _told(await _asked(world, person(role), name, NOWHERE), NOWHERE)


@pytest.mark.parametrize("name", NEEDING | SIGNED_IN | CROSSINGS)
async def test_what_is_of_another_brand_does_not_exist(world: World, name: str):
    before = world.rows(OURS)
    for who in (person(Role.ADMIN, THEIRS), machine(THEIRS)):
        there = await _asked(world, who, name, OURS)
        if ALL[name].request(OURS) == ALL[name].request(NOWHERE):
            assert OURS not in there.text
        else:
            nowhere = await _asked(world, who, name, NOWHERE)
            assert _told(there, OURS) == _told(nowhere, NOWHERE), f"{who} learns something"
    assert world.rows(OURS) == before


def test_every_family_of_events_is_written_down():
    assert {kind: needed_for(kind) for kind in EVENTS} == EVENTS
    missing = {kind.partition(".")[0] for kind in NEEDED} - {kind.partition(".")[0] for kind in EVENTS}
    assert not missing, "each family of events must stand in EVENTS of tests/integration/api/table.py"
    assert {kind for kind in NEEDED if "." in kind} <= set(EVENTS)


@pytest.mark.parametrize("brand", BRANDS)
async def test_an_event_is_told_to_who_may_read_its_record_and_to_nobody_else(world: World, brand: str):
    cut_down = [admin_without(needed, brand) for needed in set(EVENTS.values()) - {Permission.READ_CASES}]
    for who in [*everybody(brand), *cut_down]:
        answer = await world.ask(who, "GET", f"{PREFIX}/events?after=0&follow=false")
        told = re.findall(r"^event: (?!stream\.)(.+)$", answer.text, re.MULTILINE)
        assert told == [kind for kind, needed in EVENTS.items() if needed in who.may], who
        assert [other for other in BRANDS if other in answer.text] == [brand]


async def test_an_answer_is_given_again_to_nobody_else(world: World):
    key = {"Idempotency-Key": "the-same"}
    name = f"POST {PREFIX}/cases/{{case}}/notes"
    method, path = address(name, ALL[name].request(OURS))
    body = {"text": "ring her"}
    first = await world.ask(person(Role.REP), method, path, body, **key)
    assert (await world.ask(person(Role.REP), method, path, body, **key)).text == first.text
    assert (await world.ask(person(Role.REP, THEIRS), method, path, body, **key)).status_code == 404
    assert (await world.ask(NOBODY, method, path, body, **key)).status_code == 401


async def _asked(world: World, who: Who, name: str, brand: str) -> httpx.Response:
    request = ALL[name].request(brand)
    method, path = address(name, request)
    return await world.ask(who, method, path, request.body)


def _told(answer: httpx.Response, brand: str) -> tuple[int, str]:
    """The answer without what names the request: its id, and the brand that it asked for."""
    return answer.status_code, re.sub(r"req_[0-9a-z]+", "", answer.text).replace(brand, "…")
