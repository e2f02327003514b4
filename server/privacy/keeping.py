"""Forgetting what was kept long enough: each kind of record after its own time (docs/privacy.md)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.cutting import cut
from server.audit.seals import Seals
from server.db import writing
from server.privacy import keeping_repository, repository
from server.privacy.emptying import empty
from server.privacy.finding import Found, find_all
from server.privacy.scrubbing import empty_log
from server.service import Service
from server.settings import Settings
from server.shop.folding import fold_handle

_AT_ONCE = 100
_logger = logging.getLogger(__name__)

_Step = Callable[[AsyncSession, datetime, int], Awaitable[int]]


async def forget_old(service: Service) -> None:
    """Once, in short transactions. Any number of processes may."""
    now, settings = service.clock(), service.settings
    steps: tuple[tuple[int, _Step], ...] = (
        (settings.keep_requests_days, keeping_repository.forget_requests),
        (settings.keep_transcripts_days, keeping_repository.forget_kept_turns),
        (settings.keep_transcripts_days, keeping_repository.forget_records),
    )
    for days, step in steps:
        await _repeat(service, step, now - timedelta(days=days))
    await _repeat(service, keeping_repository.forget_spacings, now)
    await _forget_attachments(service, now - timedelta(days=settings.keep_attachments_days))
    await _forget_cases(service, now - timedelta(days=settings.keep_cases_days), now)
    await _forget_conversations(service, now - timedelta(days=settings.keep_conversations_days), now)
    seals = await asyncio.to_thread(Seals.of_settings, settings)
    await cut(service.engine, seals, now=now, keep=timedelta(days=settings.keep_audit_days))
    await empty_log(service.engine)


async def _repeat(service: Service, step: _Step, before: datetime) -> None:
    found = _AT_ONCE
    while found == _AT_ONCE:
        async with writing(service.engine) as session:
            found = await step(session, before, _AT_ONCE)


async def _forget_attachments(service: Service, before: datetime) -> None:
    files: list[str] = [""]
    while files:
        async with writing(service.engine) as session:
            files = await keeping_repository.forget_attachments(session, before, _AT_ONCE)
        await asyncio.to_thread(_remove, service.settings, files)


async def _forget_cases(service: Service, before: datetime, now: datetime) -> None:
    """Empty the cases that are long over, each in a transaction: with their posts, drafts and answers."""
    seals = await asyncio.to_thread(Seals.of_settings, service.settings)
    passed = ""
    while True:
        async with writing(service.engine) as session:
            case = await keeping_repository.next_old_case(session, before, after=passed)
            if case is None:
                return
            passed = case.id
            found = Found()
            found.ids["cases"].add(case.id)
            found.authors.add(("thread", case.thread, fold_handle(case.author)))
            await find_all(session, found, brands=None)
            files = await _empty(session, found, seals, now)
        await asyncio.to_thread(_remove, service.settings, files)


async def _forget_conversations(service: Service, before: datetime, now: datetime) -> None:
    seals = await asyncio.to_thread(Seals.of_settings, service.settings)
    ids: list[str] = [""]
    while ids:
        async with writing(service.engine) as session:
            ids = await keeping_repository.old_conversations(session, before, _AT_ONCE, after=ids[-1])
            found = Found()
            found.ids["conversations"].update(ids)
            await find_all(session, found, brands=None)
            await _empty(session, found, seals, now)


async def _empty(session: AsyncSession, found: Found, seals: Seals, now: datetime) -> list[str]:
    """Empty what was found, unless something of it is under way; the files to remove."""
    if left := await repository.unfinished(session, found.rows):
        _logger.warning("old records are kept, because something of them is under way: %s", left)
        return []
    await empty(session, found, seals, now, erasing=False)
    return [row["file"] for row in found.rows["attachments"].values() if row["file"] is not None]


def _remove(settings: Settings, files: list[str]) -> None:
    for name in files:
        (settings.attachments / name).unlink(missing_ok=True)
