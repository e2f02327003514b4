"""A stream of events: how long it lasts, for whom, and how many there are."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx

from server.events.endpoints import ENDED
from server.staff.roles import PERMISSIONS, Caller, Permission, Role
from server.web.callers import Credentials
from tests.web.conftest import client
from tests.web.events import names, running, told, until


async def test_the_stream_ends_when_the_process_stops(site):
    async with client(site.app, "ada") as http:
        stream = asyncio.create_task(http.get("/events"))
        await until(lambda: site.feed.watched_by)
        site.feed.end()
        answer = await stream
    assert told(answer.text)[-1][0] == ENDED
    assert not site.feed.watched_by


def why_it_ended(answer: httpx.Response) -> str:
    [*_, (kind, data)] = told(answer.text)
    assert kind == ENDED
    assert data["detail"]
    return str(data["why"])


async def test_the_stream_ends_with_a_word_for_who_is_not_signed_in_any_more(site, callers, monkeypatch):
    monkeypatch.setattr("server.events.endpoints._ASK_AGAIN_S", 0.01)
    async with client(site.app, "ada") as http:
        stream = asyncio.create_task(http.get("/events"))
        await until(lambda: site.feed.watched_by)
        del callers["ada"]
        assert why_it_ended(await stream) == "not_signed_in"


async def test_the_stream_ends_for_who_may_not_read_cases_any_more(site, callers, monkeypatch):
    monkeypatch.setattr("server.events.endpoints._ASK_AGAIN_S", 0.01)
    async with client(site.app, "ada") as http:
        stream = asyncio.create_task(http.get("/events"))
        await until(lambda: site.feed.watched_by)
        callers["ada"] = replace(callers["ada"], permissions=frozenset({Permission.MANAGE_STAFF}))
        assert why_it_ended(await stream) == "not_allowed"


async def test_the_stream_ends_where_nobody_knows_who_reads(site, callers, monkeypatch):
    monkeypatch.setattr("server.events.endpoints._ASK_AGAIN_S", 0.01)

    async def away(*_: Any, **__: Any) -> Caller:
        raise ConnectionRefusedError

    async with client(site.app, "ada") as http:
        stream = asyncio.create_task(http.get("/events"))
        await until(lambda: site.feed.watched_by)
        monkeypatch.setattr("server.web.callers.Credentials.identify", away)
        assert why_it_ended(await stream) == "not_known"


async def test_the_stream_ends_for_who_is_not_signed_in_any_more_although_it_is_never_quiet(site, callers, monkeypatch):
    monkeypatch.setattr("server.events.endpoints._ASK_AGAIN_S", 0.3)

    async def go_on():
        while True:
            await site.happen("a")
            await asyncio.sleep(0.02)

    async with client(site.app, "ada") as http:
        stream = asyncio.create_task(http.get("/events"))
        await until(lambda: site.feed.watched_by)
        noise = asyncio.create_task(go_on())
        del callers["ada"]
        try:
            async with asyncio.timeout(20):
                answer = await stream
        finally:
            noise.cancel()
    assert why_it_ended(answer) == "not_signed_in"


async def test_what_is_past_is_not_told_to_its_end_to_who_is_signed_out_meanwhile(site, callers, monkeypatch):
    await site.happen("a", "b", "c")
    await site.settled()
    monkeypatch.setattr("server.events.endpoints._ASK_AGAIN_S", 0.0)
    known = Credentials.identify
    asked: list[bool] = []

    async def identify(credentials: Credentials, service: Any, *, in_use: bool = True) -> Caller:
        asked.append(in_use)
        if len(asked) == 3:
            del callers["ada"]
        return await known(credentials, service)

    monkeypatch.setattr(Credentials, "identify", identify)
    events = await site.read("&after=0")
    assert names(events) == ["a"]
    assert events[-1][1]["why"] == "not_signed_in"
    assert asked == [False, False, False], "watching is no use of a session"


async def test_rights_that_change_hold_for_what_happens_next(site, callers, monkeypatch):
    monkeypatch.setattr("server.events.endpoints._ASK_AGAIN_S", 0.0)
    known = Credentials.identify
    rounds: list[None] = []

    async def identify(*credentials: Any, **how: Any) -> Caller:
        rounds.append(None)
        return await known(*credentials, **how)

    async def told_what_there_is() -> None:
        await site.settled()
        seen = len(rounds)
        await until(lambda: len(rounds) > seen + 2)

    monkeypatch.setattr(Credentials, "identify", identify)
    async with client(site.app, "ada") as http:
        stream = asyncio.create_task(http.get("/events"))
        await until(lambda: site.feed.watched_by)
        await site.happen("first", kind="staff.added")
        await told_what_there_is()
        callers["ada"] = replace(callers["ada"], permissions=PERMISSIONS[Role.REP])
        await told_what_there_is()
        await site.happen("second", kind="staff.added")
        await site.happen("ours")
        await told_what_there_is()
        callers["ada"] = replace(callers["ada"], brands=frozenset({"oak"}))
        await told_what_there_is()
        await site.happen("not ours any more")
        await site.happen("theirs", brand="oak")
        await told_what_there_is()
        site.feed.end()
        answer = await stream
    assert names(told(answer.text)) == ["first", "ours", "theirs"]


async def test_one_caller_watches_in_so_many_places_and_no_more(app, engine, callers, site):
    async with running(engine, most_each=2, most=3) as feed:
        site.feed = app.state.feed = feed
        async with AsyncExitStack() as stack:
            ada, ben, nan = [await stack.enter_async_context(client(app, name)) for name in ("ada", "ben", "reader")]
            streams = [asyncio.create_task(ada.get("/events")) for _ in range(2)]
            await until(lambda: feed.watched_by == 2)
            refused = await ada.get("/events")
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
            assert "2 places" in refused.json()["detail"]
            assert int(refused.headers["retry-after"]) >= 1
            streams.append(asyncio.create_task(ben.get("/events")))
            await until(lambda: feed.watched_by == 3)
            assert (await nan.get("/events")).status_code == 429, "as many as there is room for in all"
            streams.pop(0).cancel()
            await until(lambda: feed.watched_by == 2)
            assert (await nan.get("/events?follow=false")).status_code == 200
            feed.end()
            await asyncio.gather(*streams)
