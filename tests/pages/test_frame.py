"""What stands around every page, and what is shown instead of one."""

import re
from pathlib import Path

import pytest

from server.pages.assets import address_of, assets
from server.pages.texts import Texts, languages, texts_in
from server.staff.roles import Role
from tests.fakes.cases import person
from tests.pages.conftest import BY_A_MODULE, ON_SQLITE, Visitor

PAGES = Path("server/pages")
ROLES = tuple(Role)


def _entries(texts: Texts) -> set[str]:
    """The names of the entries, the forms of a plural as one: languages have different ones."""
    return {re.sub(r"\.(one|two|few|many|other)$", "", name) for name in texts.entries}


def test_every_language_says_the_same_things():
    english = texts_in("en")
    for language in languages():
        texts = texts_in(language)
        assert _entries(texts) == _entries(english), language
        for name in english.entries.keys() & texts.entries.keys():
            said, here = (sorted(re.findall(r"{(\w+)}", one.entries[name])) for one in (english, texts))
            assert said == here, f"{language}: {name}"


def test_every_text_that_a_template_names_is_written():
    entries = _entries(texts_in("en"))
    named = {
        (path.name, name)
        for path in PAGES.rglob("*.j2")
        for name in re.findall(r"""\bt\(["']([\w.-]+)["'](?! ~)""", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 40
    assert {(path, name) for path, name in named if name not in entries} == set()


def test_every_word_that_a_module_says_is_written():
    said = texts_in("en").under("said")
    named = {name for asset in assets().values() for name in re.findall(rb'\bwords\("(\w+)"', asset.content)}
    assert {name.decode() for name in named} <= said.keys()


def test_no_template_holds_a_script_a_style_or_a_handler():
    for path in PAGES.rglob("*.j2"):
        written = path.read_text(encoding="utf-8")
        assert not re.findall(r"<script(?![^>]*\b(src=|type=\"application/json\"))", written), path
        assert not re.findall(r"<style|\sstyle=|\son\w+=|\|\s*safe\b", written), path


@ON_SQLITE
async def test_whoever_opens_the_site_is_led_to_where_their_day_begins(visitor: Visitor):
    assert (await visitor.get("/")).headers["location"] == "/sign-in"
    visitor.who = person("sol", Role.SOCIAL)
    assert (await visitor.get("/")).headers["location"] == "/inbox"


@ON_SQLITE
async def test_who_is_not_signed_in_signs_in_first_and_comes_back(visitor: Visitor):
    answer = await visitor.get("/inbox?danger=true")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=%2Finbox%3Fdanger%3Dtrue")
    page = await visitor.open(answer.headers["location"])
    assert page.css_first("#with-password").attributes["data-to"] == "/inbox?danger=true"


@ON_SQLITE
@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"])
async def test_signing_in_leads_to_no_other_site(visitor: Visitor, to: str):
    page = await visitor.open(f"/sign-in?to={to}")
    assert page.css_first("#with-password").attributes["data-to"] == "/"


@ON_SQLITE
@pytest.mark.parametrize("address", ["/inbox/drafts/draft_of_nobody", "/insights/happiness"])
async def test_a_page_that_is_not_there_says_so_and_where_to_go(visitor: Visitor, address: str):
    visitor.who = person("supervisor")
    answer = await visitor.get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "must be" not in answer.text
    assert 'href="/"' in answer.text


@ON_SQLITE
async def test_a_page_hears_what_happens_from_the_moment_it_was_read(visitor: Visitor):
    visitor.who = person("sol", Role.SOCIAL)
    body = (await visitor.open("/inbox")).css_first("body")
    assert body.attributes["data-heard"] == "41"


@ON_SQLITE
async def test_a_fault_is_a_page_for_people_and_a_problem_for_programs(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    async def breaks(*_: object, **__: object) -> None:
        raise ValueError("the disk is full")

    monkeypatch.setattr("server.pages.inbox.routes.read_queue", breaks)
    visitor.who = person("sol", Role.SOCIAL)
    told = await visitor.get("/inbox/queue")
    assert told.status_code == 500
    assert "Something went wrong in Deskside" in told.text
    assert told.headers["x-request-id"] in told.text
    assert "disk" not in told.text
    program = await visitor.get("/inbox/queue", **BY_A_MODULE)
    assert program.json()["code"] == "fault"


@ON_SQLITE
async def test_a_module_is_told_a_refusal_as_the_api_tells_it(visitor: Visitor):
    answer = await visitor.get("/inbox/drafts/draft_of_nobody/case", **BY_A_MODULE)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


@ON_SQLITE
@pytest.mark.parametrize("accepted", ["de-CH,de;q=0.9,en;q=0.5", "de"])
async def test_a_page_speaks_the_browsers_language(visitor: Visitor, accepted: str):
    answer = await visitor.get("/sign-in", **{"Accept-Language": accepted})
    assert 'lang="de"' in answer.text
    assert "Anmelden" in answer.text


@ON_SQLITE
async def test_a_page_runs_only_what_we_serve(visitor: Visitor):
    policy = (await visitor.get("/sign-in")).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@ON_SQLITE
async def test_files_are_kept_for_ever_under_an_address_that_names_what_they_hold(visitor: Visitor):
    kept = await visitor.get(address_of("site.css"))
    assert "immutable" in kept.headers["cache-control"]
    other = await visitor.get("/assets/of-another-version/site.css")
    assert other.headers["cache-control"] == "no-store"
    assert other.text == kept.text
    assert (await visitor.get("/assets/x/..%2fpages.py")).status_code == 404
