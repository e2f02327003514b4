"""`python -m server.migrations "what changes"`: write the next migration by comparing the models with the tables."""

import asyncio
import re
import sys
from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from server.migrations.revisions import VERSIONS
from server.migrations.upgrade import alembic_config, upgrade


def write_migration(connection: Connection, what: str) -> None:
    """Add `versions/<date>_<time>_<what>.py`, from the newest revision to the models as they are."""
    if any(VERSIONS.glob("2*.py")):
        upgrade(connection)
    slug = re.sub(r"[^a-z0-9]+", "_", what.lower()).strip("_")
    config = alembic_config(connection)
    config.set_main_option("file_template", f"%%(rev)s_{slug}")
    command.revision(config, what, autogenerate=True, rev_id=f"{datetime.now(UTC):%Y_%m_%d_%H%M}")


async def main(what: str) -> None:
    """Compare on an empty database in memory."""
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(write_migration, what)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(" ".join(sys.argv[1:])))
