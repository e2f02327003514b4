from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from server.db import DatabaseOfAnotherVersion, open_database, reading, writing
from server.migrations.revisions import VERSIONS, newest_revision
from server.models import ImportRow


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


async def test_a_new_home_is_for_its_owner_only(tmp_path):
    engine = await open_database(tmp_path / "home" / "shop.db")
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    await engine.dispose()


async def test_a_database_of_another_version_is_left_alone(tmp_path):
    engine = await open_database(tmp_path / "shop.db")
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '2031_01_01_0000'"))
    await engine.dispose()
    with pytest.raises(DatabaseOfAnotherVersion, match="2031_01_01_0000"):
        await open_database(tmp_path / "shop.db")
