"""Insights as they are sent to the browser: cards, plots, what was counted, and samples to rate."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.insights.definitions import DEFINITIONS, FigureName
from server.insights.kinds import SampleKind
from server.insights.rating import rate
from server.insights.sampling import draw
from server.models import MissingPolicyRow, RestRow
from server.pages.texts import languages, texts_in
from server.settings import Settings
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.integration.insights.week import BRAND, LONG_AFTER, Week, at
from tests.pages.conftest import ON_SQLITE, Visitor

BOSS = person("supervisor", brands=(BRAND,))
WEEK = "from=2026-11-09&to=2026-11-15"
HOSTILE = '<script>alert(1)</script> {{ 7 * 7 }} " onload="alert(1)'


@pytest.fixture
async def world(engine: AsyncEngine) -> CaseWorld:
    return await CaseWorld(engine, now=LONG_AFTER).open()


@pytest.fixture
async def week(engine: AsyncEngine, world: CaseWorld) -> Week:
    week = Week(engine)
    week.account()
    return week


def _one(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


async def _busy(week: Week) -> None:
    """Two answered posts and one that waits, a kept and a broken promise, a question without a policy."""
    for day, author in enumerate(("ann", HOSTILE)):
        answer = week.answered(week.case(author, thread=f"thread-{day}"), at(day), at(day, 2), staff="staff_rep")
        kept = {"state": "kept", "settled_at": at(day, 3)} if day else {}
        week.promise(answer, at(day, 4), **kept)
        week.add(RestRow(draft=answer.draft, kind="policy", ref="returns-2026", digest=""))
    waiting = week.case("ben", thread="thread-waiting")
    week.post(waiting, at(2))
    week.add(
        MissingPolicyRow(
            id="missing-0",
            brand=BRAND,
            case=waiting.id,
            intent="how_to",
            words=HOSTILE,
            language="en",
            vector=[1.0, 0.0],
            at=at(2),
        )
    )
    await week.save()


def _svg(told: str) -> ElementTree.Element:
    return ElementTree.fromstring(told)


def test_what_figures_are_is_told_in_every_language():
    english = texts_in("en")
    for name, definition in DEFINITIONS.items():
        assert english(f"insights.figures.{name}.title") == definition.title
        assert english(f"insights.figures.{name}.definition") == definition.words
        for language in languages():
            for part in definition.parts:
                assert texts_in(language).has(f"insights.figures.{name}.parts.{part}"), (language, name, part)
                assert texts_in(language).has(f"insights.figures.{name}.counts.{part}"), (language, name, part)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_every_figure_is_whole_as_a_card_and_as_a_page(visitor: Visitor, week: Week, language: str):
    await _busy(week)
    visitor.who = BOSS
    spoken = {"Accept-Language": language}
    page = await visitor.open(f"/insights?{WEEK}", **spoken)
    assert [card.attributes["data-part"] for card in page.css("[data-load]")] == [str(name) for name in FigureName]
    title = texts_in(language)
    stream = await visitor.get(str(_one(page, "[data-cards]").attributes["data-cards"]), **spoken)
    came = [json.loads(line[6:]) for line in stream.text.splitlines() if line.startswith("data: ")]
    together = {one["figure"]: one["html"] for one in came}
    for card in page.css("[data-load]"):
        name = card.attributes["data-part"]
        shown = await visitor.open(str(card.attributes["data-load"]), **spoken)
        assert LexborHTMLParser(together[str(name)]).text() == shown.text()
        alone = await visitor.open(f"/insights/{name}?{WEEK}", **spoken)
        assert _one(shown, "h2").text().strip() == title(f"insights.figures.{name}.title")
        assert _one(alone, "h1").text().strip() == title(f"insights.figures.{name}.title")
        assert title(f"insights.figures.{name}.definition") in _one(shown, ".definition").text()
        for image in (*shown.css(".plot img"), *alone.css(".plot img")):
            answer = await visitor.get(str(image.attributes["src"]), **spoken)
            assert answer.headers["content-type"] == "image/svg+xml"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert _svg(answer.text).get("role") == "img"


@ON_SQLITE
async def test_a_card_tells_the_number_the_span_before_and_the_plot_in_words(visitor: Visitor, week: Week):
    await _busy(week)
    week.answered(week.case("cat", thread="thread-before"), at(-3), at(-3, 1))
    await week.save()
    visitor.who = BOSS
    card = await visitor.open(f"/insights/first_real_answer/card?{WEEK}")
    [half, nine] = card.css(".heads > div")
    assert "2 hr" in _one(half, ".value").text()
    assert "before: 1 hr" in half.text()
    assert "at least" in _one(nine, ".value").text()  # it is the age of the post that still waits
    alt = str(_one(card, ".plot img").attributes["alt"])
    assert "between 2 hr and 19 days" in alt.replace("\xa0", " ")
    rows = card.css(".periods tbody tr")
    assert len(rows) == 7
    sheet = await visitor.get(str(_one(card, "a[download]").attributes["href"]))
    assert sheet.headers["content-type"].startswith("text/csv")


@ON_SQLITE
async def test_a_plot_runs_nothing_and_is_dark_only_where_it_is_asked_to_be(visitor: Visitor, week: Week):
    await _busy(week)
    visitor.who = BOSS
    plots = {
        theme: (await visitor.get(f"/insights/policies_missing/plot.svg?{WEEK}&theme={theme}")).text
        for theme in ("", "light", "dark")
    }
    for drawn in plots.values():
        assert {one.tag.rpartition("}")[2] for one in _svg(drawn).iter()}.isdisjoint({"script", "foreignObject", "a"})
        assert "onload=" not in {name for one in _svg(drawn).iter() for name in one.attrib}
        assert "&lt;script&gt;" in drawn  # a customer's words are words
    assert "prefers-color-scheme" in plots[""]
    assert "prefers-color-scheme" not in plots["light"] + plots["dark"]
    assert (await visitor.get(f"/insights/overdue/plot.svg?{WEEK}")).status_code == 404


@ON_SQLITE
async def test_a_span_in_which_nothing_happened_says_so(visitor: Visitor, week: Week):
    await week.save()
    visitor.who = BOSS
    for name in FigureName:
        card = await visitor.open(f"/insights/{name}/card?{WEEK}")
        assert ("Nothing happened in this span" in card.text()) == (name is not FigureName.OVERDUE), name
        assert card.css_first("img") is None


@ON_SQLITE
async def test_what_was_counted_leads_to_the_cases(visitor: Visitor, week: Week):
    await _busy(week)
    visitor.who = BOSS
    page = await visitor.open(f"/insights/first_real_answer?{WEEK}")
    [link] = page.css("a[href*='part=unanswered']")
    counted = await visitor.open(str(link.attributes["href"]))
    [row] = counted.css("#counted tbody tr")
    assert _one(row, "a").attributes["href"] == "/transcripts/case-thread-waiting-ben?at=post-2#post-2"
    assert "Case of @ben" in row.text()
    for figure, part in (("promises_kept", "broken"), ("policies_answered", "returns-2026"), ("solved", "solved")):
        listed = await visitor.open(f"/insights/{figure}?{WEEK}&part={part}")
        assert listed.css("#counted a[href^='/transcripts/case-']"), figure
    stranger = person("stranger", brands=("fir",))
    visitor.who = stranger
    assert (await visitor.open(f"/insights/solved?{WEEK}&brand={BRAND}&part=solved")).css_first("#counted") is None


@ON_SQLITE
async def test_days_that_have_no_figures_are_refused_beside_the_form(visitor: Visitor, week: Week):
    await week.save()
    visitor.who = BOSS
    page = await visitor.open("/insights?from=2026-11-20&to=2026-11-02&brand=&by=")
    assert "ends before it begins" in _one(page, ".choosing [role=alert]").text()
    assert not page.css("[data-load]")
    page = await visitor.open("/insights?from=2020-01-01&to=2026-11-02")
    assert "at most 400 days" in _one(page, ".choosing [role=alert]").text()


@ON_SQLITE
async def test_a_span_is_as_long_as_its_name_and_told_apart_by_what_fits(
    visitor: Visitor, week: Week, world: CaseWorld
):
    await _busy(week)
    visitor.who, world.now = BOSS, LONG_AFTER + timedelta(hours=12)
    for span, rows in (("month", 28), ("quarter", 14)):
        page = await visitor.open(f"/insights?span={span}")
        assert _one(page, f".choices a[href='/insights?span={span}']").attributes["aria-current"] == "true"
        where = str(_one(page, "[data-part=solved]").attributes["data-load"])
        listed = (await visitor.open(where)).css(".periods tbody tr")
        assert len(listed) == rows, span


@ON_SQLITE
async def test_raters_see_what_to_rate_and_nothing_of_whose_it_is(visitor: Visitor, week: Week, world: CaseWorld):
    await _busy(week)
    visitor.who = BOSS
    world.now = at(8)
    page = await visitor.open("/insights/samples")
    asked = [form.attributes["data-api"] for form in page.css("form[data-api]")]
    assert asked == ["POST /insights/samples"] * 2
    async with writing(world.engine) as session:
        sample = await draw(session, BRAND, SampleKind.SENT_REPLIES, at(0).date(), by=BOSS.id, size=30, now=world.now)
    page = await visitor.open("/insights/samples")
    assert len(page.css("form[data-api]")) == 1
    assert "0 of 4 ratings are in" in page.text()
    address = str(_one(page, f"a[href='/insights/samples/{sample.id}']").attributes["href"])
    page = await visitor.open(address)
    assert "2 are left for you here" in page.text()
    assert not re.findall(r"\b(?:ann|staff_rep|case-thread)\b", page.html or "")
    forms = page.css("form[data-rated]")
    assert len(forms) == 4
    item = str(forms[0].attributes["data-rated"])
    async with writing(world.engine) as session:
        await rate(session, BOSS, item, found=True, kinds=["wrong_tone"], now=world.now)
    part = await visitor.open(f"{address}/items")
    assert "1 is left for you here" in part.text()
    assert "wrong tone" in _one(part, f"#{item}").text()
    visitor.who = person("other", brands=(BRAND,))
    assert "You said" not in (await visitor.open(address)).text()
    visitor.who = person("stranger", brands=("fir",))
    assert (await visitor.get(address)).status_code == 404


@ON_SQLITE
async def test_single_people_are_shown_only_where_a_house_wants_that(visitor: Visitor, week: Week, world: CaseWorld):
    await _busy(week)
    visitor.who = BOSS
    assert (await visitor.open("/insights")).css_first("a[href='/insights/people']") is None
    refused = await visitor.get("/insights/people")
    assert refused.status_code == 403
    assert "DESKSIDE_INSIGHTS_PER_PERSON" in refused.text
    world.service = visitor.app.state.service = replace(world.service, settings=Settings(insights_per_person=True))
    page = await visitor.open(f"/insights/people?{WEEK}")
    assert "2" in _one(page, "tbody tr").text()
    assert (await visitor.open("/insights")).css_first("a[href='/insights/people']")


@ON_SQLITE
async def test_only_who_reads_insights_opens_them(visitor: Visitor, week: Week):
    await week.save()
    for role in Role:
        visitor.who = person(str(role), role, brands=(BRAND,))
        reads = role in (Role.SUPERVISOR, Role.ADMIN)
        for address in ("/insights", "/insights/solved", "/insights/samples"):
            assert (await visitor.get(address)).status_code == (200 if reads else 403), (role, address)
