"""The inbox as it is sent to the browser."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from server.db import writing
from server.drafts.translating import translate_draft
from server.drafts.working import claim
from server.models import DraftFactsRow, DraftRow
from server.staff.roles import Permission, Role
from tests.fakes.cases import KNOWN, STRANGER, CaseWorld, person
from tests.fakes.small_shop import LATE as LATE_ORDER
from tests.pages.conftest import ON_SQLITE, Visitor

LATE = "Where is my order? It is late."
SOL = person("social", Role.SOCIAL)
LONGEST = 20_000
"""Of a post nobody reads more; it is cut as it comes in."""
HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "\u202egnol oot si ti\u202c",
    "where\u200b\u200d is\u2060 it",
    "👨‍👩‍👧‍👦🏳️‍🌈" * 40,
    "x" * 20_000,
    "{{ 7 * 7 }} {% raw %}",
)


def _one(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


async def _drafted(world: CaseWorld, text: str = LATE, author: str = STRANGER) -> str:
    return (await world.drafted(text, author)).id


@ON_SQLITE
async def test_the_queue_shows_what_waits_and_leads_to_it(visitor: Visitor, world: CaseWorld):
    draft = await _drafted(world)
    visitor.who = SOL
    page = await visitor.open("/inbox")
    row = _one(page, f'[data-draft="{draft}"]')
    assert row.attributes["href"] == f"/inbox/drafts/{draft}"
    assert LATE in row.text()
    assert f"@{STRANGER}" in row.text()


@ON_SQLITE
async def test_danger_says_to_which_team_it_was_passed_and_what_is_to_be_done(visitor: Visitor, world: CaseWorld):
    draft = await _drafted(world, "The stove exploded and burned my hand, I am in hospital")
    visitor.who = SOL
    page = await visitor.open(f"/inbox/drafts/{draft}")
    row = _one(page, f'[data-draft="{draft}"].danger').text()
    assert "Passed to: Safety, on call" in row
    assert "read it and take it up" in row
    assert "Pass to a team" not in row
    assert "Passed to: Safety, on call" in _one(page, "#draft-title").text()


@ON_SQLITE
async def test_an_empty_queue_says_what_will_happen(visitor: Visitor):
    visitor.who = SOL
    assert "New posts appear here by themselves" in (await visitor.open("/inbox")).text()
    filtered = await visitor.open("/inbox?danger=true")
    assert "Nothing that waits fits these filters" in filtered.text()
    _one(filtered, '.empty a[href="/inbox"]')


@ON_SQLITE
async def test_filters_stay_with_whoever_opens_a_post(visitor: Visitor, world: CaseWorld):
    draft = await _drafted(world)
    visitor.who = SOL
    page = await visitor.open("/inbox?account=account_x")
    assert _one(page, f'[data-draft="{draft}"]').attributes["href"] == f"/inbox/drafts/{draft}?account=account_x"
    assert "selected" in _one(page, 'option[value="account_x"]').attributes


@ON_SQLITE
async def test_sending_names_the_account_and_the_network(visitor: Visitor, world: CaseWorld):
    draft = await _drafted(world)
    visitor.who = SOL
    page = await visitor.open(f"/inbox/drafts/{draft}")
    assert _one(page, '[data-move="approve"]').text() == "Send as @FernhollowHelp on X"
    assert "Everyone sees" in _one(page, ".part.public").text()
    assert _one(page, "[data-count=public]").text().endswith("/ 280")


@ON_SQLITE
async def test_who_only_writes_drafts_is_shown_no_way_to_send(visitor: Visitor, world: CaseWorld):
    draft = await _drafted(world)
    visitor.who = person("drafts-only", Role.DRAFTS_ONLY)
    page = await visitor.open(f"/inbox/drafts/{draft}")
    assert page.css_first('[data-move="approve"]') is None
    assert _one(page, "#draft-form textarea").attributes.get("readonly", "no") == "no"


@ON_SQLITE
async def test_what_cannot_be_sent_says_why(visitor: Visitor, world: CaseWorld):
    draft = await _drafted(world)
    visitor.who = SOL
    async with writing(world.engine) as session:
        await claim(session, person("supervisor"), (await world.draft(draft)).case, world.now, None)
    page = await visitor.open(f"/inbox/drafts/{draft}")
    assert "disabled" in _one(page, '[data-move="approve"]').attributes
    assert "Supervisor" in _one(page, "#why-not").text()
    assert "Supervisor has it" in page.text()


@ON_SQLITE
@pytest.mark.parametrize(("told_in", "name"), [("en", "French"), ("de", "Französisch")])
async def test_who_does_not_read_a_language_is_told_so_before_they_press(
    visitor: Visitor, world: CaseWorld, told_in: str, name: str
):
    draft = await _drafted(world)
    await _change(world, draft, language="fr")
    world.service = replace(world.service, desk=replace(world.service.desk, translate=_translated))
    visitor.app.state.service = world.service
    visitor.who = SOL
    page = await visitor.open(f"/inbox/drafts/{draft}", **{"Accept-Language": told_in})
    assert "disabled" in _one(page, '[data-move="approve"]').attributes
    assert name in _one(page, "#why-not:not([hidden])").text()
    asking = _one(page, f'form[data-api="POST /drafts/{draft}/translate"]')
    assert name in asking.text()
    await translate_draft(world.service, SOL, draft, "en")
    page = await visitor.open(f"/inbox/drafts/{draft}", **{"Accept-Language": told_in})
    assert _one(page, ".translation .part.public").text().count("in English: ") == 1
    assert "disabled" not in _one(page, '[data-move="approve"]').attributes
    assert name in _one(page, "label:has([name=confirmed][required])").text()


async def _translated(texts: Mapping[str, str], **_: object) -> Mapping[str, str]:
    return {name: f"in English: {text}" for name, text in texts.items()}


async def _change(world: CaseWorld, draft: str, **columns: object) -> None:
    async with writing(world.engine) as session:
        row = await session.get_one(DraftRow, draft)
        for name, value in columns.items():
            setattr(row, name, value)


@ON_SQLITE
@pytest.mark.parametrize("text", HOSTILE, ids=[*"abcdefg"])
async def test_hostile_posts_are_text(visitor: Visitor, world: CaseWorld, text: str):
    draft = await _drafted(world, f"{LATE} {text}", "stranger")
    visitor.who = SOL
    for address in (f"/inbox/drafts/{draft}", "/inbox"):
        page = await visitor.open(address)
        assert {script.attributes.get("type") for script in page.css("script")} == {"module", "application/json"}
        assert page.css("img") == []
    post = _one(await visitor.open(f"/inbox/drafts/{draft}"), ".post.answered .text")
    assert post.text() == f"{LATE} {text}"[:LONGEST]
    assert post.attributes["dir"] == "auto"


@ON_SQLITE
async def test_what_was_fetched_ahead_was_shown_to_nobody(visitor: Visitor, world: CaseWorld):
    draft = await _drafted(world)
    visitor.who = SOL
    await visitor.open(f"/inbox/drafts/{draft}/case?ahead=true")
    assert [row.shown_at for row in await world.rows(DraftFactsRow, draft=draft)] == [None]
    await visitor.open(f"/inbox/drafts/{draft}/customer")  # which a browser asks for when the case stands there
    assert [row.shown_at for row in await world.rows(DraftFactsRow, draft=draft)] == [world.now]


@ON_SQLITE
async def test_a_case_is_found_with_its_newest_draft(visitor: Visitor, world: CaseWorld):
    await _drafted(world)
    newer = await _drafted(world, "And what about the money?")
    case = (await world.draft(newer)).case
    visitor.who = SOL
    assert _one(await visitor.open(f"/inbox/cases/{case}/case"), "article.case").attributes["data-draft"] == newer


@ON_SQLITE
async def test_whoever_is_known_is_shown_with_what_they_bought_and_a_stranger_without_anything(
    visitor: Visitor, world: CaseWorld
):
    known, stranger = await _drafted(world, author=KNOWN), await _drafted(world, author=STRANGER)
    visitor.who = SOL
    seen = (await visitor.open(f"/inbox/drafts/{known}/customer")).text()
    assert "confirmed customer" in seen
    assert LATE_ORDER.id in seen
    unseen = (await visitor.open(f"/inbox/drafts/{stranger}/customer")).text()
    assert "No record was read" in unseen
    assert LATE_ORDER.id not in unseen


@ON_SQLITE
async def test_a_machine_is_shown_nobodys_purchases(visitor: Visitor, world: CaseWorld):
    known = await _drafted(world, author=KNOWN)
    visitor.who = replace(SOL, role=None, permissions=frozenset({Permission.READ_CASES}), token="token_machine")
    refused = await visitor.get(f"/inbox/drafts/{known}/customer")
    assert refused.status_code == 403
    assert LATE_ORDER.id not in refused.text
    assert (await visitor.get("/inbox")).status_code == 200, "a token of no role has pages, too"


@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_page_is_whole_for_every_role_in_both_languages(visitor: Visitor, world: CaseWorld, language: str):
    draft = await _drafted(world, author="annwood")
    for role in Role:
        visitor.who = person(str(role), role)
        await visitor.open(f"/inbox/drafts/{draft}/customer", **{"Accept-Language": language})
        for address in ("/inbox", f"/inbox/drafts/{draft}"):
            page = await visitor.open(address, **{"Accept-Language": language})
            assert _one(page, "html").attributes["lang"] == language
