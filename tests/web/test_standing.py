"""Whether a process can work is what is known of it: asking needs no luck, and what is really away is told."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from server.db import connect, is_migrated
from server.web.standing import KNOWN_FOR_S, OK, DatabaseStanding

AWAY = {"database": "the database does not answer; the log says why", "migrations": "not known"}
FINE = {"database": OK, "migrations": OK}


class HandClock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Database:
    """Gives these answers in order, one a look."""

    def __init__(self, *answers: bool | BaseException) -> None:
        self._answers: Iterator[bool | BaseException] = iter(answers)

    async def __call__(self) -> bool:
        answer = next(self._answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer


async def test_every_connection_taken_is_no_reason_to_send_no_requests(engine):
    standing = DatabaseStanding(partial(is_migrated, engine))
    await standing.look()
    async with AsyncExitStack() as stack:
        for _ in range(20):
            connection = await stack.enter_async_context(engine.connect())
            await connection.execute(text("SELECT 1"))
        looking = asyncio.create_task(standing.look())
        await asyncio.sleep(0)
        assert standing.parts() == FINE
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


@pytest.mark.parametrize("late", [TimeoutError(), NoConnectionFree()])
async def test_what_is_known_counts_while_looks_are_late_and_not_for_ever(late):
    clock = HandClock()
    standing = DatabaseStanding(Database(True, late, late), clock=clock)
    await standing.look()
    clock.now += KNOWN_FOR_S
    await standing.look()
    assert standing.parts() == FINE
    clock.now += 0.1
    await standing.look()
    assert standing.parts() == AWAY


async def test_a_look_that_never_ends_is_given_up_and_the_next_one_counts(monkeypatch):
    monkeypatch.setattr("server.web.standing._PATIENCE_S", 0.01)
    hanging = [True]

    async def look() -> bool:
        if hanging:
            await asyncio.Event().wait()
        return True

    standing = DatabaseStanding(look)
    await standing.look()
    assert standing.parts() == AWAY
    hanging.clear()
    await standing.look()
    assert standing.parts() == FINE


async def test_a_database_that_refuses_is_away_at_once_and_back_at_once():
    standing = DatabaseStanding(Database(True, ConnectionRefusedError(), True))
    await standing.look()
    await standing.look()
    assert standing.parts() == AWAY
    await standing.look()
    assert standing.parts() == FINE


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
async def test_a_database_that_is_really_away_is_told(where, tmp_path, unused_tcp_port):
    (tmp_path / "deskside.db").write_text("this is no database, and long enough to be looked at as one " * 20)
    away = tmp_path / "deskside.db" if where == "sqlite" else f"postgresql://desk@127.0.0.1:{unused_tcp_port}/desk"
    engine = connect(away)
    standing = DatabaseStanding(partial(is_migrated, engine))
    await standing.look()
    await engine.dispose()
    assert standing.parts() == AWAY


async def test_tables_of_another_version_are_told():
    standing = DatabaseStanding(Database(True, False))
    await standing.look()
    await standing.look()
    assert standing.parts()["database"] == OK
    assert "another version" in standing.parts()["migrations"]


async def test_nothing_is_known_before_the_first_look():
    assert DatabaseStanding(Database()).parts() == AWAY
