from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.destinations.world import DestinationWorld, destination_world


@pytest.fixture
async def world(engine: AsyncEngine) -> AsyncIterator[DestinationWorld]:
    """On SQLite and on Postgres."""
    async with destination_world(engine) as world:
        yield world
