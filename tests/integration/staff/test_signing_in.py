import asyncio
import time

import pytest

from server.staff.roles import Role
from tests.integration.staff.conftest import ELSEWHERE, ON_SQLITE, PASSWORD, Clock, Site


async def test_a_password_opens_a_session_whose_cookie_no_script_reads(site: Site):
    person = await site.add(Role.REP, password=PASSWORD)
    browser = await site.browser()
    answer = await browser.sign_in(person.email.upper())
    assert answer.status_code == 200
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("deskside_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=43200" in cookie
    me = (await browser.get("/me")).json()
    assert (me["id"], me["role"], me["brands"]) == (person.id, "rep", ["fernhollow", "tarnlight"])


@ON_SQLITE
async def test_over_https_the_cookie_is_sent_over_https_alone(site: Site):
    site.app.state.service.settings.public_url = "https://desk.fernhollow.example"
    person = await site.add()
    answer = await (await site.browser()).post("/sign-in/link", {"link": await site.link(person)})
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


@ON_SQLITE
async def test_wrong_unknown_and_disabled_are_told_in_the_same_words(site: Site):
    person, gone = await site.add(password=PASSWORD), await site.add(password=PASSWORD)
    admin = await site.as_role(Role.ADMIN)
    assert (await admin.post(f"/staff/{gone.id}/disable")).status_code == 200
    browser = await site.browser()
    answers = [
        await browser.sign_in(person.email, "not the password"),
        await browser.sign_in("nobody@fernhollow.example"),
        await browser.sign_in(gone.email),
        await browser.sign_in((await site.add()).email),  # has no password yet
    ]
    told = [{**answer.json(), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert told == [told[0]] * 4


@ON_SQLITE
async def test_an_unknown_email_costs_as_much_work_as_a_wrong_password(site: Site):
    person = await site.add(password=PASSWORD)
    browser = await site.browser()

    async def work(email: str) -> float:
        """The least of three: what else the process does meanwhile, collecting garbage for one, only adds to it."""
        took = []
        for _ in range(3):
            began = time.process_time()
            assert (await browser.sign_in(email, "not the password")).status_code == 401
            took.append(time.process_time() - began)
        return min(took)

    known, unknown = await work(person.email), await work("nobody@fernhollow.example")
    assert 0.5 < unknown / known < 2


async def test_a_link_works_once(site: Site):
    person = await site.add()
    link = await site.link(person)
    answers = []
    for _ in range(2):
        answers.append(await (await site.browser(ELSEWHERE)).post("/sign-in/link", {"link": link}))
    assert [answer.status_code for answer in answers] == [200, 401]
    assert answers[1].json()["code"] == "link_does_not_count"


async def test_of_many_who_open_a_link_at_once_one_comes_in(site: Site):
    link = await site.link(await site.add())
    browsers = [await site.browser() for _ in range(12)]
    answers = await asyncio.gather(*(browser.post("/sign-in/link", {"link": link}) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 11


@ON_SQLITE
async def test_a_link_ends_with_a_newer_one_and_after_a_day(site: Site, clock: Clock):
    person = await site.add()
    first, second = await site.link(person), await site.link(person)
    browser = await site.browser()
    assert (await browser.post("/sign-in/link", {"link": first})).status_code == 401
    clock.pass_by(hours=24)
    assert (await browser.post("/sign-in/link", {"link": second})).status_code == 401


@ON_SQLITE
async def test_a_link_of_the_demo_works_on_this_machine_alone_and_is_not_used_up_elsewhere(site: Site):
    link = {"link": await site.link(await site.add(), local=True)}
    away = await site.browser(ELSEWHERE)
    assert (await away.post("/sign-in/link", link)).json()["code"] == "link_only_here"
    here = await site.browser()
    through_a_proxy = await here.ask("POST", "/sign-in/link", link, **{"X-Forwarded-For": ELSEWHERE})
    assert through_a_proxy.status_code == 403
    assert (await here.post("/sign-in/link", link)).status_code == 200


@ON_SQLITE
async def test_another_name_for_this_machine_is_not_this_machine(site: Site):
    site.app.state.service.settings.public_url = "http://testserver"
    link = {"link": await site.link(await site.add(), local=True)}
    assert (await (await site.browser(host="rebound.example")).post("/sign-in/link", link)).status_code >= 400
    assert (await (await site.browser(host="localhost")).post("/sign-in/link", link)).status_code == 200


@ON_SQLITE
async def test_another_site_cannot_sign_its_visitor_in(site: Site):
    link = {"link": await site.link(await site.add())}
    browser = await site.browser()
    answer = await browser.post("/sign-in/link", link, **{"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.json()["code"]) == (403, "from_another_site")


@ON_SQLITE
async def test_a_session_ends_when_nobody_uses_it(site: Site, clock: Clock):
    browser = await site.as_role(Role.REP)
    clock.pass_by(minutes=100)
    assert await browser.is_in()
    clock.pass_by(minutes=100)
    assert await browser.is_in()
    clock.pass_by(minutes=120)
    assert not await browser.is_in()


@ON_SQLITE
async def test_a_session_ends_after_a_working_day_however_much_it_is_used(site: Site, clock: Clock):
    browser = await site.as_role(Role.REP)
    for _ in range(11):
        clock.pass_by(hours=1)
        assert await browser.is_in()
    clock.pass_by(hours=1)
    assert not await browser.is_in()


async def test_who_signs_out_is_out_in_that_browser(site: Site):
    person = await site.add()
    browser, other = await site.enter(person), await site.enter(person)
    kept = browser.http.cookies["deskside_session"]
    assert (await browser.post("/sign-out")).status_code == 204
    assert "deskside_session" not in browser.http.cookies
    thief = await site.browser()
    thief.http.cookies["deskside_session"] = kept
    assert not await thief.is_in()
    assert await other.is_in()


async def test_signing_in_again_ends_the_browsers_earlier_session(site: Site):
    person = await site.add()
    browser = await site.enter(person)
    before = browser.http.cookies["deskside_session"]
    await browser.post("/sign-in/link", {"link": await site.link(person)})
    assert browser.http.cookies["deskside_session"] != before
    old = await site.browser()
    old.http.cookies["deskside_session"] = before
    assert not await old.is_in()


async def test_a_new_password_needs_the_old_one_and_signs_out_every_other_browser(site: Site):
    person = await site.add(password=PASSWORD)
    here, there = await site.enter(person), await site.enter(person)
    wrong = await here.post("/me/password", {"current": "not the password", "new": "a longer new one"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    assert (await here.post("/me/password", {"current": PASSWORD, "new": "a longer new one"})).status_code == 204
    assert await here.is_in()
    assert not await there.is_in()
    assert (await (await site.browser()).sign_in(person.email)).status_code == 401
    assert (await (await site.browser()).sign_in(person.email, "a longer new one")).status_code == 200


@ON_SQLITE
@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "nan1@fernhollow.example"])
async def test_a_weak_password_is_refused_and_says_what_is_asked_for(site: Site, weak: str):
    browser = await site.enter(await site.add())
    answer = await browser.post("/me/password", {"new": weak})
    assert (answer.status_code, answer.json()["code"]) == (422, "password_too_weak")


async def test_a_change_by_cookie_needs_what_only_our_pages_know(site: Site):
    browser = await site.as_role(Role.REP)
    right = browser.headers.pop("X-CSRF-Token")
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "guessed"}):
        answer = await browser.post("/tokens", {"name": "mine"}, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_value_missing")
    assert (await browser.get("/tokens")).json()["items"] == []
    assert (await browser.get("/me")).json()["csrf"] == right
    assert (await browser.post("/tokens", {"name": "mine"}, **{"X-CSRF-Token": right})).status_code == 201


@ON_SQLITE
async def test_one_sessions_value_is_no_other_sessions(site: Site):
    person = await site.add()
    one, other = await site.enter(person), await site.enter(person)
    one.headers, other.headers = other.headers, one.headers
    assert (await one.post("/tokens", {"name": "mine"})).status_code == 403


@ON_SQLITE
async def test_nobody_is_told_to_sign_in(site: Site):
    answer = await (await site.browser()).get("/me")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="deskside"')
    browser = await site.browser()
    browser.headers["Authorization"] = "Basic bmFuOnBhc3N3b3Jk"
    assert (await browser.get("/me")).status_code == 401
