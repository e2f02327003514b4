import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.fakes.cases import CaseWorld


@pytest.fixture
async def world(engine: AsyncEngine) -> CaseWorld:
    """On SQLite and on Postgres."""
    return await CaseWorld(engine).open()
