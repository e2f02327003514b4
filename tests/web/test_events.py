import asyncio
from dataclasses import replace

import httpx
import pytest

from server.db import writing
from server.events.endpoints import BEGAN, MISSED
from server.events.feed import ReaderTooSlow
from server.events.log import record
from tests.web.conftest import client
from tests.web.events import ADA, names, running, until


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


async def test_nobody_hears_of_a_kind_that_no_permission_is_written_down_for(site):
    await site.happen("a", kind="weather.changed")
    await site.happen("b")
    await site.settled()
    assert names(await site.read("&after=0")) == ["b"]
