"""What is forgotten after a while: answers kept for idempotency keys, events that every reader has long seen.

Of other records server/privacy/keeping.py tells when they go.
"""

import asyncio
import logging
from datetime import timedelta

from server.db import writing
from server.events import repository as events
from server.privacy.keeping import forget_old
from server.service import Service
from server.web import answered_repository
from server.web.idempotency import KEPT_FOR

_EVERY_S = 3600.0
_BATCH = 1_000
_logger = logging.getLogger(__name__)


async def forget_regularly(service: Service) -> None:
    """Now and every hour, until cancelled. Any number of processes may."""
    while True:
        try:
            await forget(service)
        except Exception:
            _logger.exception("what is old could not be forgotten; it is tried again")
        await asyncio.sleep(_EVERY_S)


async def forget(service: Service) -> None:
    """Once, in short transactions."""
    now = service.clock()
    async with writing(service.engine) as session:
        await answered_repository.forget_before(session, now, kept_for=KEPT_FOR)
    before = now - timedelta(days=service.settings.keep_events_days)
    found = _BATCH
    while found == _BATCH:
        async with writing(service.engine) as session:
            found = await events.forget(session, before=before, most=_BATCH)
    await forget_old(service)
