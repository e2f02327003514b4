"""The world over a real database, with the shipped rules."""

import pytest

from server.settings import SHIPPED_KNOWLEDGE
from tests.integration.actions.world import ActionWorld


@pytest.fixture
async def world(engine) -> ActionWorld:
    return ActionWorld(engine, SHIPPED_KNOWLEDGE)
