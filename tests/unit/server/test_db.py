import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import StatementError
from sqlmodel import func, select

from server.db import open_database, reading, writing
from server.migrations.revisions import VERSIONS, newest_revision
from server.models import ImportRow, metadata


@pytest.fixture
async def engine(tmp_path):
    engine = await open_database(tmp_path / "home" / "shop.db")
    yield engine
    await engine.dispose()


async def test_the_migrations_make_what_the_models_say(engine):
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    assert differences == []


def test_revisions_follow_one_another_in_the_order_of_their_names():
    scripts = ScriptDirectory(str(Path(VERSIONS).parent))
    assert scripts.get_current_head() == newest_revision()
    history = [Path(script.path).stem for script in scripts.walk_revisions()]
    assert history == sorted(history, reverse=True)
    assert all(Path(script.path).stem.startswith(script.revision) for script in scripts.walk_revisions())


async def test_a_database_is_opened_again_as_it_was_left(tmp_path):
    engine = await open_database(tmp_path / "shop.db")
    async with writing(engine) as session:
        session.add(ImportRow(source="here", started_at=datetime.now(UTC)))
    await engine.dispose()
    engine = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    async with reading(engine) as session:
        assert (await session.get(ImportRow, 1)).source == "here"
    await engine.dispose()


async def test_times_keep_their_moment_and_come_back_in_utc(engine):
    placed = datetime(2026, 11, 20, 13, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    async with writing(engine) as session:
        session.add(ImportRow(source="here", started_at=placed))
    async with reading(engine) as session:
        found = (await session.get(ImportRow, 1)).started_at
    assert found == placed
    assert found.tzinfo is UTC


async def test_a_time_without_zone_is_not_stored(engine):
    with pytest.raises(StatementError, match="has no zone"):
        async with writing(engine) as session:
            session.add(ImportRow(source="here", started_at=datetime(2026, 11, 20)))  # noqa: DTZ001


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
    async with reading(engine) as before:
        count = select(func.count()).select_from(ImportRow)
        assert (await before.exec(count)).one() == 0
        async with writing(engine) as session:
            session.add(ImportRow(source="here", started_at=datetime.now(UTC)))
        assert (await before.exec(count)).one() == 0
    async with reading(engine) as after:
        assert (await after.exec(count)).one() == 1


async def test_several_processes_may_open_a_new_database_at_once(tmp_path):
    engines = await asyncio.gather(*(open_database(tmp_path / "home" / "shop.db") for _ in range(6)))
    for engine in engines:
        async with reading(engine) as session:
            assert await session.get(ImportRow, 1) is None
        await engine.dispose()


async def test_a_new_home_is_for_its_owner_only(tmp_path):
    engine = await open_database(tmp_path / "home" / "shop.db")
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    await engine.dispose()
