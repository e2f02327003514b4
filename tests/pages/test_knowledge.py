"""Knowledge as it is sent to the browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.models import MissingPolicyRow
from server.service import Service
from server.staff.roles import Caller, Role
from server.web.callers import Credentials
from tests.fakes.cases import person
from tests.integration.policies.test_resting import drafted
from tests.integration.policies.world import BOSS, LAMPS, RETURNS, PolicyWorld, policy_world, write
from tests.pages.conftest import ON_SQLITE, OPENED
from tests.pages.test_inbox import HOSTILE

pytestmark = ON_SQLITE

REP = person("rep", Role.REP)
_visitor: list[Caller] = [BOSS]
LONGER = RETURNS.replace("60 days", "90 days")
PRICES = """\
---
id: prices
title: What a repair costs
brand: fernhollow
category: repairs
audience: internal
effective_from: 2027-01-01
owner: Workshop
---

# What a repair costs

| what | GBP |
| --- | --- |
| seam | 18 |

1. Ask first.
2. Then send it.

## Not repaired

- Lamps
- Stoves
"""


@pytest.fixture
async def world(engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PolicyWorld]:
    async def identify(credentials: Credentials, service: Service, *, in_use: bool = True) -> Caller:
        return _visitor[0]

    monkeypatch.setattr(Credentials, "identify", identify)
    async with policy_world(engine, write(tmp_path / "knowledge"), tmp_path / "home") as world:
        yield world


def _one(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def _words(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join(node.text(separator=" ").split())


async def _get(world: PolicyWorld, address: str, who: Caller = BOSS, **headers: str) -> httpx.Response:
    world.desk.app.dependency_overrides.clear()
    _visitor[0] = who
    return await world.desk.http.get(f"/knowledge{address}", headers=OPENED | headers)


async def _open(world: PolicyWorld, address: str, who: Caller = BOSS, **headers: str) -> LexborHTMLParser:
    """The page there, which there has to be."""
    answer = await _get(world, address, who, **headers)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


async def _posted(world: PolicyWorld, who: Caller = BOSS, **body: Any) -> LexborHTMLParser:
    world.desk.app.dependency_overrides.clear()
    _visitor[0] = who
    answer = await world.desk.http.post("/knowledge/considered", json=body)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


async def _add(world: PolicyWorld, text: str, name: str = "new.md", **more: Any) -> None:
    added = await world.post("", file={"name": name, "text": text}, why="new", **more)
    assert added.status_code == 201, added.text


# ---- documents


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("", ["lamps", "manners", "prices", "returns"]),
        ("?q=tents+return", ["returns"]),
        ("?brand=tarnlight", ["lamps", "manners"]),
        ("?audience=internal&state=in_effect", ["manners"]),
        ("?state=scheduled", ["prices", "returns"]),
        ("?category=repairs&q=&brand=", ["prices"]),
        ("?q=snow", []),
    ],
)
async def test_documents_are_listed_by_what_is_asked(world: PolicyWorld, asked: str, ids: list[str]):
    await _add(world, PRICES)
    await world.replace("returns", LONGER, fields={"effective_from": "2027-01-01"})
    page = await _open(world, asked)
    assert [node.text() for node in page.css(".listed .id")] == ids


async def test_a_list_says_who_may_be_told_and_when_it_holds(world: PolicyWorld):
    page = await _open(world, "?q=how+we+speak")
    assert "only us in force from Jan 1, 2026 every brand" in _words(_one(page, ".listed tbody tr"))


async def test_a_document_has_its_places_where_sources_name_them(world: PolicyWorld):
    await _add(world, PRICES)
    page = await _open(world, "/policies/returns")
    told = await world.told("an unused tent may come back")
    assert told[0].id.partition("#")[2] in [node.attributes["id"] for node in page.css(".place")]
    assert "within 60 days" in _words(_one(page, ".place[id=how-long]"))
    prices = await _open(world, "/policies/prices")
    assert [node.text() for node in prices.css(".place table td")] == ["seam", "18"]
    assert [node.text() for node in prices.css(".place ol li")] == ["Ask first.", "Then send it."]
    assert [node.text() for node in prices.css("[id=not-repaired] ul li")] == ["Lamps", "Stoves"]


async def test_versions_are_read_and_held_against_one_another(world: PolicyWorld):
    await world.replace("returns", LONGER)
    page = await _open(world, "/policies/returns")
    assert [_words(node) for node in page.css(".versions li a[href*=versions]")] == ["version 2", "version 1"]
    earlier = await _open(world, "/policies/returns/versions/1")
    assert "60 days" in _words(_one(earlier, ".places-of"))
    assert "not what stands there today" in _words(_one(earlier, ".notice"))
    difference = await _open(world, "/policies/returns/difference?before=1&after=2")
    assert [_words(node) for node in difference.css(".changes ins, .changes del")] == [
        "[removed: 60 ]",
        "[added: 90 ]",
    ]


async def test_what_the_check_says_of_it_is_told(world: PolicyWorld):
    assert "Nothing is wrong" in (await _open(world, "/policies/manners/problems")).text()
    await _add(world, PRICES.replace("owner: Workshop", "owner: Workshop\ncolour: red"))
    assert "Colour is not a known field" in (await _open(world, "/policies/prices/problems")).text()


async def test_readers_see_everything_and_no_button(world: PolicyWorld):
    for address in ("", "/policies/returns", "/policies/returns/versions/1"):
        theirs, ours = await _open(world, address, REP), await _open(world, address)
        doing = "main button[data-open], main [data-api], main a[href$='/new'], main a[href$='/replace']"
        assert not theirs.css(doing), address
        assert ours.css(doing), address
        assert len(theirs.css(".place, .listed .id")) == len(ours.css(".place, .listed .id")) - (0 if address else 1)
    for address in ("/new", "/policies/returns/replace"):
        assert (await _get(world, address, REP)).status_code == 403


async def test_what_holds_for_another_brand_too_is_changed_by_who_serves_both(world: PolicyWorld):
    ours_only = person("supervisor-2")
    assert not (await _open(world, "/policies/manners", ours_only)).css("main [data-open]")
    assert (await _open(world, "/policies/returns", ours_only)).css("main [data-open]")


async def test_another_brands_document_has_no_page(world: PolicyWorld):
    for address in ("", "/versions/1", "/problems", "/resting", "/difference?before=1&after=1"):
        assert (await _get(world, f"/policies/lamps{address}", REP)).status_code == 404, address


@pytest.mark.parametrize("words", [text for text in HOSTILE if len(text) < 10_000 and "{{" not in text])
async def test_a_hostile_document_is_shown_as_text(world: PolicyWorld, words: str):
    hostile = PRICES.replace("Lamps", words).replace("seam", words.replace("|", "")).replace("Ask first.", words)
    await _add(world, hostile, id="hostile", fields={"title": words[:300], "owner": words[:300]})
    for address in ("", "/policies/hostile", "/policies/hostile/versions/1"):
        page = await _open(world, address)
        assert not page.css("main script, main img, main iframe, main [onerror]"), address
    shown = await _open(world, "/policies/hostile")
    assert words.strip() in _one(shown, "[id$=not-repaired]").text()
    looked = await _posted(world, file={"name": "x.md", "text": hostile.replace("18", "20")}, replaces="hostile")
    assert not looked.css("script, img, iframe, [onerror]")


@pytest.mark.parametrize(("language", "words"), [("en", "in force"), ("de", "in Kraft")])
async def test_it_speaks_the_viewers_language(world: PolicyWorld, language: str, words: str):
    page = await _open(world, "/policies/returns", **{"Accept-Language": language})
    assert words in _words(_one(page, "header + * , main header"))


# ---- put in and replaced


async def test_what_was_understood_is_shown_before_it_is_taken(world: PolicyWorld):
    page = await _posted(world, file={"name": "prices.md", "text": PRICES})
    assert "prices · holds from Jan 1, 2027" in _words(page.body)
    assert _one(page, "[data-take]").attributes["data-take"] == "yes"
    assert [node.text() for node in page.css(".place h4")] == ["Not repaired"]
    assert (await world.get("/prices")).status_code == 404, "nothing is kept"


async def test_what_has_errors_cannot_be_taken_and_says_why(world: PolicyWorld):
    page = await _posted(world, file={"name": "prices.md", "text": PRICES.replace("repairs", "mending")})
    assert _one(page, "[data-take]").attributes["data-take"] == ""
    assert "mending" in _words(_one(page, ".problem.block"))
    unreadable = await _posted(world, file={"name": "x.md", "text": "---\ntitle: [\n---\nwords"})
    assert "cannot be read" in _words(_one(unreadable, ".notice.bad"))


async def test_a_next_version_is_shown_with_what_it_says_otherwise(world: PolicyWorld):
    page = await _posted(world, file={"name": "x.md", "text": LONGER}, fields={"owner": "Ann"}, replaces="returns")
    changes = _one(page, ".changes")
    assert [node.text() for node in changes.css("del")] == ["[removed: 60]"]
    assert "Returns team" in _words(_one(page, ".fields-changed del"))
    assert "Nothing of the last 7 days" in _words(page.body)


async def test_what_rests_on_words_that_change_is_told_beforehand_and_afterwards(world: PolicyWorld):
    draft = await drafted(world)
    looked = await _posted(world, file={"name": "x.md", "text": LONGER}, replaces="returns")
    assert "would say something else" in _words(_one(looked, ".resting .card"))
    elsewhere = RETURNS.replace("Use the label", "Use the printed label")
    untouched = await _posted(world, file={"name": "x.md", "text": elsewhere}, replaces="returns")
    assert "would say something else" not in _words(_one(untouched, ".resting .card"))
    resting = await _open(world, "/policies/returns/resting", REP)
    assert "says something else now" not in resting.text()
    assert _one(resting, f"a[href='/inbox/drafts/{draft.id}']")
    assert _one(resting, "a[href='/knowledge/policies/returns#how-long']")
    world.cases.wait()
    await world.replace("returns", LONGER)
    assert "says something else now" in (await _open(world, "/policies/returns/resting", REP)).text()


async def test_a_source_in_the_inbox_opens_its_document_at_the_place(world: PolicyWorld):
    draft = await drafted(world)
    await _open(world, "", REP)
    page = LexborHTMLParser((await world.desk.http.get(f"/inbox/drafts/{draft.id}", headers=OPENED)).text)
    assert _one(page, ".sources a[href='/knowledge/policies/returns#how-long']")


async def test_the_place_to_put_in_a_version_holds_the_text_that_stands_there(world: PolicyWorld):
    page = await _open(world, "/policies/returns/replace")
    assert "An unused tent may come back within 60 days" in _one(page, "textarea[name=text]").text()
    assert _one(page, "#upload").attributes["data-replaces"] == "returns"
    fresh = await _open(world, "/new")
    assert "data-replaces" not in _one(fresh, "#upload").attributes
    assert [node.attributes["value"] for node in fresh.css("[name='fields.brand']")] == ["fernhollow", "tarnlight"]


# ---- searching, and what is missing


async def test_a_search_says_how_well_it_fits_which_words_and_where_it_stands(world: PolicyWorld):
    page = await _open(world, "/search?question=unused+tent+within+60+days&brand=fernhollow")
    first = _one(page, ".hit")
    assert _one(first, "h3 a").attributes["href"] == "/knowledge/policies/returns#how-long"
    assert {"unused", "tent"} <= {mark.text() for mark in first.css("mark")}
    assert "fits" in _words(_one(first, ".fit"))
    assert "A draft would rest on" in page.text()


async def test_a_search_says_what_was_left_out_and_why(world: PolicyWorld):
    await world.replace("lamps", LAMPS.replace("2 years", "3 years"), fields={"audience": "internal"})
    page = await _open(world, "/search?question=a+lamp+of+Tarnlight+is+repaired&brand=fernhollow&audience=public")
    told = _words(_one(page, "[aria-labelledby=left-out-title] .notice"))
    assert told == "Is for Tarnlight. Is for only us."


async def test_a_search_for_no_day_is_told_as_a_mistake(world: PolicyWorld):
    assert _one(await _open(world, "/search?question=tents&on=never"), "[role=alert]")
    assert not (await _open(world, "/search")).css(".hit, main [role=status]")


@pytest.mark.parametrize("words", HOSTILE[:3])
async def test_a_hostile_question_is_shown_as_text(world: PolicyWorld, words: str):
    page = await _open(world, f"/search?{urlencode({'question': words})}")
    assert _one(page, "[name=question]").attributes["value"] == words
    assert not page.css("main script, main img")


async def test_missing_policies_are_told_by_how_often_and_begun_from_there(world: PolicyWorld):
    await _ask(world, "Do you rent out snowshoes <b>?", times=3)
    page = await _open(world, "/missing")
    theme = _one(page, ".theme")
    assert "asked 3 times, nothing found" in _words(theme)
    assert "<b>" in _one(theme, "h2").text()
    form = _one(theme, '[data-api="POST /missing-policies/sketch"]')
    questions = [str(node.attributes["value"]) for node in form.css("[name=questions]")]
    assert len(questions) == 3
    assert not (await _open(world, "/missing", REP)).css("[data-api]")
    sketch = {"questions": questions, "id": "snowshoes", "title": "Snowshoes", "category": "stores", "owner": "Shops"}
    assert (await world.desk.post(BOSS, "/missing-policies/sketch", sketch)).status_code == 201
    assert not (await _open(world, "/missing")).css(".theme")
    assert _one(await _open(world, "/missing?begun=true"), ".theme a[href='/knowledge/policies/snowshoes']")
    writing_it = _one(await _open(world, "/policies/snowshoes/replace"), "#upload")
    assert (writing_it.attributes["data-id"], "data-replaces" in writing_it.attributes) == ("snowshoes", False)


async def _ask(world: PolicyWorld, words: str, *, times: int) -> None:
    draft = await world.cases.drafted("Where is my order?")
    async with writing(world.cases.engine) as session:
        for number in range(times):
            row = MissingPolicyRow(
                id=f"missing_{number}",
                brand="fernhollow",
                case=draft.case,
                language="en",
                words=words,
                vector=[1.0, 0.0],
                at=world.cases.now,
            )
            session.add(row)


# ---- questions and destinations


async def test_a_question_is_edited_with_all_that_it_says(world: PolicyWorld):
    asked = {
        "id": "use",
        "text": {"en": "What for, <i>{product}</i>?"},
        "why": "Advice.",
        "fact": "use",
        "purpose": "advice",
        "worth": 7,
        "ask_when": {"moment": "delivered", "family": ["tents", "packs"]},
    }
    assert (await world.desk.post(BOSS, "/questions", asked)).status_code == 201
    assert "<i>{product}</i>" in _one(await _open(world, "/questions"), ".listed th[scope=row]").text()
    form = _one(await _open(world, "/questions/one/use"), "[data-api='PUT /questions/use']")
    assert _one(form, "[name='ask_when.family']").attributes["value"] == "tents, packs"
    assert [node.attributes["value"] for node in form.css("[name='ask_when.moment'] [selected]")] == ["delivered"]
    assert _one(form, "[name=version]").attributes["value"] == "1"
    theirs = await _open(world, "/questions/one/use", person("rep", Role.REP, brands=("fernhollow", "tarnlight")))
    assert not theirs.css("main form button, main [data-open]")
    assert theirs.css("fieldset[disabled]")
    ours_only = await _open(world, "/questions/one/use", person("supervisor-2"))
    assert "every brand's" in _words(_one(ours_only, "main > .notice"))


async def test_a_destination_is_edited_and_a_retired_one_says_why(world: PolicyWorld):
    place = {
        "id": "tarnlight-repairs-en",
        "kind": "repairs",
        "brand": "tarnlight",
        "language": "en",
        "target": "https://www.tarnlight.example/mending",
        "label": "Mending",
        "says": "We mend it there.",
    }
    assert (await world.desk.post(BOSS, "/destinations", place)).status_code == 201
    form = _one(await _open(world, "/destinations/one/tarnlight-repairs-en"), "[data-api^='PUT']")
    assert _one(form, "[name=target]").attributes["value"] == place["target"]
    retired = {"version": 1, "reason": "closed"}
    assert (await world.desk.post(BOSS, f"/destinations/{place['id']}/retire", retired)).status_code == 200
    over = await _open(world, "/destinations/one/tarnlight-repairs-en")
    assert "Retired: closed" in _words(_one(over, ".notice.bad"))
    assert not over.css("main form button")
    assert "tarnlight-repairs-en" not in (await _open(world, "/destinations")).text()
    assert "tarnlight-repairs-en" in (await _open(world, "/destinations?retired=true")).text()


async def test_whoever_only_reads_adds_nothing(world: PolicyWorld):
    for address in ("/questions", "/destinations"):
        assert not (await _open(world, address, REP)).css(f"a[href='/knowledge{address}/new']")
        assert (await _get(world, f"{address}/new", REP)).status_code == 403
