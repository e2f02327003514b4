import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.publications.world import World


@pytest.fixture
async def world(engine: AsyncEngine) -> World:
    """Sending on a network in memory, on SQLite and on Postgres."""
    return await World(engine).open()
