"""Above the queue: how much waits, views and filters; and the pages on which much is decided at once."""

from datetime import timedelta
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from server.db import writing
from server.drafts.working import assign
from server.models import PromiseRow, SavedViewRow
from server.staff.roles import Role
from tests.fakes.cases import BRAND, CaseWorld, person
from tests.pages.conftest import ON_SQLITE, Visitor

LATE = "Where is my order? It is late."
GERMAN = "Kann ich unbenutzte Ware nach 50 Tagen zurückgeben? Ich finde nichts dazu auf der Seite."
SPAM = "Follow me for free crypto giveaway, DM me on WhatsApp to double your bitcoin now <b>!</b>"
SOL = person("social", Role.SOCIAL)
BOSS = person("supervisor", Role.SUPERVISOR)


async def _view(world: CaseWorld, *, brand: str | None = None, **filters: Any) -> str:
    async with writing(world.engine) as session:
        row = SavedViewRow(
            id=f"view_{brand or 'own'}",
            staff=SOL.id,
            brand=brand,
            name="German <refunds>",
            filters=filters,
            created_at=world.now,
            updated_at=world.now,
        )
        session.add(row)
    return row.id


def _chips(page: LexborHTMLParser) -> dict[str, str]:
    return {chip.attributes["href"] or "": " ".join(chip.text().split()) for chip in page.css(".queue-chip")}


@ON_SQLITE
async def test_chips_say_how_much_waits_and_lead_to_it(visitor: Visitor, world: CaseWorld):
    await world.drafted(LATE, "one", thread="t1")
    await world.drafted(GERMAN, "two", thread="t2")
    await world.drafted(SPAM, "winner", thread="t3")
    view = await _view(world, language="de")
    visitor.who = SOL
    page = await visitor.open("/inbox")
    assert _chips(page) == {
        "/inbox": "All 2",
        "/inbox?danger=true": "Danger 0",
        "/inbox?overdue=true": "Promise overdue 0",
        "/inbox?assigned_to=me": "Mine 0",
        "/inbox?assigned_to=nobody": "Nobody's 2",
        f"/inbox?view={view}": "German <refunds> 1",
    }
    [noise] = page.css(".queue-noise a")
    assert (noise.text(), noise.attributes["href"]) == ("1 post looks like spam", "/inbox/no-replies?reason=spam")
    assert _chips(await visitor.open("/inbox/counts")) == _chips(page)


@ON_SQLITE
async def test_a_view_has_an_address_and_stays_with_whoever_opens_a_post(visitor: Visitor, world: CaseWorld):
    await world.drafted(LATE, "one", thread="t1")
    german = await world.drafted(GERMAN, "two", thread="t2")
    view = await _view(world, language="de", state=["pending"])
    visitor.who = SOL
    page = await visitor.open(f"/inbox?view={view}")
    [row] = page.css("[data-draft][href]")
    assert row.attributes["href"] == f"/inbox/drafts/{german.id}?view={view}"
    [here] = page.css(".queue-chip[aria-current]")
    assert here.attributes["href"] == f"/inbox?view={view}"
    assert page.css_first("#view-change") is not None
    chosen = page.css_first('.queue-fields option[value="de"]')
    assert chosen is not None
    assert "selected" in chosen.attributes
    await visitor.open(f"/inbox/drafts/{german.id}?view={view}")
    visitor.who = BOSS
    assert (await visitor.get(f"/inbox?view={view}")).status_code == 404


@ON_SQLITE
async def test_filters_can_be_kept_and_shared_by_who_may(visitor: Visitor, world: CaseWorld):
    shared = await _view(world, brand=BRAND, language="de")
    for who, shares in ((SOL, False), (BOSS, True)):
        visitor.who = who
        page = await visitor.open("/inbox?language=de&waits_hours=4")
        form = page.css_first('#view-keep form[data-api="POST /queue/views"]')
        assert form is not None
        filters = form.css_first("[name=filters]")
        assert filters is not None
        assert filters.attributes["value"] == '{"language": "de", "waits_hours": 4}'
        assert (form.css_first("[name=brand]") is not None) is shares
        assert ((await visitor.open(f"/inbox?view={shared}")).css_first("#view-change") is not None) is shares
    assert (await visitor.open("/inbox")).css_first("#view-keep") is None


@ON_SQLITE
async def test_what_looks_like_spam_is_shown_whole_before_anybody_says_yes(visitor: Visitor, world: CaseWorld):
    draft = await world.drafted(SPAM, "winner", thread="t3")
    visitor.who = SOL
    page = await visitor.open("/inbox/no-replies?reason=spam")
    [item] = page.css(f'[data-draft="{draft.id}"]')
    assert SPAM in item.text()
    assert "@winner" in item.text()
    assert item.attributes["data-version"] == str(draft.version)
    box = item.css_first("input[type=checkbox]")
    assert box is not None
    assert "checked" in box.attributes
    assert page.css(".unanswered-item b") == []
    assert "Nothing waits here" in (await visitor.open("/inbox/no-replies?reason=thanks")).text()


@pytest.mark.parametrize("language", ["en", "de"])
@ON_SQLITE
async def test_the_end_of_a_shift_lists_what_somebody_holds(visitor: Visitor, world: CaseWorld, language: str):
    draft = await world.drafted(LATE, "one", thread="t1")
    async with writing(world.engine) as session:
        await assign(session, SOL, draft.case, SOL.id, world.now)
        session.add(
            PromiseRow(
                id="promise_1",
                brand=BRAND,
                case=draft.case,
                author="one",
                what="a refund <soon>",
                made_at=world.now,
                due=world.now + timedelta(days=1),
            )
        )
    visitor.who = SOL
    page = await visitor.open("/inbox/shift-end", **{"Accept-Language": language})
    assert LATE in page.css_first(f'[data-case="{draft.case}"]').text()  # type: ignore[union-attr]
    promise = page.css_first('[data-promise="promise_1"]')
    assert promise is not None
    assert "a refund <soon>" in promise.text()
    handed = [option.attributes["value"] for option in promise.css("option")]
    assert "team:payments" in handed
    assert "staff:staff_rep" in handed
    assert f"staff:{SOL.id}" not in handed
    visitor.who = BOSS
    nothing = await visitor.open("/inbox/shift-end", **{"Accept-Language": language})
    assert nothing.css_first("#shift-empty") is not None
