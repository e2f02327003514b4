import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.integration.api.world import World, application, fill, opened


@pytest.fixture(scope="package")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with everything in it, to be copied."""
    file = tmp_path_factory.mktemp("filled") / "deskside.db"
    asyncio.run(fill(file))
    return file


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return application(tmp_path_factory.mktemp("home"))


@pytest.fixture
async def world(app: FastAPI, filled: Path, tmp_path: Path) -> AsyncIterator[World]:
    file = tmp_path / "deskside.db"
    shutil.copy(filled, file)
    async with opened(app, file) as world:
        yield world
