"""The pages of saved replies, and the chooser in the inbox: what each role sees, and hostile texts as text."""

import pytest
from selectolax.lexbor import LexborNode

from server.db import writing
from server.models import SavedReplyRow, SavedReplyVersionRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.pages.conftest import ON_SQLITE, Visitor

pytestmark = ON_SQLITE
BOSS, SOCIAL = person("supervisor"), person("social", Role.SOCIAL)
HOSTILE = "<script>alert(1)</script> \u202e{{customer_handle}}"


def _words(node: LexborNode) -> str:
    return " ".join(node.text().split())


@pytest.fixture
async def kept(world: CaseWorld) -> CaseWorld:
    """Some that were there before."""
    async with writing(world.engine) as session:
        for name, texts, ends in (
            ("late", {"en": {"public": "Sorry, {{customer_handle}}.", "private": None}}, None),
            ("returns", {"en": {"public": "You have 60 days.", "private": None}}, None),
            ("hostile", {"en": {"public": HOSTILE, "private": None}}, "2026-11-25"),
            ("german", {"de": {"public": None, "private": "Hallo {{customer_first_name}}."}}, None),
        ):
            row = SavedReplyRow.model_validate(
                {
                    "id": name, "brand": "fernhollow", "team": "orders", "title": name, "texts": texts,
                    "channels": [], "tags": ["<b>", name], "expires_on": ends, "created_at": world.now,
                    "changed_at": world.now, "changed_by": BOSS.id, "shortcut": name,
                }
            )  # fmt: skip
            session.add(row)
            await session.flush()
            said = {"title": name, "texts": texts}
            session.add(SavedReplyVersionRow(saved_reply=name, number=1, said=said, at=world.now, why="<i>new</i>"))
    return world


async def test_the_list_tells_what_ends_soon_first_and_is_narrowed_down(kept: CaseWorld, visitor: Visitor):
    visitor.who = SOCIAL
    page = await visitor.open("/knowledge/replies")
    assert [_words(node) for node in page.css("tbody th a")] == ["hostile", "german", "late", "returns"]
    assert "ends soon" in page.css_first("tbody tr").text()
    assert "<b>" in page.css_first("tbody th").text()
    assert not page.css("a[href='/knowledge/replies/new']")
    german = await visitor.open("/knowledge/replies?language=de&team=orders&brand=fernhollow")
    assert [_words(node) for node in german.css("tbody th a")] == ["german"]
    assert "Gespeicherte Antworten" in (await visitor.open("/knowledge/replies", **{"accept-language": "de"})).text()


async def test_one_is_edited_by_who_may_and_only_read_by_the_others(kept: CaseWorld, visitor: Visitor):
    visitor.who = BOSS
    page = await visitor.open("/knowledge/replies/one/hostile")
    form = page.css_first("form[data-api='PUT /saved-replies/hostile']")
    assert form.css_first("[name='texts.en.public']").text() == HOSTILE
    assert not page.css("main script")
    assert "<i>new</i>" in page.css_first(".versions").text()
    assert "{{order_number}}" in page.css_first(".reply-variables").text()
    assert (await visitor.open("/knowledge/replies/new")).css("form[data-api='POST /saved-replies']")
    visitor.who = SOCIAL
    theirs = await visitor.open("/knowledge/replies/one/hostile")
    assert theirs.css("fieldset[disabled]")
    assert not theirs.css("main form button")
    assert (await visitor.get("/knowledge/replies/new")).status_code == 403


async def test_the_inbox_offers_what_fits_and_says_why_the_rest_does_not(kept: CaseWorld, visitor: Visitor):
    draft = await kept.drafted("Can I return unused goods after 50 days?")
    visitor.who = SOCIAL
    case = await visitor.open(f"/inbox/drafts/{draft.id}")
    assert case.css("dialog#saved-replies [name=find]")
    assert case.css("[data-saved-replies='public_text']")
    part = await visitor.open(f"/inbox/drafts/{draft.id}/saved-replies?part=public")
    found = {str(node.attributes["data-saved-reply"]): node for node in part.css("[data-saved-reply]")}
    assert list(found) == ["returns", "hostile", "late", "german"]
    assert "fits the request" in _words(found["returns"])
    assert "fits the request" not in _words(found["late"])
    assert "aria-disabled" not in found["late"].attributes
    assert "no text for this part" in _words(found["german"])
    assert found["german"].attributes["aria-disabled"] == "true"
    assert HOSTILE in found["hostile"].css_first(".reply-text").text()
