"""The week's samples over HTTP: the same whoever draws them; rated by two, blind to the author and to each other."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.insights.sampling import choose, draw_last_week, start_sampling
from server.models import JobRow, SampleRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.http import Desk, over_http
from tests.integration.insights.week import LONG_AFTER, Week, at

_PINE = {"brands": ("pine",)}
ANN, BEN, CAT = (person(name, **_PINE) for name in ("ann", "ben", "cat"))
REP = person("rep", Role.REP, **_PINE)
OTHERS = person("dan", brands=("fir",))
REPLIES = {"brand": "pine", "kind": "sent_replies", "week": "2026-11-09"}
POSTS = {**REPLIES, "kind": "unflagged_posts"}


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    """A week long after the samples' one."""
    async with over_http(CaseWorld(engine, now=LONG_AFTER)) as desk:
        yield desk


async def items(desk: Desk, who: Any, sample: str) -> list[dict[str, Any]]:
    return (await desk.get(who, f"/insights/samples/{sample}/items")).json()["items"]


async def drawn(desk: Desk, wanted: dict[str, str] = REPLIES) -> dict[str, Any]:
    answer = await desk.post(BEN, "/insights/samples", wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def rate(desk: Desk, who: Any, item: str, *kinds: str) -> httpx.Response:
    body = {"found": bool(kinds), "kinds": list(kinds)}
    return await desk.post(who, f"/insights/samples/items/{item}/rate", body)


async def test_a_sample_is_the_same_whoever_draws_it(week: Week, desk: Desk):
    for number in range(40):
        week.answered(week.case(f"a{number}"), at(0), at(number % 7, 1))
    week.answered(week.case("before"), at(-2), at(-1))
    week.answered(week.case("gone"), at(0), at(1), state="withdrawn")
    await week.save()
    first = await drawn(desk)
    assert (first["candidates"], first["items"], first["ratings"]) == (40, 30, 0)
    assert (await drawn(desk))["id"] == first["id"]
    names = [(f"publication-{number}", "case") for number in range(40)]
    seed = "pine/sent_replies/2026-11-09"
    assert first["seed"] == seed
    assert choose(names, seed, 30) == choose(reversed(names), seed, 30)
    assert {one for one, _ in choose(names, seed, 30)} != {one for one, _ in choose(names, "another", 30)}


async def test_only_a_week_that_is_over_and_one_s_own_brand_is_sampled(week: Week, desk: Desk):
    await week.save()
    assert (await desk.post(BEN, "/insights/samples", {**REPLIES, "week": "2026-11-30"})).status_code == 422
    assert (await desk.post(BEN, "/insights/samples", {**REPLIES, "week": "2026-11-10"})).status_code == 422
    assert (await desk.post(OTHERS, "/insights/samples", REPLIES)).status_code == 404
    assert (await desk.post(REP, "/insights/samples", REPLIES)).status_code == 403


async def test_two_people_rate_blind_to_the_author_and_to_each_other(week: Week, desk: Desk):
    answer = week.answered(week.case("a"), at(0), at(1), staff="staff_dora")
    await week.save()
    sample = (await drawn(desk))["id"]
    [item] = await items(desk, BEN, sample)
    assert (item["reply"], item["part"], item["state"], item["yours"]) == ("!", "public", "to_rate", False)
    assert not {"staff", "draft", "case", "publication"} & item.keys()
    [own] = await items(desk, ANN, sample)  # her approval is on it
    assert own["yours"]
    assert (await rate(desk, ANN, item["id"])).status_code == 403
    assert (await rate(desk, BEN, item["id"], "wrong_fact")).status_code == 201
    [seen] = await items(desk, CAT, sample)
    assert (seen["mine"], seen["ratings"], seen["state"]) == (None, [], "to_rate")
    assert (await rate(desk, BEN, item["id"])).status_code == 409
    assert (await week.measured("escaped_problems")).n == 0
    assert (await rate(desk, CAT, item["id"])).json()["state"] == "disagreed"
    assert (await rate(desk, person("eve", **_PINE), item["id"])).status_code == 409
    parts = await week.measure("escaped_problems")
    assert [parts[name].numerator for name in ("both", "disagreed", "to_rate")] == [0, 1, 0]
    assert [record.id for record in parts["disagreed"].records] == [answer.publication]


async def test_a_rate_comes_with_its_interval_and_its_n(week: Week, desk: Desk):
    for number in range(4):
        week.answered(week.case(f"a{number}"), at(0), at(1), staff="staff_dora")
    await week.save()
    drawn_items = await items(desk, BEN, (await drawn(desk))["id"])
    for who in (BEN, CAT):
        for number, item in enumerate(drawn_items[:3]):
            kinds = ["private_data_in_public"] if number == 0 else []
            assert (await rate(desk, who, item["id"], *kinds)).status_code == 201
    both = (await week.measure("escaped_problems"))["both"]
    assert (both.numerator, both.denominator) == (1, 3)
    # one of three, and 95 % certain only of 6 % to 79 %
    assert both.interval == pytest.approx((0.0615, 0.7923), abs=5e-5)
    assert (await week.measure("escaped_problems"))["to_rate"].numerator == 1
    assert (await week.measure("zero_counts"))["private_data_in_public"].numerator == 1


async def test_what_one_rater_names_is_in_no_figure_before_the_other_has_rated(week: Week, desk: Desk):
    answer = week.answered(week.case("a"), at(0), at(1), staff="staff_dora")
    await week.save()
    [item] = await items(desk, BEN, (await drawn(desk))["id"])
    assert (await rate(desk, CAT, item["id"], "wrong_customer")).status_code == 201
    assert (await week.measure("zero_counts"))["wrong_customer"].records == []
    assert (await rate(desk, BEN, item["id"])).status_code == 201
    named = (await week.measure("zero_counts"))["wrong_customer"].records
    assert [record.id for record in named] == [answer.publication]


@pytest.mark.parametrize(
    ("begin", "end", "counted"),
    [
        (at(0), at(1), 1),
        (at(0, 1), at(3), 0),
        (at(-1), at(0), 0),
        (at(-1), at(0, 1), 1),
        (datetime.fromisoformat("2026-11-09T00:30:00+02:00"), at(1), 1),
    ],
)
async def test_a_week_counts_if_its_first_moment_is_in_the_span(week: Week, desk: Desk, begin, end, counted):
    week.answered(week.case("a"), at(0), at(1), staff="staff_dora")
    await week.save()
    await drawn(desk)
    found = await week.measure("escaped_problems", begin=begin, end=end)
    assert found["to_rate"].numerator == counted


async def test_missed_danger_is_looked_for_in_what_was_not_flagged(week: Week, desk: Desk):
    for name, danger in (("a", None), ("b", "danger_injury"), ("c", None)):
        case = week.case(name)
        week.draft(case, week.post(case, at(0)), danger=danger)
    week.post(week.case("unread"), at(0))
    await week.save()
    sample = await drawn(desk, POSTS)
    assert sample["candidates"] == 2
    first, second = await items(desk, BEN, sample["id"])
    assert (first["reply"], first["post"]) == (None, "?")
    for who in (BEN, CAT):
        assert (await rate(desk, who, first["id"], "danger_product")).status_code == 201
        assert (await rate(desk, who, second["id"])).status_code == 201
    both = (await week.measure("missed_danger"))["both"]
    assert (both.numerator, both.denominator) == (1, 2)


async def test_what_is_named_must_be_of_its_kind(week: Week, desk: Desk):
    week.answered(week.case("a"), at(0), at(1), staff="staff_dora")
    await week.save()
    [item] = await items(desk, BEN, (await drawn(desk))["id"])
    assert (await rate(desk, BEN, item["id"], "danger_injury")).status_code == 422
    empty = {"found": True, "kinds": []}
    assert (await desk.post(BEN, f"/insights/samples/items/{item['id']}/rate", empty)).status_code == 422
    assert (await rate(desk, OTHERS, item["id"])).status_code == 404


async def test_a_worker_draws_the_last_week_s_samples_by_itself(week: Week, engine: AsyncEngine):
    week.answered(week.case("a"), at(0), at(1))
    week.account("x", brand="fir")
    await week.save()
    world = CaseWorld(engine, now=at(9))  # the Wednesday after
    async with writing(engine) as session:
        await start_sampling(session, world.now)
    [job] = await world.due()
    await draw_last_week(world.service, job)
    drawn = {(row.brand, row.kind): row for row in await world.rows(SampleRow)}
    assert len(drawn) == 4
    assert {row.week for row in drawn.values()} == {at(0).date()}
    assert drawn["pine", "sent_replies"].candidates == 1
    [next_job] = await world.rows(JobRow, state="ready")
    assert next_job.run_after == at(14)  # when the week that is running is over
