from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.limits.world import LimitsWorld, limits_world


@pytest.fixture
async def world(engine: AsyncEngine) -> AsyncIterator[LimitsWorld]:
    """On SQLite and on Postgres."""
    async with limits_world(engine) as world:
        yield world
