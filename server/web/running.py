"""A serving process from its start to its end: it listens at once, and opens what it needs meanwhile."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from server.db import is_migrated
from server.events.feed import Feed
from server.service import Service
from server.settings import Settings
from server.web.metrics import Metrics

if TYPE_CHECKING:
    from server.wiring import Opened

STARTING = "starting"
OK = "ok"

_HEAVY = ("server.wiring", "server.jobs.worker", "retrieval.index", "chromadb", "onnxruntime", "bm25s")
_ANSWERS_WITHIN_S = 2.0
_logger = logging.getLogger(__name__)


class Running:
    """How the process stands. `failed` is why it could not start or go on; `on_failure` is called then."""

    def __init__(self, settings: Settings, *, on_failure: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._on_failure = on_failure
        self._stopping = asyncio.Event()
        self._service: Service | None = None
        self._feed: Feed | None = None
        self._workers: asyncio.Task[None] | None = None
        self.failed: Exception | None = None

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """Start in the background; on the way out stop and wait until everything is handed back."""
        task = asyncio.create_task(self._work(app))
        try:
            yield
        finally:
            self.stop()
            await task

    def stop(self) -> None:
        """Let the watchers go and claim no more work. What is under way goes on."""
        self._stopping.set()
        if self._feed is not None:
            self._feed.end()

    async def parts(self) -> dict[str, str]:
        """Each part, and "ok", "starting" or what is wrong with it."""
        if self._stopping.is_set():
            return {"process": "stopping"}
        if self._service is None or self._feed is None:
            return dict.fromkeys(("database", "migrations", "index", "events", "workers"), STARTING)
        database, migrations = await self._ask_database(self._service)
        return {
            "database": database,
            "migrations": migrations,
            "index": OK,  # the service is open, and with it the index
            "events": OK if self._feed.running else "events are not handed out; the log says why",
            "workers": OK if self._workers is not None and not self._workers.done() else "the workers have ended",
        }

    async def _work(self, app: FastAPI) -> None:
        try:
            async with AsyncExitStack() as stack:
                opened = await self._open(stack)
                metrics: Metrics = app.state.metrics
                feed = Feed(opened.service.engine, opened.events, on_drop=metrics.count_dropped_reader)
                metrics.streams.set_function(lambda: feed.watched_by)
                await stack.enter_async_context(_beside(feed.run()))
                await stack.enter_async_context(self._working(opened))
                self._service, self._feed = opened.service, feed
                app.state.feed, app.state.service = feed, opened.service
                _logger.info("ready")
                await self._stopping.wait()
        except Exception as error:
            _logger.exception("the process cannot go on")
            self.failed = error
            self._on_failure()

    async def _open(self, stack: AsyncExitStack) -> "Opened":
        # imported beside the loop, so that the process answers meanwhile
        await asyncio.to_thread(_import_heavy)
        from server.wiring import open_service

        return await stack.enter_async_context(open_service(self._settings))

    @asynccontextmanager
    async def _working(self, opened: "Opened") -> AsyncIterator[None]:
        """The workers; on the way out they finish what they can in time and hand the rest back."""
        from server.jobs.worker import Worker

        worker = Worker(opened.service, opened.jobs)
        self._workers = asyncio.create_task(worker.run())
        self._workers.add_done_callback(self._on_workers_ended)
        try:
            yield
        finally:
            worker.stop()
            await asyncio.gather(self._workers, return_exceptions=True)

    def _on_workers_ended(self, workers: "asyncio.Task[None]") -> None:
        if not self._stopping.is_set():
            _logger.error("the workers have ended", exc_info=None if workers.cancelled() else workers.exception())

    async def _ask_database(self, service: Service) -> tuple[str, str]:
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN_S):
                migrated = await is_migrated(service.engine)
        except Exception:
            _logger.exception("the database does not answer")
            return "the database does not answer; the log says why", "not known"
        return OK, OK if migrated else "not up to date: another version of Deskside has been here"


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _import_heavy() -> None:
    for name in _HEAVY:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
