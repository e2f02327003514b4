"""What the forms of the settings ask of the API, and what it answers."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading
from server.models import StaffRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.fakes.models import Says, ScriptedModel
from tests.pages.conftest import ON_SQLITE, Visitor

ADMIN = person("admin", Role.ADMIN)
pytestmark = ON_SQLITE


async def _ask(visitor: Visitor, model: ScriptedModel | None, world: CaseWorld, **settings: Any) -> httpx.Response:
    visitor.who = ADMIN
    endpoint = model.endpoint(attempts=1, **settings) if model else None
    visitor.app.state.service = replace(world.service, model=endpoint)
    return await visitor.http.post("/api/v1/model/test")


async def test_a_model_that_answers_is_told_with_its_words_and_what_they_cost(visitor: Visitor, world: CaseWorld):
    model = ScriptedModel.of(Says("I am here.", usage=(1_000_000, 0)))
    told = (await _ask(visitor, model, world, price_prompt=2.0)).json()
    assert (told["answered"], told["text"], told["cost"], told["code"]) == (True, "I am here.", 2.0, None)
    [asked] = model.history
    assert len(asked["messages"]) == 1, "nothing of a customer is sent"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (httpx.Response(401, json={"error": {"message": "no such key sk-123"}}), "unavailable"),
        (httpx.ConnectError("refused"), "unavailable"),
        (Says(""), "empty"),
    ],
)
async def test_a_model_that_gives_nothing_is_told_with_why_and_is_no_error_of_ours(
    visitor: Visitor, world: CaseWorld, script: Any, code: str
):
    answer = await _ask(visitor, ScriptedModel.of(script), world)
    told = answer.json()
    assert (answer.status_code, told["answered"], told["text"], told["code"]) == (200, False, None, code)
    assert "sk-123" not in answer.text


async def test_money_that_is_spent_is_not_spent_on_trying(visitor: Visitor, world: CaseWorld):
    model = ScriptedModel.of("x")
    assert (await _ask(visitor, model, world, daily_cost_cap=0.0)).json()["code"] == "cost_cap"
    assert model.history == []


async def test_without_a_model_there_is_nothing_to_ask(visitor: Visitor, world: CaseWorld):
    answer = await _ask(visitor, None, world)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_model")


async def test_everybody_says_how_they_are_called_and_nothing_beyond(visitor: Visitor, engine: AsyncEngine):
    visitor.who = person("rep", Role.REP)
    said = {"name": "Robin Vale", "initials": "RV", "time_zone": "Europe/London"}
    answer = await visitor.http.patch("/api/v1/me", json=said)
    assert answer.status_code == 200, answer.text
    for beyond in ({"role": "admin"}, {"brands": ["tarnlight"]}, {"languages": ["de"]}):
        assert (await visitor.http.patch("/api/v1/me", json=beyond)).status_code == 422
    async with reading(engine) as session:
        row = await session.get(StaffRow, "staff_rep")
    assert row is not None
    assert (row.name, row.initials, row.time_zone, row.role) == ("Robin Vale", "RV", "Europe/London", "rep")


async def test_a_token_does_not_rename_its_person(visitor: Visitor):
    visitor.who = person("rep", Role.REP, token="token_1")
    assert (await visitor.http.patch("/api/v1/me", json={"name": "Somebody"})).status_code == 403
