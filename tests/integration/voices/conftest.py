from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.voices.world import VoiceWorld, voice_world


@pytest.fixture
async def world(engine: AsyncEngine) -> AsyncIterator[VoiceWorld]:
    """On SQLite and on Postgres."""
    async with voice_world(engine) as world:
        yield world
