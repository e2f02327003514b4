"""Transcripts as they are sent to the browser."""

import gzip
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.agent import write_draft
from assistant.outcome import Part
from server.db import writing
from server.drafts import review
from server.drafts.working import add_note
from server.models import DraftRow, NoteRow, PromiseRow, PublicationRow
from server.settings import SHIPPED_KNOWLEDGE
from server.staff.roles import Role
from server.transcripts import scorecards
from server.transcripts.comments import comment
from server.transcripts.forms import load_forms
from server.transcripts.scorecards import Assignment
from tests.fakes.cases import person
from tests.fakes.models import ScriptedModel
from tests.integration.drafts.deeds import DeedWorld
from tests.integration.transcripts.indexing import indexed
from tests.pages.conftest import ON_SQLITE, Visitor

RETURNS = "Can I return unused goods after 50 days?"
REP, OTHER, BOSS = person("rep", Role.REP), person("rep-2", Role.REP), person("supervisor")
HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(1)"> \u202egnol\u202c {{ 7 * 7 }} ' + "👨‍👩‍👧‍👦" * 40
GOOD = {"answers": 4, "policy": 4, "offer": None, "tone": 2, "plain": 4, "private": 1, "read": 1, "danger": None}
LARGEST = 150_000


@pytest.fixture
async def world(engine: AsyncEngine) -> DeedWorld:
    """What is approved is sent."""
    world = DeedWorld(engine)
    await world.open()
    return world


def _one(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


async def _answered(world: DeedWorld, text: str = RETURNS) -> DraftRow:
    """A draft that the rep has changed, approved and sent."""
    draft = await world.drafted(text)
    await review.edit(
        world.service, REP, draft.id, await world.seen(draft.id), {Part.PUBLIC: f"{draft.public_text} Thank you."}
    )
    await world.approve(draft.id, by=REP)
    await world.pass_time(minutes=5)
    return draft


async def _commented(world: DeedWorld, of: str, entry: str, text: str, *, coach: bool = False) -> str:
    async with writing(world.engine) as session:
        return (await comment(session, BOSS, of, entry, text=text, coach=coach, now=world.now)).id


async def _scorecard(world: DeedWorld, case: str, *steps: str) -> str:
    """A scorecard about the rep's work, as it stands after these steps."""
    forms, now = load_forms(SHIPPED_KNOWLEDGE), world.now
    async with writing(world.engine) as session:
        card = await scorecards.assign(session, forms, BOSS, Assignment(case, REP.id, "reply", BOSS.id), now)
        await session.flush()
        if "score" in steps:
            await scorecards.score(session, BOSS, card.id, version=1, answers=GOOD, comment="Well done.", now=now)
        if "dispute" in steps:
            await scorecards.dispute(session, REP, card.id, words="I did ask.", now=now)
        if "settle" in steps:
            better = GOOD | {"tone": 4}
            await scorecards.settle(session, BOSS, card.id, version=3, words="You did.", answers=better, now=now)
        return card.id


async def test_who_promised_it_is_one_click_from_what_was_found(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    [sent] = await world.rows(PublicationRow)
    promise = _promise(sent, world)
    async with writing(world.engine) as session:
        session.add(promise)
    await indexed(world.engine)
    visitor.who = BOSS
    found = await visitor.open('/transcripts?q="get+your+refund"&has=promise')
    hit = _one(found, ".hit a")
    assert hit.attributes["href"] == f"/transcripts/{draft.case}?at=promise_1#promise_1"
    assert [mark.text() for mark in found.css(".hit mark")] == ["get your refund"]
    entry = _one(await visitor.open(str(hit.attributes["href"])), "#promise_1")
    assert "Promised by Rep" in " ".join(entry.text().split())
    assert _one(entry, f'a[href$="#{sent.id}"]').text() == "The text that promises it"


def _promise(sent: PublicationRow, world: DeedWorld) -> PromiseRow:
    return PromiseRow(
        id="promise_1",
        brand=sent.brand,
        case=sent.case,
        draft=sent.draft,
        publication=sent.id,
        what="refund",
        said="You get your refund by Friday.",
        made_at=world.now,
        first_due=world.now + timedelta(days=3),
        due=world.now + timedelta(days=3),
    )


@ON_SQLITE
async def test_an_address_names_all_that_is_looked_for(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    await indexed(world.engine)
    visitor.who = BOSS
    day = world.now.date()
    asked = f"q=unused&brand=&channel=x&staff={REP.id}&since={day}&until={day}&outcome=draft&human_from="
    page = await visitor.open(f"/transcripts?{asked}")
    assert [one.attributes["href"] for one in page.css(".found .who")] == [f"/transcripts/{draft.case}"]
    assert "selected" in _one(page, f'option[value="{REP.id}"]').attributes
    assert _one(page, "[name=since]").attributes["value"] == str(day)
    export = str(_one(page, "a[download]").attributes["href"])
    assert (await visitor.get(export)).text.count('"role":"customer"') == 1
    left_out = {str(chip.attributes["href"]) for chip in page.css(".chips a")}
    assert any("q=" not in address and "channel=x" in address for address in left_out)
    nothing = await visitor.open(f"/transcripts?q=unused&until={day - timedelta(days=1)}")
    assert "Nothing fits all of this" in nothing.text()


@ON_SQLITE
async def test_more_than_a_page_is_gone_through(visitor: Visitor, world: DeedWorld):
    for number in range(23):
        await world.post(f"{RETURNS} {number}", f"author{number}", thread=f"thread{number}")
    await indexed(world.engine)
    visitor.who = BOSS
    first = await visitor.open("/transcripts?q=unused")
    assert _one(first, "#found-title").text() == "20 shown, the newest first"
    rest = await visitor.open(str(_one(first, "a.more").attributes["href"]))
    names = [one.text() for page in (first, rest) for one in page.css(".found .who")]
    assert (len(names), len(set(names))) == (23, 23)
    assert rest.css_first("a.more") is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "Nothing has been written yet"),
        ("?q=strawberry", "Write the beginning of a word with *"),
        ("?q=r*", "Write at least 2 letters before the *"),
        ("?human_from=many", "not understood: judged from"),
        ("?since=yesterday", "not understood: from"),
    ],
)
async def test_who_finds_nothing_is_told_what_to_try(visitor: Visitor, asked: str, told: str):
    visitor.who = BOSS
    assert told in (await visitor.open(f"/transcripts{asked}")).text()


