from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.drafts.http import over_http
from tests.integration.promises.world import PromiseWorld
from tests.integration.saved_replies.world import ReplyWorld


@pytest.fixture
async def world(engine: AsyncEngine) -> AsyncIterator[ReplyWorld]:
    """On SQLite and on Postgres."""
    cases = PromiseWorld(engine)
    await cases.open()
    async with over_http(cases) as desk:
        yield ReplyWorld(cases, desk)
