"""A process that only works: the worker, and the order of the events that its work writes."""

import asyncio
import logging
import signal

from server.events.feed import Feed
from server.jobs.worker import Worker
from server.settings import Settings
from server.transcripts.following import follow
from server.warming import warm_up
from server.web.logging import log_json
from server.wiring import open_service

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

logger = logging.getLogger(__name__)


def work_until_stopped(settings: Settings) -> None:
    """Run jobs until SIGTERM or SIGINT; what is under way then is finished or handed back."""
    log_json(settings.log_level)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    async with open_service(settings) as opened:
        worker = Worker(opened.service, opened.jobs)
        feed = asyncio.create_task(Feed(opened.service.engine, opened.events, ledger=opened.ledger).run())
        indexing = asyncio.create_task(follow(opened.service.engine))
        warming = asyncio.create_task(warm_up(opened.service.desk))
        working = asyncio.create_task(worker.run())
        told = asyncio.create_task(stopping.wait())
        logger.info("working")
        await asyncio.wait((working, told), return_when=asyncio.FIRST_COMPLETED)
        worker.stop()
        told.cancel()
        try:
            await working
        finally:
            feed.cancel()
            indexing.cancel()
            warming.cancel()
            await asyncio.gather(feed, indexing, warming, return_exceptions=True)
