from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.policies.world import PolicyWorld, policy_world, write


@pytest.fixture
async def world(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[PolicyWorld]:
    """On SQLite and on Postgres."""
    async with policy_world(engine, write(tmp_path / "knowledge"), tmp_path / "home") as world:
        yield world
