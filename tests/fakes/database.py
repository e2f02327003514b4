"""Databases for tests: migrated once, then copied."""

import shutil
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import open_database


async def open_copy(template: Path, path: Path) -> AsyncEngine:
    """A new database at `path`; the first call migrates `template`, the others copy it."""
    if not _is_there(template):
        await (await open_database(template)).dispose()
    shutil.copy(template, path)
    return await open_database(path)


def _is_there(file: Path) -> bool:
    return file.exists()
