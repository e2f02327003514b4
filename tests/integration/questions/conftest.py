from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.drafts.http import Desk, over_http
from tests.integration.questions.world import USE, QuestionWorld, customer, order
from tools.records import Customer


@pytest.fixture
async def world(engine: AsyncEngine, tmp_path: Path) -> QuestionWorld:
    """Calls and questions, on SQLite and on Postgres."""
    made = QuestionWorld(engine, tmp_path)
    await made.open()
    return made


@pytest.fixture
async def desk(world: QuestionWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as asked:
        yield asked


@pytest.fixture
async def ann(world: QuestionWorld) -> Customer:
    """A customer with a parcel that has arrived, of whom there is something to ask."""
    await world.ask_of(USE)
    ann = customer()
    return world.sell(ann, order(ann))
