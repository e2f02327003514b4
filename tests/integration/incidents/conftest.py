import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.fakes.storms import StormWorld


@pytest.fixture
async def world(engine: AsyncEngine) -> StormWorld:
    """On SQLite and on Postgres."""
    world = StormWorld(engine)
    await world.open()
    return world