@ON_SQLITE
async def test_what_was_changed_before_it_was_sent_is_told_in_words_too(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    visitor.who = BOSS
    page = await visitor.open(f"/transcripts/{draft.case}")
    sent = _one(page, ".kind-publication")
    assert "Approved by Rep" in " ".join(sent.text().split())
    assert _one(sent, "ins").text() == "[added:  Thank you.]"
    assert sent.css_first("del") is None
    assert str(draft.public_text) in _one(page, ".kind-draft .part.public").text()
    assert [one.text() for one in page.css(".entry-head h2")][2:] == ["Edited", "Approved", "Sent"]


@ON_SQLITE
async def test_what_the_assistant_saw_is_read_when_it_is_opened(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    visitor.who = BOSS
    address = f"/transcripts/{draft.case}/entries/{draft.id}/seen"
    page = await visitor.open(f"/transcripts/{draft.case}")
    assert _one(page, "details.seen").attributes["data-load"] == address
    seen = await visitor.open(address)
    assert "Policies" in _one(seen, ".calls").text()
    assert "version" in _one(seen, ".sources").text()
    linked = str(_one(seen, ".rests a").attributes["href"])
    assert seen.css_first(f'[id="{linked[1:]}"]') is not None
    assert "Cost" in seen.text()
    visitor.who = REP
    theirs = await visitor.open(address)
    assert "Cost" not in theirs.text()
    assert "shown to supervisors" in theirs.text()


@ON_SQLITE
async def test_what_left_for_the_model_is_read_by_who_may(visitor: Visitor, world: DeedWorld):
    model = ScriptedModel.of(always="You have 60 days to send it back [E2].")
    endpoint = model.endpoint(price_prompt=1.0)
    world.model = partial(write_draft, endpoint=endpoint)
    world.__post_init__()
    visitor.app.state.service = world.service
    draft = await world.drafted(f"{RETURNS} <b>Please</b>")
    await endpoint.aclose()
    visitor.who = BOSS
    seen = await visitor.open(f"/transcripts/{draft.case}/entries/{draft.id}/seen")
    assert "scripted" in _one(seen, ".figures").text()
    address = str(_one(seen, "details.seen").attributes["data-load"])
    request = await visitor.open(address)
    assert "<b>Please</b>" in _one(request, ".messages").text()
    assert (await visitor.get(str(_one(seen, "a[download]").attributes["href"]))).content == model.bodies[0]
    visitor.who = REP
    assert (await visitor.get(address)).status_code == 403


@ON_SQLITE
async def test_a_long_case_is_read_in_parts_and_an_entry_is_found_in_it(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    async with writing(world.engine) as session:
        for number in range(500):
            at = world.now + timedelta(seconds=number)
            told = {"brand": draft.brand, "case": draft.case, "staff": REP.id, "at": at}
            session.add(NoteRow(id=f"note_{number:03}", text=f"{number} " + "she rang again and asked. " * 30, **told))
    visitor.who = BOSS
    seen: list[Any] = []
    address: str | None = f"/transcripts/{draft.case}"
    while address:
        answer = await visitor.get(address)
        assert len(gzip.compress(answer.content, 5)) < LARGEST
        page = LexborHTMLParser(answer.text)
        seen += [entry.attributes["id"] for entry in page.css(".entry")]
        more = page.css_first("a.more[rel=next]")
        address = more.attributes["href"] if more else None
    assert (len(seen), len(set(seen))) == (505, 505)
    middle = await visitor.open(f"/transcripts/{draft.case}?at=note_250")
    around = [entry.attributes["id"] for entry in middle.css(".entry")]
    assert around[:21] == [f"note_{number}" for number in range(230, 251)]
    assert _one(middle, "a.more[rel=prev]").attributes["href"] == f"/transcripts/{draft.case}?at=note_230"


@ON_SQLITE
async def test_hostile_posts_notes_and_comments_are_text(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world, f"{RETURNS} {HOSTILE}")
    async with writing(world.engine) as session:
        note = await add_note(session, REP, draft.case, HOSTILE, world.now)
    await _commented(world, draft.case, note.id, HOSTILE, coach=True)
    await indexed(world.engine)
    visitor.who = BOSS
    for address in (f"/transcripts/{draft.case}", f"/transcripts/{draft.case}/entries/{draft.id}/seen", "/transcripts"):
        page = await visitor.open(address)
        assert {script.attributes.get("type") for script in page.css("script")} <= {"module", "application/json"}
        assert page.css("img") == []
    page = await visitor.open(f"/transcripts/{draft.case}/entries/{note.id}")
    assert [text.text() for text in page.css("p.text")] == [HOSTILE.strip(), HOSTILE.strip()]
    visitor.who = REP
    assert HOSTILE.strip() in (await visitor.open("/transcripts/coaching")).text()


@ON_SQLITE
async def test_feedback_is_seen_by_whose_work_it_is_alone(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    async with writing(world.engine) as session:
        note = await add_note(session, REP, draft.case, "she rang twice", world.now)
    told = await _commented(world, draft.case, note.id, "Ask for a picture first.", coach=True)
    visitor.who = REP
    page = await visitor.open("/transcripts/coaching")
    assert _one(page, f'form[data-api="POST /coaching/{told}/seen"]')
    assert _one(page, f'a[href="/transcripts/{draft.case}?at={note.id}#{note.id}"]')
    assert "Ask for a picture" in _one(await visitor.open(f"/transcripts/{draft.case}"), f"#{note.id}").text()
    visitor.who = OTHER
    assert "Nobody has said anything" in (await visitor.open("/transcripts/coaching")).text()
    theirs = await visitor.open(f"/transcripts/{draft.case}")
    assert "Ask for a picture" not in theirs.text()
    assert theirs.css("form[data-api$='/comments']") == []


@ON_SQLITE
async def test_a_scorecard_is_scored_disputed_and_settled(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    card = await _scorecard(world, draft.case)
    visitor.who = BOSS
    form = _one(
        await visitor.open(f"/transcripts/scorecards/{card}"), f'form[data-api="POST /scorecards/{card}/score"]'
    )
    assert {one.attributes["data-question"] for one in form.css("[data-question]")} == GOOD.keys()
    assert len(form.css("[name=tone]")) == 5
    assert len(form.css("[name=danger]")) == 3
    visitor.who = REP
    assert (await visitor.get(f"/transcripts/scorecards/{card}")).status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(
    ("steps", "by_rep", "by_boss"),
    [
        (("score",), "dispute", None),
        (("score", "dispute"), None, "settle"),
        (("score", "dispute", "settle"), None, None),
    ],
)
async def test_each_is_offered_what_is_next(
    visitor: Visitor, world: DeedWorld, steps: tuple[str, ...], by_rep: str | None, by_boss: str | None
):
    draft = await _answered(world)
    card = await _scorecard(world, draft.case, *steps)
    for who, step in ((REP, by_rep), (BOSS, by_boss)):
        visitor.who = who
        page = await visitor.open(f"/transcripts/scorecards/{card}")
        assert [form.attributes["data-api"] for form in page.css("form[data-api]")] == (
            [f"POST /scorecards/{card}/{step}"] if step else []
        )
        judged, counted = page.css(".scorecard > .card")
        assert "Judged by a person" in judged.text()
        assert "Counted by Deskside" in counted.text()
        assert ("2 of 4" in judged.text()) == ("settle" not in steps or judged.css_first("del") is not None)


@ON_SQLITE
async def test_a_days_work_is_handed_to_who_scores_it(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    visitor.who = BOSS
    day = f"/transcripts/picked?day={world.now.date()}"
    page = await visitor.open(day)
    assert "0 of 1 have been scored" in page.text()
    form = _one(page, "form[data-api='POST /scorecards']")
    given = {field.attributes["name"]: field.attributes.get("value") for field in form.css("input")}
    assert given == {"transcript": draft.case, "person": REP.id, "form": "reply", "why": "sample"}
    card = await _scorecard(world, draft.case, "score")
    page = await visitor.open(day)
    assert "1 of 1 have been scored" in page.text()
    assert "for Supervisor" in page.text()
    assert _one(page, f'.picked a[href="/transcripts/{draft.case}"]').text() == "@annwood"
    assert _one(page, f'a[href="/transcripts/scorecards/{card}"]')
    assert "Nothing of this day" in (await visitor.open("/transcripts/picked?day=2026-01-01")).text()


@ON_SQLITE
async def test_who_may_not_search_reads_cases_and_their_own_feedback(visitor: Visitor, world: DeedWorld):
    draft = await _answered(world)
    visitor.who = REP
    for address in ("/transcripts", "/transcripts/picked"):
        refused = await visitor.get(address)
        assert refused.status_code == 403
        assert "a supervisor or an admin" in refused.text
    page = await visitor.open(f"/transcripts/{draft.case}")
    assert [link.attributes["href"] for link in page.css(".sub a")] == [
        "/transcripts/scorecards",
        "/transcripts/coaching",
    ]
    visitor.who = person("stranger", brands=("tarnlight",))
    assert (await visitor.get(f"/transcripts/{draft.case}")).status_code == 404


@ON_SQLITE
@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_page_is_whole_for_every_role_in_both_languages(visitor: Visitor, world: DeedWorld, language: str):
    draft, action = await world.late()
    await world.approve_action(action.id)
    await world.pass_time(minutes=1)
    answered = await _answered(world)
    await _commented(world, answered.case, answered.id, "Fine.")
    card = await _scorecard(world, answered.case, "score", "dispute", "settle")
    await indexed(world.engine)
    open_to_all = [
        f"/transcripts/{draft.case}",
        f"/transcripts/{answered.case}/entries/{answered.id}/seen",
        "/transcripts/scorecards",
        "/transcripts/coaching",
    ]
    for role in Role:
        visitor.who = person(str(role), role)
        supervises = role in (Role.SUPERVISOR, Role.ADMIN)
        searches = [
            "/transcripts?rule=promise",
            "/transcripts",
            "/transcripts/picked",
            f"/transcripts/scorecards/{card}",
        ]
        for address in [*open_to_all, *(searches if supervises else ())]:
            page = await visitor.open(address, **{"Accept-Language": language})
            if "/entries/" not in address:
                assert _one(page, "html").attributes["lang"] == language
                assert len(page.css("h1")) == 1
