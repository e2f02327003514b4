"""What is logged at error is something to be called for."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading
from server.web.logging import log_json

POOL = logging.getLogger("sqlalchemy.pool.impl.AsyncAdaptedQueuePool")


@pytest.fixture(autouse=True)
def logged() -> Iterator[None]:
    """As a process logs; afterwards as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def tell(logger: logging.Logger, error: BaseException) -> None:
    """As the pool tells of a connection that it could not reset."""
    try:
        raise error
    except BaseException:
        logger.error("Exception during reset or similar", exc_info=True)


async def test_work_that_is_cancelled_is_no_error(engine: AsyncEngine, capsys: pytest.CaptureFixture[str]):
    log_json("info")
    asked = asyncio.Event()

    async def ask() -> None:
        async with reading(engine) as session:
            await session.exec(text("SELECT 1"))  # type: ignore[call-overload]
            asked.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(ask())
    await asked.wait()
    while not task.done():  # as a time limit does, which cancels whatever is still awaited
        task.cancel()
        await asyncio.sleep(0)
    tell(POOL, asyncio.CancelledError())
    assert capsys.readouterr().err == ""


def test_a_connection_that_breaks_is_one_and_so_is_whatever_else_is_cancelled(capsys: pytest.CaptureFixture[str]):
    log_json("info")
    tell(POOL, OSError())
    tell(logging.getLogger("server.jobs"), asyncio.CancelledError())
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["logger"], line["level"]) for line in lines] == [(POOL.name, "error"), ("server.jobs", "error")]
