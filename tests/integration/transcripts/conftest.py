from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.drafts.deeds import DeedWorld
from tests.integration.drafts.http import Desk, over_http


@pytest.fixture
async def world(engine: AsyncEngine) -> DeedWorld:
    """On SQLite and on Postgres; what is approved is sent."""
    world = DeedWorld(engine)
    await world.open()
    return world


@pytest.fixture
async def desk(world: DeedWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk
