"""What the API says in English is told in German by its code, with the values that it names."""

from dataclasses import replace

import pytest

from assistant.troubles import troubles
from server.conversations.views import ToldView
from server.db import writing
from server.drafts.working import claim
from server.pages.codes import codes_in
from server.pages.formats import Formats
from server.pages.texts import languages
from server.staff.roles import Role
from tests.fakes.cases import KNOWN, STRANGER, CaseWorld, person, shipped_guidance
from tests.fakes.desk import late_order
from tests.fakes.small_shop import NOW
from tests.pages.conftest import ON_SQLITE, Visitor

SOL = person("social", Role.SOCIAL)
BOSS = person("supervisor", Role.SUPERVISOR)


def test_a_code_is_told_with_its_values_and_an_unknown_one_in_the_apis_words():
    german = codes_in("de")
    assert german.refusal("case_claimed", "Ann has it", {"name": "Ann"}).startswith("Ann hat diesen Fall.")
    assert german.refusal("case_claimed", "somebody has it", {}) == "somebody has it"
    assert german.refusal("never_heard_of", "as the API says", {}) == "as the API says"
    assert german.reason("legal", "mentions a court: “Anwalt”") == "Spricht von Recht oder Gericht: “Anwalt”"
    assert codes_in("en").finding("length", "300 characters; 280 fit") == "300 characters; 280 fit"


def test_what_is_wrong_with_an_order_is_told_in_german_as_far_as_it_is_known():
    german, formats = codes_in("de"), Formats("de", NOW)
    order = replace(late_order(), shipments=tuple(replace(one, carrier=None) for one in late_order().shipments))
    [late] = (ToldView.of(told) for told in troubles(order, NOW))
    assert german.telling(late, formats) == (
        "Ridgeline 2: sollte bis 17. November ankommen (Tage zu spät: 3); abgeschickt am 13. November; "
        "zuletzt gesehen am 19. November in Leeds (Left the depot)"
    )
    assert codes_in("en").telling(late, formats) == late.words
    out = ToldView(code="unreachable", words="orders unreachable", values={"port": "orders"})
    assert german.telling(out, formats) == "Bestellungen nicht zu erreichen"


@pytest.mark.parametrize("language", languages())
def test_what_posts_are_about_has_a_name_in_every_language(language: str):
    assert codes_in(language).topics.keys() == {intent.id for intent in shipped_guidance().intents}


@ON_SQLITE
async def test_a_late_parcel_stands_once_beside_a_case_and_in_german(visitor: Visitor, world: CaseWorld):
    draft = await world.drafted("Where is my order? It is late.", KNOWN)
    visitor.who = SOL
    visitor.http.headers["Accept-Language"] = "de"
    told = (await visitor.open(f"/inbox/drafts/{draft.id}/customer")).text()
    assert told.count("sollte bis") == 1
    assert "late" not in told


@ON_SQLITE
async def test_german_pages_say_in_german_why_something_cannot_be_done(visitor: Visitor, world: CaseWorld):
    draft = await world.drafted("Where is my order? It is late.", STRANGER)
    async with writing(world.engine) as session:
        await claim(session, BOSS, draft.case, world.now, None)
    visitor.who = SOL
    visitor.http.headers["Accept-Language"] = "de"
    page = await visitor.open(f"/inbox/drafts/{draft.id}")
    why = page.css_first("#why-not")
    assert why is not None
    assert why.text().startswith("Supervisor hat diesen Fall.")
    said = page.css_first("#words")
    assert said is not None
    assert '"refused.blocked"' in said.text()
