import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from server.db import reading, writing
from server.events.endpoints import BEGAN, ENDED, MISSED
from server.events.feed import Feed, ReaderTooSlow
from server.events.log import record
from server.jobs.waking import open_bell
from server.models import EventRow
from server.staff.roles import PERMISSIONS, Caller, Permission, Role
from server.web.callers import Credentials
from tests.web.conftest import BRANDS, Clock, client

ADA = Caller("staff_ada", "Ada", Role.ADMIN, BRANDS, PERMISSIONS[Role.ADMIN])


class Site:
    """The application with its feed running, and what happens in it."""

    def __init__(self, app: FastAPI, engine: AsyncEngine, feed: Feed, clock: Clock) -> None:
        self.app, self.engine, self.feed, self.clock = app, engine, feed, clock

    async def happen(self, *names: str, brand: str = "pine", kind: str = "draft.edited") -> None:
        async with writing(self.engine) as session:
            for name in names:
                record(session, kind, name, brand=brand, at=self.clock.now, version=1)

    async def read(self, query: str = "", *, token: str = "ada", **headers: str) -> list[tuple[str, Any]]:
        """Everything up to now."""
        async with client(self.app, token) as http:
            answer = await http.get(f"/events?follow=false{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        return told(answer.text)

    async def settled(self) -> None:
        """Until everything that was written is handed out."""
        async with reading(self.engine) as session:
            written = (await session.exec(select(func.count(col(EventRow.id))))).one()
        await until(lambda: self.feed.newest >= written)


async def until(there: Callable[[], Any]) -> None:
    while not there():  # noqa: ASYNC110 - what is waited for rings no bell for tests
        await asyncio.sleep(0.005)


def told(text: str) -> list[tuple[str, Any]]:
    events = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


def names(events: list[tuple[str, Any]]) -> list[str]:
    return [data["subject"] for kind, data in events if not kind.startswith("stream.")]


@asynccontextmanager
async def running(engine: AsyncEngine, **how: Any) -> AsyncIterator[Feed]:
    async with open_bell(engine, "events") as bell:
        feed = Feed(engine, bell, **how)
        task = asyncio.create_task(feed.run())
        await until(lambda: feed.running)
        try:
            yield feed
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def site(app: FastAPI, engine: AsyncEngine, clock: Clock) -> AsyncIterator[Site]:
    async with running(engine) as feed:
        app.state.feed = feed
        yield Site(app, engine, feed, clock)


async def test_what_happened_is_told_in_order_from_any_position(site):
    await site.happen("a", "b")
    await site.happen("c")
    await site.settled()
    first, *rest = await site.read("&after=0")
    assert first[0] == BEGAN
    assert names(rest) == ["a", "b", "c"]
    assert [data["position"] for _, data in rest] == [1, 2, 3]
    assert names(await site.read("&after=2")) == ["c"]
    assert names(await site.read("&after=0", **{"Last-Event-ID": "1"})) == ["b", "c"]


async def test_only_the_callers_brands_are_told(site):
    await site.happen("ours")
    await site.happen("theirs", brand="oak")
    await site.settled()
    assert names(await site.read("&after=0")) == ["ours"]
    assert names(await site.read("&after=0", token="elsewhere")) == ["theirs"]


async def test_without_a_position_the_stream_begins_now(site):
    await site.happen("a")
    await site.settled()
    assert await site.read() == [(BEGAN, {"position": 1})]


async def test_a_reader_hears_of_what_happens_while_it_reads(site):
    async with site.feed.reader(ADA) as reader:
        await site.happen("a")
        row = await reader.next(5)
    assert row is not None
    assert row.subject == "a"


async def test_transactions_that_end_in_another_order_leave_no_reader_behind(site, engine):
    """The event that was written first is committed last: a reader that has seen the other must still be told."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    seen: list[str] = []
    async with site.feed.reader(ADA) as reader:
        async with writing(engine) as slow:
            record(slow, "draft.edited", "slow", brand="pine", at=site.clock.now)
            await slow.flush()
            await site.happen("quick")
            row = await reader.next(5)
            assert row is not None
            seen.append(row.subject)
        row = await reader.next(5)
        assert row is not None
        seen.append(row.subject)
    assert seen == ["quick", "slow"]
    assert names(await site.read("&after=0")) == seen


async def test_many_writers_and_two_processes_leave_nothing_out(site, engine):
    async with running(engine) as other, site.feed.reader(ADA) as one, other.reader(ADA) as two:
        await asyncio.gather(*(site.happen(*(f"{writer}-{number}" for number in range(5))) for writer in range(20)))
        for reader in (one, two):
            rows = [await reader.next(10) for _ in range(100)]
            assert [row.position for row in rows if row] == list(range(1, 101))


async def test_a_reader_that_is_too_slow_is_let_go_and_comes_again(site, engine, monkeypatch):
    monkeypatch.setattr("server.events.feed._BUFFER", 3)
    async with site.feed.reader(ADA) as reader:
        await site.happen(*"abcdefgh")
        await until(lambda: not site.feed.watched_by)
        with pytest.raises(ReaderTooSlow):
            await reader.next(1)
    assert names(await site.read("&after=3")) == list("defgh")


async def test_a_position_of_another_database_is_told_as_missed(site):
    await site.happen("a")
    await site.settled()
    [(kind, data)] = await site.read("&after=900")
    assert (kind, data["position"]) == (MISSED, site.feed.newest)


async def test_who_asks_for_what_is_no_longer_kept_is_told_so(site, engine):
    await site.happen("a", "b", "c")
    await site.settled()
    async with writing(engine) as session:
        connection = await session.connection()
        await connection.exec_driver_sql("DELETE FROM events WHERE position < 3")
    first, *rest = await site.read("&after=1")
    assert first == (MISSED, {"position": 2})
    assert names(rest) == ["c"]


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


async def test_nobody_hears_of_a_kind_that_no_permission_is_written_down_for(site):
    await site.happen("a", kind="weather.changed")
    await site.happen("b")
    await site.settled()
    assert names(await site.read("&after=0")) == ["b"]


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


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("after=-1", {}, 422),
        ("after=x", {}, 422),
        ("after=99999999999999999999", {}, 422),
        ("", {"Last-Event-ID": "x"}, 422),
    ],
)
async def test_a_position_that_is_none(site, query, headers, status):
    async with client(site.app, "ada") as http:
        answer: httpx.Response = await http.get(f"/events?{query}", headers=headers)
    assert answer.status_code == status


async def test_nobody_and_who_may_not_read_cases_get_no_stream(site, callers):
    callers["blind"] = replace(callers["ada"], permissions=frozenset())
    async with client(site.app) as nobody, client(site.app, "blind") as blind:
        assert (await nobody.get("/events")).status_code == 401
        assert (await blind.get("/events")).status_code == 403
