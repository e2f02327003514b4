"""The page on which a brand's voices are changed: what it shows of them, and to whom it lends a pen."""

from dataclasses import replace

from selectolax.lexbor import LexborNode
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.models import AccountRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.pages.conftest import ON_SQLITE, Visitor

HEAD = person("supervisor")
ADDRESS = "/settings/voice/fernhollow"
pytestmark = ON_SQLITE


def _sounds(card: LexborNode) -> list[str]:
    return [one.text() for one in card.css("[data-sounds]")]


async def test_each_language_has_a_card_that_shows_how_it_sounds_and_what_differs(
    visitor: Visitor, world: CaseWorld, engine: AsyncEngine
):
    async with writing(engine) as session:
        account = await session.get(AccountRow, "account_x")
        assert account is not None
        account.initials = "^{initials}"
    visitor.who = replace(HEAD, initials="SH")
    page = await visitor.open(ADDRESS)
    cards = {card.css_first("h2").text(): card for card in page.css("#voices .card:has(h2)")}
    assert list(cards) == ["English", "German", "Spanish", "French"]
    assert _sounds(cards["English"]) == [
        "Hi there. You have 60 days to send it back.",
        "You have 60 days to send it back.",
        "Hi there. You have 60 days to send it back. Your Fernhollow team",
        "You have 60 days to send it back. ^SH",
    ]
    assert _sounds(cards["French"])[0] == "Bonjour. Vous avez 60 jours pour la renvoyer."
    places = [field.attributes["name"] for field in page.css("#voices [data-said=greeting]")]
    assert places == [f"voices.{at}.greeting" for at in range(16)], "as they are sent, and as faults are told"


async def test_supervisors_change_it_and_others_find_the_fields_closed(visitor: Visitor):
    visitor.who = HEAD
    assert "disabled" not in (await visitor.open(ADDRESS)).css_first("#voices fieldset.bare").attributes
    visitor.who = person("rep", Role.REP)
    page = await visitor.open(ADDRESS)
    assert "disabled" in page.css_first("#voices fieldset.bare").attributes
    assert page.css("#voices button") == []
    assert "Supervisors and administrators change this" in page.text()


async def test_once_it_is_changed_the_page_says_since_when_and_what_the_file_says(visitor: Visitor):
    visitor.who = HEAD
    view = (await visitor.http.get("/api/v1/voices/fernhollow")).json()
    view["voices"][0]["greeting"] = "Hello you."
    body = {"voices": view["voices"], "version": 0, "why": "louder"}
    assert (await visitor.http.put("/api/v1/voices/fernhollow", json=body)).status_code == 200
    page = await visitor.open(ADDRESS)
    assert page.css_first("[data-said=greeting]").attributes["value"] == "Hello you."
    assert "louder" in page.css_first(".versions").text()
    assert "greeting: Hi there." in page.css_first(".voice-file").text()
