"""What the API says in English is told in German by its code, with the values that it names."""

from server.db import writing
from server.drafts.working import claim
from server.pages.codes import codes_in
from server.staff.roles import Role
from tests.fakes.cases import STRANGER, CaseWorld, person
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
