"""What is sent as what, when, and what keeps it from being sent, on the pages of the inbox."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from server.channels.accounts import change_initials
from server.db import writing
from server.drafts import review
from server.drafts.approvals import Terms
from server.drafts.working import claim
from server.publications.pausing import pause
from server.staff.roles import Caller, Role
from tests.fakes.cases import STRANGER, CaseWorld, person
from tests.pages.conftest import ON_SQLITE, Visitor

SOL = person("social", Role.SOCIAL, initials="SO")
BOSS = person("supervisor", Role.SUPERVISOR, initials="BO")
ADMIN = person("admin", Role.ADMIN, initials="AD")
RETURNS = "Can I return unused goods after 50 days?"


def _one(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


@ON_SQLITE
async def test_a_case_shows_the_end_of_what_is_sent_and_counts_it(visitor: Visitor, world: CaseWorld):
    draft = await world.drafted(RETURNS, STRANGER)
    visitor.who = SOL
    unsigned = await visitor.open(f"/inbox/drafts/{draft.id}")
    assert "hidden" in _one(unsigned, ".signed-as").attributes
    visitor.who = ADMIN
    settings = await visitor.open("/settings/channels/account_x")
    assert _one(settings, '#initials option[value="^{initials}"]').text() == "^AD"
    async with writing(world.engine) as session:
        await change_initials(session, "account_x", "^{initials}", now=world.now, by=ADMIN.id, brands=ADMIN.brands)
    visitor.who = SOL
    signed = await visitor.open(f"/inbox/drafts/{draft.id}")
    assert _one(signed, "[data-signed]").text().endswith(" ^SO")
    assert "hidden" not in _one(signed, ".signed-as").attributes
    before, after = (int(_one(page, "[data-count=public]").text().split(" /")[0]) for page in (unsigned, signed))
    assert after == before + len(" ^SO")


@ON_SQLITE
@pytest.mark.parametrize(("who", "resumes"), [(SOL, False), (BOSS, True)])
async def test_what_is_paused_and_what_is_scheduled_stands_above_the_queue(
    visitor: Visitor, world: CaseWorld, who: Caller, resumes: bool
):
    draft = await world.drafted(RETURNS, STRANGER)
    at = world.now + timedelta(hours=2)
    terms = Terms(confirmed=True, at=at)
    await review.approve(world.service, BOSS, draft.id, await world.seen(draft.id, BOSS), terms)
    async with writing(world.engine) as session:
        await pause(session, "account:account_x", brands=BOSS.brands, by=BOSS.id, reason="a recall", now=world.now)
    visitor.who = who
    page = await visitor.open("/inbox/sending")
    banner = _one(page, ".paused").text()
    assert "Sending is paused for @FernhollowHelp · X by Supervisor since" in " ".join(banner.split())
    assert "a recall" in banner
    assert (page.css_first("[data-api^='POST /pauses/']") is not None) is resumes
    assert (page.css_first("#pause") is not None) is resumes
    scheduled = _one(page, "#scheduled")
    assert _one(page, "#scheduled time").attributes["datetime"] == at.isoformat()
    assert f"@{STRANGER}" in scheduled.text()
    cancel = _one(page, "#scheduled form")
    assert str(cancel.attributes["data-api"]).endswith("/take-back")
    assert "goes out" in _one(await visitor.open(f"/inbox/drafts/{draft.id}"), ".sent").text()


@ON_SQLITE
async def test_what_was_taken_back_in_time_is_not_said_to_have_been_sent(visitor: Visitor, world: CaseWorld):
    draft = (await world.drafted(RETURNS, STRANGER)).id
    await review.approve(world.service, SOL, draft, await world.seen(draft, SOL), Terms(confirmed=True))
    visitor.who = SOL
    assert (await visitor.open(f"/inbox/drafts/{draft}")).css_first(".never-out") is None
    await review.take_back(world.service, SOL, draft, await world.seen(draft, SOL), "not yet")
    page = await visitor.open(f"/inbox/drafts/{draft}")
    assert page.css_first(".sent") is None
    assert _one(page, ".never-out summary").text() == "Taken back before it went out"
    assert "never sent" in _one(page, ".never-out").text()


@ON_SQLITE
async def test_who_has_a_case_is_named_and_it_is_taken_over_with_a_word(visitor: Visitor, world: CaseWorld):
    draft = await world.drafted(RETURNS, STRANGER)
    async with writing(world.engine) as session:
        await claim(session, SOL, draft.case, world.now, None)
    visitor.who = SOL
    assert _one(await visitor.open(f"/inbox/drafts/{draft.id}"), "#presence").text(strip=True) == ""
    visitor.who = BOSS
    page = await visitor.open(f"/inbox/drafts/{draft.id}")
    assert "Social has it" in _one(page, "#presence").text()
    take_over = _one(page, "#take-over form")
    assert take_over.attributes["data-api"] == f"POST /cases/{draft.case}/claim"
    assert "required" in _one(page, "#take-over [name=reason]").attributes
