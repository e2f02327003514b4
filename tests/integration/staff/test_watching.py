"""Somebody who watches the events is who signed in, for as long as that counts, and not longer for watching."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from server.db import writing
from server.events.endpoints import router
from server.events.feed import Feed
from server.jobs.waking import open_bell
from server.service import Service
from server.staff.people import disable_person, operator
from server.staff.person import Person
from server.staff.roles import Caller, Role
from server.staff.sessions import IDLE, LONGEST
from server.staff.tokens import make_personal, revoke_token
from server.web.callers import Credentials
from tests.integration.staff.conftest import API, BRANDS, Browser, Clock, Site

End = Callable[[Site, Person, Browser], Awaitable[object]]


@pytest.fixture
async def feed(site: Site, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Feed]:
    """The events of the site, whose readers are looked at all the time."""
    monkeypatch.setattr("server.events.endpoints._ASK_AGAIN_S", 0.01)
    async with open_bell(site.engine, "events") as bell:
        feed = Feed(site.engine, bell)
        site.app.include_router(router, prefix=API)
        site.app.state.feed = feed
        yield feed


async def _watch(browser: Browser, feed: Feed) -> "asyncio.Task[httpx.Response]":
    stream = asyncio.create_task(browser.get("/events"))
    while not feed.watched_by:
        assert not stream.done(), stream.result().text
        await asyncio.sleep(0.005)
    return stream


async def _why(stream: "asyncio.Task[httpx.Response]") -> str:
    async with asyncio.timeout(20):
        answer = await stream
    last = answer.text.strip().split("\n\n")[-1]
    assert "event: stream.ended" in last, last
    why: str = json.loads(last.partition("data: ")[2].splitlines()[0])["why"]
    return why


async def _signs_out(site: Site, person: Person, browser: Browser) -> None:
    assert (await browser.post("/sign-out")).status_code == 204


async def _is_disabled(site: Site, person: Person, browser: Browser) -> None:
    async with writing(site.engine) as session:
        await disable_person(session, operator(BRANDS), person.id, site.clock.now)


async def _sits_there_too_long(site: Site, person: Person, browser: Browser) -> None:
    site.clock.pass_by(seconds=LONGEST.total_seconds() + 1)


@pytest.mark.parametrize("end", [_signs_out, _is_disabled, _sits_there_too_long])
async def test_a_stream_ends_with_the_session_it_was_opened_by(site: Site, feed: Feed, end: End):
    await site.add(Role.ADMIN)
    person = await site.add()
    browser = await site.enter(person)
    stream = await _watch(browser, feed)
    await end(site, person, browser)
    assert await _why(stream) == "not_signed_in"
    assert not feed.watched_by


async def test_a_stream_ends_when_its_token_is_revoked(site: Site, feed: Feed):
    person = await site.add()
    async with writing(site.engine) as session:
        made = await make_personal(
            session, person, name="watching", scopes=None, lasts=timedelta(days=1), now=site.clock.now
        )
    stream = await _watch(await site.by_token(made.secret), feed)
    async with writing(site.engine) as session:
        await revoke_token(session, person.as_caller(), made.row.id, site.clock.now)
    assert await _why(stream) == "not_signed_in"


async def test_watching_keeps_nobody_signed_in(site: Site, feed: Feed, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    """A browser that was left open reads events all day; two hours after the last thing done there it is signed out."""
    looks: list[None] = []
    identify = Credentials.identify

    async def look(credentials: Credentials, service: Service, *, in_use: bool = True) -> Caller:
        try:
            return await identify(credentials, service, in_use=in_use)
        finally:
            looks.append(None)

    monkeypatch.setattr(Credentials, "identify", look)
    browser = await site.enter(await site.add())
    stream = await _watch(browser, feed)
    for _ in range(4):
        clock.pass_by(seconds=IDLE.total_seconds() / 4)
        seen = len(looks)
        while len(looks) < seen + 2 and not stream.done():  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.005)
    assert await _why(stream) == "not_signed_in"
    assert not await browser.is_in()


async def test_nor_does_coming_again_and_again_to_watch(site: Site, feed: Feed, clock: Clock):
    browser = await site.enter(await site.add())
    for _ in range(4):
        assert (await browser.get("/events?follow=false")).status_code == 200
        clock.pass_by(seconds=IDLE.total_seconds() / 4)
    assert (await browser.get("/events?follow=false")).status_code == 401
