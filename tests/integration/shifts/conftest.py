from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.fakes.cases import CaseWorld
from tests.integration.drafts.http import Desk, over_http


@pytest.fixture
async def world(engine: AsyncEngine) -> CaseWorld:
    """On SQLite and on Postgres."""
    return await CaseWorld(engine).open()


@pytest.fixture
async def desk(world: CaseWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk
