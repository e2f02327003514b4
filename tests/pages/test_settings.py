"""Settings as pages: each section for who may open it, and nothing in it that is not theirs to change."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.models import AccountRow, BrandSettingRow, DraftFactsRow, JobRow, PublicationRow, StaffRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.fakes.models import ScriptedModel
from tests.pages.conftest import BY_A_MODULE, ON_SQLITE, Visitor

HOSTILE = '<img src=x onerror="alert(1)">\u202e</script>'
ADMIN = person("admin", Role.ADMIN)
OF_EVERYBODY = {"you", "channels", "limits", "voice"}
OF_ADMINS = OF_EVERYBODY | {"first-steps", "people", "model", "operating"}


@pytest.fixture
async def opened(visitor: Visitor) -> Visitor:
    visitor.who = ADMIN
    return visitor


def _names(page: LexborHTMLParser) -> set[str]:
    return {str(link.attributes["href"]).rpartition("/")[2] for link in page.css(".sections a")}


@ON_SQLITE
@pytest.mark.parametrize("role", Role)
async def test_the_list_holds_the_sections_of_a_role_and_each_of_them_opens(visitor: Visitor, role: Role):
    visitor.who = person(role.value, role)
    page = await visitor.open("/settings/you")
    assert _names(page) == (OF_ADMINS if role is Role.ADMIN else OF_EVERYBODY)
    for name in OF_ADMINS:
        answer = await visitor.get(f"/settings/{name}")
        assert answer.status_code == (
            403 if name not in _names(page) else 303 if name in {"limits", "voice"} else 200
        ), name


@ON_SQLITE
async def test_who_may_not_open_a_section_is_told_who_can_help(visitor: Visitor):
    visitor.who = person("rep", Role.REP)
    answer = await visitor.get("/settings/people")
    assert answer.status_code == 403
    assert "an admin has it" in answer.text


@ON_SQLITE
@pytest.mark.parametrize("address", ["channels/account_x", "limits/fernhollow"])
async def test_who_may_only_read_a_section_finds_its_fields_closed_and_no_button(visitor: Visitor, address: str):
    visitor.who = person("supervisor")
    page = await visitor.open(f"/settings/{address}")
    assert "disabled" in page.css_first("form[data-api] fieldset.bare").attributes
    assert page.css("form[data-api] button") == []
    assert "Only administrators" in page.text()
    visitor.who = ADMIN
    page = await visitor.open(f"/settings/{address}")
    assert "disabled" not in page.css_first("form[data-api] fieldset.bare").attributes
    assert page.css("form[data-api] button") != []


@ON_SQLITE
@pytest.mark.parametrize(("language", "words"), [("en", "What each role may do"), ("de", "Was jede Rolle darf")])
async def test_sections_speak_both_languages(opened: Visitor, language: str, words: str):
    asked = {"Accept-Language": language}
    assert words in (await opened.open("/settings/people", **asked)).text()
    for name in OF_ADMINS - {"limits", "voice"}:
        page = await opened.open(f"/settings/{name}", **asked)
        assert page.css_first("html").attributes["lang"] == language
        assert page.css_first("h1").text().strip()


@ON_SQLITE
async def test_names_are_shown_as_the_text_that_they_are(opened: Visitor, engine: AsyncEngine, world: CaseWorld):
    async with writing(engine) as session:
        rep = await session.get(StaffRow, "staff_rep")
        account = await session.get(AccountRow, "account_x")
        assert rep is not None
        assert account is not None
        rep.name, account.handle = HOSTILE, HOSTILE
        account.hours = {"on_call": [{"team": "on_call_safety", "contact": HOSTILE}]}
        session.add(
            BrandSettingRow(
                brand="fernhollow",
                subject="limits",
                number=1,
                said={"alone": [{"role": "admin", "unlimited": True}]},
                from_file=False,
                staff="staff_rep",
                at=world.now,
                why=HOSTILE,
            )
        )
        voices = [{"language": "en", "greeting": HOSTILE}]
        session.add(
            BrandSettingRow(
                brand="fernhollow",
                subject="voices",
                number=1,
                said=voices,
                from_file=False,
                staff="staff_rep",
                at=world.now,
                why="louder",
            )
        )
    for address in (
        "people",
        "people/staff_rep",
        "channels",
        "channels/account_x",
        "limits/fernhollow",
        "voice/fernhollow",
    ):
        page = await opened.open(f"/settings/{address}")
        assert page.css("img") == [], address
        shown = page.text() + "".join(field.attributes.get("value") or "" for field in page.css("input"))
        assert HOSTILE in shown, address


@ON_SQLITE
async def test_what_hours_were_read_goes_back_with_the_change(opened: Visitor):
    form = (await opened.open("/settings/channels/account_x")).css_first("form#hours")
    assert form.attributes["data-api"] == "PUT /accounts/account_x/hours"
    assert json.loads(form.css_first("[name=was]").attributes["value"])["time_zone"] == "UTC"


@ON_SQLITE
async def test_an_account_tells_what_is_wrong_with_it(opened: Visitor, engine: AsyncEngine, world: CaseWorld):
    draft = await world.drafted("where is my tent?")
    async with writing(engine) as session:
        session.add(
            JobRow(
                id="job_1",
                kind="poll",
                lane="poll:account_x",
                payload={},
                run_after=world.now,
                error="the network does not answer",
                created_at=world.now,
            )
        )
        session.add(
            PublicationRow(
                id="publication_1",
                brand="fernhollow",
                account="account_x",
                case=draft.case,
                draft=draft.id,
                part="public",
                text="…",
                digest="…",
                key="…",
                reply_to="…",
                recipient="…",
                state="failed",
                error="the post it answers was deleted",
                send_after=world.now,
                created_at=world.now,
                updated_at=world.now,
            )
        )
    one = (await opened.open("/settings/channels/account_x")).text()
    every = (await opened.open("/settings/channels")).text()
    for told in (one, every):
        assert "not reachable" in told
        assert "The network does not answer." in told
        assert "1 not sent this week" in told
    assert "the post it answers was deleted" in one


@ON_SQLITE
async def test_what_is_of_another_brand_is_not_there(visitor: Visitor):
    visitor.who = person("admin", Role.ADMIN, brands=["tarnlight"])
    for address in ("people/staff_rep", "channels/account_x", "limits/fernhollow", "voice/fernhollow"):
        assert (await visitor.get(f"/settings/{address}")).status_code == 404, address
    assert (await visitor.open("/settings/channels")).css(".accounts li") == []


@ON_SQLITE
async def test_a_new_installation_is_led_through_its_first_steps(
    opened: Visitor, engine: AsyncEngine, world: CaseWorld
):
    async with writing(engine) as session:
        account = await session.get(AccountRow, "account_x")
        assert account is not None
        account.removed_at = world.now
    assert (await opened.get("/settings")).headers["location"] == "/settings/first-steps"
    steps = (await opened.open("/settings/first-steps")).css(".step")
    done = {step.css_first("h2").text().split(" ")[0]: "done" in step.attributes["class"].split() for step in steps}
    assert done == {"Add": False, "Bring": False, "Import": False, "Let": True, "Choose": False}


@ON_SQLITE
async def test_settings_begin_with_oneself_for_who_sets_nothing_up(visitor: Visitor):
    visitor.who = person("rep", Role.REP)
    assert (await visitor.get("/settings")).headers["location"] == "/settings/you"


@ON_SQLITE
async def test_without_a_model_the_page_says_so_and_there_is_nothing_to_try(opened: Visitor):
    page = await opened.open("/settings/model")
    assert "without AI" in page.css_first("h2").text()
    assert page.css("form[data-api]") == []


@ON_SQLITE
async def test_the_model_is_told_with_what_it_costs_and_nothing_secret(
    opened: Visitor, engine: AsyncEngine, world: CaseWorld
):
    secret = {"api_key": "sk-secret", "base_url": "http://user:pass@model.invalid/v1"}
    endpoint = ScriptedModel.of("x").endpoint(**secret, daily_cost_cap=20.0)
    opened.app.state.service = replace(world.service, model=endpoint)
    draft = await world.drafted("where is my tent?")
    async with writing(engine) as session:
        facts = await session.get(DraftFactsRow, draft.id)
        assert facts is not None
        facts.cost = 1.25
    page = await opened.open("/settings/model")
    told = page.text()
    assert "scripted" in told
    assert "model.invalid" in told
    assert "1.25" in told
    assert "20.00" in told
    assert page.html is not None
    assert "sk-secret" not in page.html
    assert "user:pass" not in page.html
    assert page.css_first('form[data-api="POST /model/test"] button') is not None


@ON_SQLITE
async def test_what_is_kept_is_told_with_the_variable_that_says_so(opened: Visitor):
    page = await opened.open("/settings/operating")
    rows = {row.css_first("code").text(): row.css_first("td").text() for row in page.css(".section tbody tr")}
    assert rows["DESKSIDE_KEEP_CASES_DAYS"] == "730"
    assert len(rows) == 8


@ON_SQLITE
async def test_the_doctor_says_what_to_do_in_words(opened: Visitor, world: CaseWorld, tmp_path: Path):
    settings = world.service.settings.model_copy(update={"home": tmp_path})
    opened.app.state.service = replace(world.service, settings=settings)
    part = await opened.open("/settings/operating/doctor", **BY_A_MODULE)
    assert any(line.text().startswith("Database") for line in part.css("dt"))
    assert "None yet" in part.text()
