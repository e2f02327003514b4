"""What `server.db` promises, on SQLite and on Postgres."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import StatementError
from sqlmodel import func, select

from server.db import open_database, reading, writing
from server.models import EventRow, ImportRow, IndexRow, metadata
from server.models.transcripts import is_described


async def test_the_migrations_make_what_the_models_say(engine):
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"include_name": is_described}), metadata
            )
        )
    assert differences == []


async def test_times_keep_their_moment_and_come_back_in_utc(engine):
    placed = datetime(2026, 11, 20, 13, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    async with writing(engine) as session:
        session.add(IndexRow(generation=1, name="a", digest="b", made_at=placed))
    async with reading(engine) as session:
        found = (await session.get(IndexRow, 1)).made_at
    assert found == placed
    assert found.tzinfo is UTC


async def test_a_time_without_zone_is_not_stored(engine):
    with pytest.raises(StatementError, match="has no zone"):
        async with writing(engine) as session:
            session.add(IndexRow(generation=1, name="a", digest="b", made_at=datetime(2026, 11, 20)))  # noqa: DTZ001


async def test_structures_come_back_as_they_were(engine):
    data = {"amount": 4200, "words": "grüße", "list": [1, None, {"deep": True}]}
    async with writing(engine) as session:
        session.add(EventRow(brand="b", kind="k", subject="s", at=datetime.now(UTC), data=data))
    async with reading(engine) as session:
        assert (await session.exec(select(EventRow.data))).one() == data


async def test_a_transaction_that_fails_leaves_nothing(engine):
    async def fail() -> None:
        async with writing(engine) as session:
            session.add(ImportRow(source="here", started_at=datetime.now(UTC)))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with reading(engine) as session:
        assert await session.get(ImportRow, 1) is None


async def test_a_reader_sees_one_state_while_others_write(engine):
    count = select(func.count()).select_from(ImportRow)
    async with reading(engine) as before:
        assert (await before.exec(count)).one() == 0
        async with writing(engine) as session:
            session.add(ImportRow(source="here", started_at=datetime.now(UTC)))
        assert (await before.exec(count)).one() == 0
    async with reading(engine) as after:
        assert (await after.exec(count)).one() == 1


async def test_who_reads_what_they_decide_on_with_a_lock_is_not_overtaken(engine):
    async with writing(engine) as session:
        session.add(IndexRow(generation=0, name="a", digest="b", made_at=datetime.now(UTC)))

    async def count_up() -> None:
        async with writing(engine) as session:
            row = (await session.exec(select(IndexRow).with_for_update())).one()
            row.generation += 1

    await asyncio.gather(*(count_up() for _ in range(12)))
    async with reading(engine) as session:
        assert (await session.get(IndexRow, 1)).generation == 12


async def test_several_processes_may_open_a_new_database_at_once(database):
    engines = await asyncio.gather(*(open_database(database.url) for _ in range(4)))
    for engine in engines:
        async with reading(engine) as session:
            assert await session.get(ImportRow, 1) is None
        await engine.dispose()


async def test_a_postgres_address_may_leave_the_driver_to_us(databases):
    async with databases.new("postgres") as database:
        engine = await open_database(database.url.replace("postgresql+asyncpg", "postgres"))
        async with reading(engine) as session:
            assert await session.get(ImportRow, 1) is None
        await engine.dispose()
