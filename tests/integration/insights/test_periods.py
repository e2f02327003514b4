"""Figures by days and by weeks, and beside the span before: by hand, and as they are told over HTTP."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.insights.definitions import DEFINITIONS
from server.models import RestRow
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.http import Desk, over_http
from tests.integration.insights.week import LONG_AFTER, Week, at

BOSS = person("supervisor", brands=("pine",))
# Wednesday of the week before until Thursday of this one: two weeks, neither of them whole
SPAN = {"from": "2026-11-04T00:00:00Z", "to": "2026-11-12T00:00:00Z"}


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with over_http(CaseWorld(engine, now=LONG_AFTER)) as desk:
        yield desk


@pytest.fixture
async def told(week: Week) -> Week:
    """In the first week answers after 1 and 3 hours, in the second after 8; the days before the span, after 2."""
    for name, day, hours in (("a", -5, 1), ("b", -3, 3), ("c", 1, 8), ("before", -7, 2)):
        case = week.case(name)
        draft = week.draft(case, week.post(case, at(day)), used="heavy" if name == "c" else "unchanged", cost=0.5)
        week.add(RestRow(draft=draft.id, kind="policy", ref=f"about-{name}", digest="1"))
        week.promise(week.answer(draft, at(day, hours), repeats=name == "c"), at(day, 20))
    await week.save()
    return week


async def parts(desk: Desk, figure: str, **wanted: Any) -> dict[str, dict[str, Any]]:
    answer = await desk.get(BOSS, f"/insights/{figure}", **SPAN, **wanted)
    assert answer.status_code == 200, answer.text
    return {part["name"]: part for part in answer.json()["parts"]}


def series(part: dict[str, Any], name: str = "numerator") -> list[float]:
    return [point[name] for point in part["series"]]


async def test_weeks_begin_on_monday_and_belong_to_the_span_as_far_as_they_lie_in_it(told: Week, desk: Desk):
    median = (await parts(desk, "first_real_answer", by="week"))["median_elapsed"]
    assert (median["value"], series(median, "value")) == (3 * 3600, [2 * 3600, 8 * 3600])
    ends = [(point["begin"][:10], point["end"][:10]) for point in median["series"]]
    assert ends == [("2026-11-04", "2026-11-09"), ("2026-11-09", "2026-11-12")]


async def test_days_are_told_even_where_nothing_was(told: Week, desk: Desk):
    answered = (await parts(desk, "first_real_answer", by="day"))["answered"]
    assert series(answered) == [1, 0, 1, 0, 0, 0, 1, 0]
    assert series(answered, "value")[:2] == [1, None]


async def test_every_figure_is_told_by_weeks_and_they_come_to_what_it_is(told: Week, desk: Desk):
    for figure, part, whole, weeks in (
        ("solved", "solved", 3, [2, 1]),
        ("promises_kept", "broken", 3, [2, 1]),
        ("draft_use", "unchanged", 2, [2, 0]),
        ("draft_use", "heavy", 1, [0, 1]),
        ("advice_repeated", "repeated", 1, [0, 1]),
        ("policies_answered", "about-c", 1, [0, 1]),
        ("cost", "drafts", 1.5, [1, 0.5]),
        ("zero_counts", "wrong_customer", 0, [0, 0]),
    ):
        found = (await parts(desk, figure, by="week"))[part]
        assert (found["numerator"], series(found)) == (whole, weeks), figure
    # what is late now is late now
    assert series((await parts(desk, "overdue", by="week"))["promises"]) == []


async def test_beside_it_stands_as_long_a_span_that_ends_where_it_begins(told: Week, desk: Desk):
    found = await parts(desk, "first_real_answer", compare="true")
    assert found["median_elapsed"]["before"] == {"value": 7200, "numerator": 1, "denominator": 1, "n": 1}
    every = (await desk.get(BOSS, "/insights", **SPAN, compare="true", by="week")).json()
    assert (every["by"], every["compared_with"][:10]) == ("week", "2026-10-27")
    assert {figure["name"] for figure in every["figures"] if figure["n_before"] is None} == {"overdue"}
    plain = (await desk.get(BOSS, "/insights", **SPAN)).json()
    every_part = [part for figure in plain["figures"] for part in figure["parts"]]
    assert not any(part["series"] or part["before"] for part in every_part)


async def test_each_number_says_what_it_is_called_and_what_it_is(told: Week, desk: Desk):
    figures = {figure["name"]: figure for figure in (await desk.get(BOSS, "/insights", **SPAN)).json()["figures"]}
    assert set(figures) == {str(name) for name in DEFINITIONS}
    units = {part["label"]: part["unit"] for part in figures["first_real_answer"]["parts"]}
    assert units == {
        "Median elapsed": "seconds", "P90 elapsed": "seconds", "Median business": "seconds", "P90 business": "seconds",
        "Answered": "share", "Unanswered": "share", "Left unanswered": "count", "Deleted": "count",
    }  # fmt: skip
    assert {part["label"]: part["unit"] for part in figures["cost"]["parts"]}["Tokens"] == "count"


async def test_a_sheet_by_weeks_has_a_line_for_each(told: Week, desk: Desk):
    sheet = (await desk.get(BOSS, "/insights/solved/csv", **SPAN, by="week")).text
    lines = [line for line in csv.DictReader(io.StringIO(sheet)) if line["part"] == "solved"]
    assert [(line["begin"][:10], float(line["numerator"])) for line in lines] == [
        ("", 3), ("2026-11-04", 2), ("2026-11-09", 1)
    ]  # fmt: skip
