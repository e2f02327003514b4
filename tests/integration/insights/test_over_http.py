"""Figures over HTTP: with their words, what they count, as sheets, and of single people where a house wants that."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.insights.definitions import DEFINITIONS
from server.settings import Settings
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.http import Desk, over_http
from tests.integration.insights.week import LONG_AFTER, Week, at

BOSS = person("supervisor", brands=("pine",))
WEEK = {"from": "2026-11-09T00:00:00Z", "to": "2026-11-16T00:00:00Z"}


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with over_http(CaseWorld(engine, now=LONG_AFTER)) as desk:
        yield desk


async def figures(desk: Desk, **query: Any) -> dict[str, Any]:
    answer = await desk.get(BOSS, "/insights", **{**WEEK, **query})
    assert answer.status_code == 200, answer.text
    return {figure["name"]: figure for figure in answer.json()["figures"]}


async def test_every_figure_comes_with_its_words_and_what_it_is_made_of(week: Week, desk: Desk):
    week.answered(week.case("a"), at(0), at(0, 2))
    await week.save()
    told = await figures(desk)
    assert list(told) == [str(name) for name in DEFINITIONS]
    for name, definition in DEFINITIONS.items():
        assert (told[name]["definition"], told[name]["limits"]) == (definition.words, definition.limits)
        assert all(part["words"] for part in told[name]["parts"])
    first = {part["name"]: part for part in told["first_real_answer"]["parts"]}
    assert (first["median_elapsed"]["value"], first["median_elapsed"]["numerator"]) == (7200, 1)
    assert first["answered"]["ids"] == ["post-0"]
    alone = (await desk.get(BOSS, "/insights/first_real_answer", **WEEK)).json()
    assert alone == told["first_real_answer"]


async def test_what_was_counted_is_listed_in_pages(week: Week, desk: Desk):
    for number in range(25):
        week.answered(week.case(f"a{number:02}"), at(0, number / 60), at(1))
    await week.save()
    [part] = [one for one in (await figures(desk))["first_real_answer"]["parts"] if one["name"] == "answered"]
    assert (part["numerator"], part["ids"]) == (25, [])  # too many to stand beside the number
    seen: list[str] = []
    cursor = None
    while True:
        query = {**WEEK, "part": "answered", "limit": 10, **({"cursor": cursor} if cursor else {})}
        page = (await desk.get(BOSS, "/insights/first_real_answer/records", **query)).json()
        seen += [record["id"] for record in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"post-{number}" for number in range(25)]
    missing = await desk.get(BOSS, "/insights/first_real_answer/records", **WEEK, part="nonsense")
    assert missing.status_code == 404
    assert "answered" in missing.json()["details"]["parts"]


async def test_sheets_hold_the_definition_and_run_nothing(week: Week, desk: Desk):
    week.answered(week.case("a"), at(0), at(0, 2))
    case = week.case("=cmd")
    week.answered(case, at(0), at(0, 1))
    await week.save()
    answer = await desk.get(BOSS, "/insights/first_real_answer/csv", **WEEK)
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert lines[0]["definition"] == DEFINITIONS[next(iter(DEFINITIONS))].words
    assert (lines[0]["part"], float(lines[0]["value"]), lines[0]["n"]) == ("median_elapsed", 5400, "2")
    records = (await desk.get(BOSS, "/insights/solved/csv", **WEEK, part="solved")).text
    assert {line["id"] for line in csv.DictReader(io.StringIO(records))} == {"case-pine-x-a-a", "case-pine-x-=cmd-=cmd"}


async def test_whoever_may_not_read_figures_or_serves_another_brand_reads_none(week: Week, desk: Desk):
    week.answered(week.case("a"), at(0), at(0, 2))
    await week.save()
    for path in ("/insights", "/insights/solved", "/insights/solved/csv", "/insights/people"):
        assert (await desk.get(person("rep", Role.REP, brands=("pine",)), path, **WEEK)).status_code == 403
    elsewhere = (await desk.get(person("boss", brands=("fir",)), "/insights", **WEEK)).json()
    assert {figure["n"] for figure in elsewhere["figures"]} == {0}
    assert (await figures(desk, brand="fir"))["first_real_answer"]["n"] == 0


async def test_a_span_that_is_none_is_refused(week: Week, desk: Desk):
    await week.save()
    assert (await desk.get(BOSS, "/insights", **{"from": WEEK["to"], "to": WEEK["from"]})).status_code == 422
    assert (await desk.get(BOSS, "/insights", **{"from": "2020-01-01T00:00:00Z"})).status_code == 422


async def test_single_people_are_not_looked_at_unless_a_house_decides_to(week: Week, engine: AsyncEngine):
    for number, used in enumerate(("unchanged", "light", "heavy")):
        case = week.case(f"a{number}")
        staff = "staff_ann" if number < 2 else "staff_ben"
        week.answer(week.draft(case, week.post(case, at(0)), used=used), at(0, 1), staff=staff, repeats=number == 1)
    week.answered(week.case("storm"), at(0), at(0, 1), incident="incident_1")
    await week.save()
    world = CaseWorld(engine, now=LONG_AFTER)
    async with over_http(world) as desk:
        refused = await desk.get(BOSS, "/insights/people", **WEEK)
        assert (refused.status_code, refused.json()["details"]["setting"]) == (403, "DESKSIDE_INSIGHTS_PER_PERSON")
    world.service = replace(world.service, settings=Settings(insights_per_person=True))
    async with over_http(world) as desk:
        people = (await desk.get(BOSS, "/insights/people", **WEEK)).json()["people"]
    counts = [(one["person"]["id"], one["sent"], one["unchanged"], one["light"], one["heavy"]) for one in people]
    assert counts == [("staff_ann", 2, 1, 1, 0), ("staff_ben", 1, 0, 0, 1)]
    assert [one["advice_repeated"] for one in people] == [1, 0]
