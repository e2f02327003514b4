import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from server.db import open_database, reading
from server.models import FailedSignInRow
from server.staff.person import Person
from tests.fixtures.databases import Database
from tests.integration.staff.conftest import ELSEWHERE, ON_SQLITE, PASSWORD, Browser, Clock, Site, application


async def _fail(browser: Browser, email: str, times: int) -> list[int]:
    return [(await browser.sign_in(email, "not the password")).status_code for _ in range(times)]


@pytest.fixture
async def victim(site: Site) -> Person:
    return await site.add(password=PASSWORD)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No password is right, at once; which were looked at."""
    looked_at: list[str] = []

    async def is_wrong(password: str, _hash: str | None) -> bool:
        looked_at.append(password)
        await asyncio.sleep(0)
        return False

    monkeypatch.setattr("server.staff.signing_in.is_right", is_wrong)
    return looked_at


async def test_after_five_failures_the_email_waits_and_is_told_how_long(site: Site, victim: Person, quick: list[str]):
    attacker = await site.browser(ELSEWHERE)
    assert await _fail(attacker, victim.email, 6) == [401] * 5 + [429]
    answer = await attacker.sign_in(victim.email)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_sign_ins")
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    assert len(quick) == 5


@ON_SQLITE
async def test_it_is_the_same_for_an_email_that_nobody_has(site: Site, quick: list[str]):
    attacker = await site.browser(ELSEWHERE)
    assert await _fail(attacker, "nobody@fernhollow.example", 6) == [401] * 5 + [429]


@ON_SQLITE
async def test_what_is_refused_does_not_lengthen_the_wait(site: Site, victim: Person, clock: Clock):
    attacker = await site.browser(ELSEWHERE)
    await _fail(attacker, victim.email, 5)
    for _ in range(14):
        clock.pass_by(minutes=1)
        assert (await attacker.sign_in(victim.email)).status_code == 429
    clock.pass_by(minutes=1)
    assert (await attacker.sign_in(victim.email)).status_code == 200


@ON_SQLITE
async def test_the_real_person_comes_in_by_their_own_browser_while_somebody_guesses(site: Site, victim: Person):
    own = await site.browser()
    assert (await own.sign_in(victim.email)).status_code == 200
    await own.post("/sign-out")
    attacker = await site.browser(ELSEWHERE)
    await _fail(attacker, victim.email, 5)
    assert (await (await site.browser()).sign_in(victim.email)).status_code == 429
    assert (await own.sign_in(victim.email)).status_code == 200


@ON_SQLITE
async def test_a_remembered_browser_guesses_no_more_than_others(site: Site, victim: Person, quick: list[str]):
    own = await site.enter(victim)
    await own.post("/sign-out")
    # five that count for the browser, five for the email
    assert await _fail(own, victim.email, 11) == [401] * 10 + [429]


@ON_SQLITE
async def test_the_mark_of_ones_own_browser_is_no_good_for_another_email(site: Site, victim: Person, quick: list[str]):
    attacker = await site.enter(await site.add())
    await attacker.post("/sign-out")
    assert await _fail(attacker, victim.email, 6) == [401] * 5 + [429]


@ON_SQLITE
async def test_an_address_waits_whatever_emails_it_tries(site: Site, quick: list[str]):
    attacker = await site.browser(ELSEWHERE)
    tried = [(await attacker.sign_in(f"guess{n}@fernhollow.example")).status_code for n in range(31)]
    assert tried == [401] * 30 + [429]
    assert (await (await site.browser("198.51.100.7")).sign_in("guess99@fernhollow.example")).status_code == 401


@ON_SQLITE
async def test_a_line_with_a_whole_ipv6_network_is_one_address(site: Site, quick: list[str]):
    async def attempt(n: int) -> int:
        return (await (await site.browser(f"2001:db8::{n + 1:x}")).sign_in(f"guess{n}@x.example")).status_code

    assert [await attempt(n) for n in range(31)][-1] == 429
    assert (await (await site.browser("2001:db8:1::1")).sign_in("guess99@x.example")).status_code == 401


async def test_many_at_once_do_not_pass_together(site: Site, victim: Person, quick: list[str]):
    attackers = [await site.browser(f"203.0.113.{n}") for n in range(12)]
    answers: list[httpx.Response] = await asyncio.gather(*(a.sign_in(victim.email, "guess") for a in attackers))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7
    assert len(quick) == 5


async def test_processes_count_together(
    site: Site, victim: Person, quick: list[str], database: Database, clock: Clock, tmp_path: Path
):
    async with AsyncExitStack() as stack:
        engine = await open_database(database.url)
        stack.push_async_callback(engine.dispose)
        twin = Site(application(engine, clock, tmp_path / "home"), engine, clock, stack)
        here, there = await site.browser(ELSEWHERE), await twin.browser(ELSEWHERE)
        assert await _fail(here, victim.email, 3) == [401] * 3
        assert await _fail(there, victim.email, 3) == [401] * 2 + [429]
        assert await _fail(here, victim.email, 1) == [429]
    assert len(quick) == 5


async def test_a_success_clears_the_emails_failures_and_not_the_addresss(site: Site, victim: Person):
    browser = await site.browser()
    await _fail(browser, victim.email, 4)
    assert (await browser.sign_in(victim.email)).status_code == 200
    async with reading(site.engine) as session:
        assert len((await session.exec(select(FailedSignInRow))).all()) == 4


@ON_SQLITE
async def test_who_reads_the_table_learns_neither_emails_nor_addresses(site: Site, victim: Person, quick: list[str]):
    await _fail(await site.browser(ELSEWHERE), victim.email, 1)
    async with reading(site.engine) as session:
        rows = (await session.exec(select(FailedSignInRow))).all()
    assert len(rows) == 2
    assert all(len(row.who) == 64 and int(row.who, 16) for row in rows)


@ON_SQLITE
async def test_guessing_the_current_password_at_an_open_browser_is_throttled_too(
    site: Site, victim: Person, quick: list[str]
):
    browser = await site.enter(victim)
    tried = [(await browser.post("/me/password", {"current": "guess", "new": PASSWORD})).status_code for _ in range(11)]
    assert tried == [403] * 10 + [429]
