"""A serving process from its start to its end: it answers at once, and opens what it needs meanwhile."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from server.policies.holder import Holder, announce
from server.settings import Settings
from server.web.starting import answer_starting

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

    from server.demo.far_side import FarSide
    from server.events.feed import Feed
    from server.service import Service
    from server.shop.outages import Outages
    from server.web.standing import DatabaseStanding
    from server.wiring import Opened
    from tools.ports import Outage

# Slow to import: loaded in a thread of its own, so that the process answers meanwhile.
_HEAVY = ("server.wiring", "server.jobs.worker", "retrieval.index", "server.web.app")
# How old the shop's records are, in hours: looked at often enough.
_SHOP_EVERY_S = 30.0
_LOOK_AGAIN_S = 0.1
_logger = logging.getLogger(__name__)


class Running:
    """How the process stands; as an ASGI application, it answers as well as it can at each moment.

    `on_ready` is called once it can work. `failed` is why it could not start or go on; `on_failure` is called then.
    `far_side` is the demo's, whose guide can have things happen there.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        holder: Holder,
        on_failure: Callable[[], None],
        on_ready: Callable[[], None],
        far_side: "FarSide | None" = None,
    ) -> None:
        self._settings = settings
        self._far_side = far_side
        self._holder = holder
        self._on_failure = on_failure
        self._on_ready = on_ready
        self._draining = False
        self._stopping = asyncio.Event()
        self._app: FastAPI | None = None
        self._service: Service | None = None
        self._database: DatabaseStanding | None = None
        self._feed: Feed | None = None
        self._outages: Outages | None = None
        self._too_old: Outage | None = None
        self._workers: asyncio.Task[None] | None = None
        self._opening: asyncio.Task[None] | None = None
        self.failed: Exception | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer."""
        await (self._app or answer_starting)(scope, receive, send)

    async def work(self) -> None:
        """Open everything, work until `stop`, and hand everything back."""
        try:
            async with AsyncExitStack() as stack:
                self._opening = asyncio.create_task(self._open(stack))
                await self._opening
                _logger.info("ready")
                await stack.enter_async_context(_beside(self._tell_when_ready()))
                await self._stopping.wait()
        except asyncio.CancelledError:
            _logger.info("stopped before it was ready")
        except Exception as error:
            _logger.exception("the process cannot go on")
            self.failed = error
            self._on_failure()

    def drain(self) -> None:
        """Say that no more should be sent here. Whatever comes all the same is answered."""
        self._draining = True

    def stop(self) -> None:
        """Let the watchers go and claim no more work. What is under way goes on."""
        self._stopping.set()
        if self._feed is not None:
            self._feed.end()
        if self._opening is not None:
            self._opening.cancel()

    def parts(self) -> dict[str, str]:
        """Each part, and "ok" or what is wrong with it, as far as is known: nothing is asked for it."""
        from server.web.standing import OK

        if self._draining or self._stopping.is_set():
            return {"process": "stopping"}
        assert self._database is not None
        assert self._feed is not None
        return {
            **self._database.parts(),
            "index": OK,  # the service is open, and with it the index
            "events": OK if self._feed.works else "events are not handed out; the log says why",
            "workers": OK if self._workers and not self._workers.done() else "the workers have ended; the log says why",
        }

    @property
    def ready(self) -> bool:
        """Whether all parts are."""
        from server.web.standing import OK

        return all(state == OK for state in self.parts().values())

    def without(self) -> list[str]:
        """What of the shop no draft speaks of at the moment, in words, as far as is known."""
        if self._service is None or self._outages is None:
            return []
        now = self._service.clock()
        standing = self._outages.standing
        return [outage.words(now) for outage in ((*standing, self._too_old) if self._too_old else standing)]

    async def _open(self, stack: AsyncExitStack) -> None:
        await asyncio.to_thread(_import_heavy)
        from server.conversations.asking import take_over
        from server.conversations.streaming import watch_for_lost
        from server.db import is_migrated
        from server.events.feed import Feed
        from server.transcripts.following import follow
        from server.warming import warm_up
        from server.web.app import make_app
        from server.web.forgetting import forget_regularly
        from server.web.standing import DatabaseStanding
        from server.wiring import open_service

        app = await asyncio.to_thread(make_app, self._settings)
        opened = await stack.enter_async_context(open_service(self._settings))
        if self._far_side is not None:
            from server.demo.entering import enter

            opened = enter(app, opened, self._far_side)
        announce(self._settings.home, self._holder)
        database = DatabaseStanding(partial(is_migrated, opened.service.engine))
        await database.look()
        feed = Feed(
            opened.service.engine,
            opened.events,
            most=self._settings.event_streams,
            most_each=self._settings.event_streams_per_caller,
            ledger=opened.ledger,
            on_drop=app.state.metrics.count_dropped_reader,
        )
        app.state.metrics.streams.set_function(lambda: feed.watched_by)
        await stack.enter_async_context(_beside(database.run()))
        await stack.enter_async_context(_beside(feed.run()))
        await stack.enter_async_context(_beside(self._watch_age(opened.service)))
        await stack.enter_async_context(_beside(forget_regularly(opened.service)))
        await stack.enter_async_context(_beside(follow(opened.service.engine)))
        await stack.enter_async_context(_beside(warm_up(opened.service.desk)))
        await stack.enter_async_context(_beside(watch_for_lost(opened.service, take_over)))
        stack.push_async_callback(app.state.panel.stop)
        await stack.enter_async_context(self._working(opened))
        app.state.running, app.state.holder = self, self._holder
        app.state.feed, app.state.policies, app.state.service = feed, opened.policies, opened.service
        self._service, self._outages, self._database = opened.service, opened.outages, database
        self._feed, self._app = feed, app

    async def _tell_when_ready(self) -> None:
        """Say so once `/readyz` does: what works beside the requests takes a moment more than opening everything."""
        while True:
            if self.ready:
                self._on_ready()
                return
            await asyncio.sleep(_LOOK_AGAIN_S)

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

    async def _watch_age(self, service: "Service") -> None:
        """Know whether the shop's records are too old; a database that does not answer is told of elsewhere."""
        from server.db import reading
        from server.shop.freshness import Freshness

        freshness = Freshness.of_hours(service.settings.shop_stale_hours)
        while True:
            try:
                async with reading(service.engine) as session:
                    self._too_old = await freshness.too_old(session, service.clock())
            except Exception:
                _logger.exception("how old the shop's records are is not known")
            await asyncio.sleep(_SHOP_EVERY_S)

    def _on_workers_ended(self, workers: "asyncio.Task[None]") -> None:
        if not self._stopping.is_set():
            _logger.error("the workers have ended", exc_info=None if workers.cancelled() else workers.exception())


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
        importlib.import_module(name)
