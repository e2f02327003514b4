from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fixtures.browser import chromium, visiting
from tests.fixtures.databases import Databases
from tests.fixtures.programs import Program
from tests.fixtures.town import Town, open_town

expect.set_options(timeout=20_000)
"""A page that is never right fails; one that is late on a machine where much else runs does not."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with (
        databases.new("sqlite") as database,
        open_town(tmp_path_factory.mktemp("town"), database.url, DESKSIDE_UNDO_SECONDS="6") as town,
    ):
        yield town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(town: Town) -> AsyncIterator[Program]:
    """The town's `deskside serve`, which every test of the session visits."""
    program = town.serving()
    await program.started()
    yield program
    assert program.stop() == 0, program.log()[-3000:]


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, served: Program) -> AsyncIterator[Page]:
    """An empty page of a browser that was never here."""
    async with visiting(browser, served.address) as context:
        yield await context.new_page()
