import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.insights.week import Week


@pytest.fixture
async def week(engine: AsyncEngine) -> Week:
    """A week with one account that is always open, on SQLite and on Postgres."""
    week = Week(engine)
    week.account()
    return week
