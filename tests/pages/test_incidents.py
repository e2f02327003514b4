"""Incidents as pages."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.incidents.opening import Match, open_incident
from server.incidents.states import Kind
from server.staff.roles import Role
from tests.fakes.cases import STRANGER, CaseWorld, person
from tests.fakes.storms import StormWorld
from tests.pages.conftest import ON_SQLITE, Visitor

BOSS = person("supervisor")


@pytest.fixture
async def world(engine: AsyncEngine) -> StormWorld:
    world = StormWorld(engine)
    await world.open()
    return world


async def _opened(world: CaseWorld) -> str:
    row = await open_incident(
        world.service,
        BOSS,
        brand="fernhollow",
        title="Checkout is down <b>",
        match=Match(words=("checkout",)),
        kind=Kind.INCIDENT,
        known="The checkout has been down since noon.",
    )
    return row.id


@ON_SQLITE
async def test_an_incident_lists_what_belongs_to_it_for_who_may_confirm_it(visitor: Visitor, world: CaseWorld):
    await world.drafted("checkout does not load", STRANGER)
    incident = await _opened(world)
    await world.work()
    visitor.who = BOSS
    page = await visitor.open(f"/inbox/incidents/{incident}")
    assert "Checkout is down <b>" in page.css_first("h1").text()
    [listed] = page.css("#listed [name=seen]")
    assert "disabled" not in listed.attributes
    assert page.css_first(f'form[data-api="POST /incidents/{incident}/confirm"] button') is not None


@ON_SQLITE
async def test_who_may_not_manage_incidents_sees_them_without_a_button(visitor: Visitor, world: CaseWorld):
    incident = await _opened(world)
    visitor.who = person("social", Role.SOCIAL)
    assert (await visitor.open(f"/inbox/incidents/{incident}")).css("form[data-api]") == []
    page = await visitor.open("/inbox/incidents")
    assert page.css("form[data-api]") == []
    assert page.css_first(f'a[href="/inbox/incidents/{incident}"]') is not None


@ON_SQLITE
async def test_without_an_incident_the_page_says_when_to_open_one(visitor: Visitor):
    visitor.who = BOSS
    page = await visitor.open("/inbox/incidents")
    assert "Open one when" in page.css_first(".empty").text()
    assert page.css_first('form[data-api="POST /incidents"]') is not None
