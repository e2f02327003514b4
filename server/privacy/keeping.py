"""Forgetting what was kept long enough: each kind of record after its own time (docs/privacy.md)."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.cutting import cut
from server.audit.seals import Seals
from server.db import writing
from server.events.log import record
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
    """Once, in short transactions, and write down how many of which kind. Any number of processes may."""
    counts: Counter[str] = Counter()
    try:
        await _forget(service, counts)
    finally:
        if counts.total():
            async with writing(service.engine) as session:
                told = {kind: count for kind, count in counts.items() if count}
                record(session, "retention.done", "retention", brand="", at=service.clock(), **told)
    await empty_log(service.engine)


async def _forget(service: Service, counts: Counter[str]) -> None:
    """Forget, and count as it goes: what was done before something failed is done."""
    now, settings = service.clock(), service.settings
    steps: tuple[tuple[str, int, _Step], ...] = (
        ("requests", settings.keep_requests_days, keeping_repository.forget_requests),
        ("kept_turns", settings.keep_transcripts_days, keeping_repository.forget_kept_turns),
        ("records", settings.keep_transcripts_days, keeping_repository.forget_records),
        ("spacings", 0, keeping_repository.forget_spacings),
    )
    for kind, days, step in steps:
        found = _AT_ONCE
        while found == _AT_ONCE:
            async with writing(service.engine) as session:
                found = await step(session, now - timedelta(days=days), _AT_ONCE)
            counts[kind] += found
    await _forget_attachments(service, now - timedelta(days=settings.keep_attachments_days), counts)
    await _forget_cases(service, now - timedelta(days=settings.keep_cases_days), now, counts)
    await _forget_conversations(service, now - timedelta(days=settings.keep_conversations_days), now, counts)
    seals = await asyncio.to_thread(Seals.of_settings, settings)
    await cut(service.engine, seals, now=now, keep=timedelta(days=settings.keep_audit_days))


async def _forget_attachments(service: Service, before: datetime, counts: Counter[str]) -> None:
    files: list[str] = [""]
    while files:
        async with writing(service.engine) as session:
            files = await keeping_repository.forget_attachments(session, before, _AT_ONCE)
        counts["attachments"] += len(files)
        await asyncio.to_thread(_remove, service.settings, files)


async def _forget_cases(service: Service, before: datetime, now: datetime, counts: Counter[str]) -> None:
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
        if files is not None:
            counts["cases"] += 1
            await asyncio.to_thread(_remove, service.settings, files)


async def _forget_conversations(service: Service, before: datetime, now: datetime, counts: Counter[str]) -> None:
    seals = await asyncio.to_thread(Seals.of_settings, service.settings)
    ids: list[str] = [""]
    while ids:
        async with writing(service.engine) as session:
            ids = await keeping_repository.old_conversations(session, before, _AT_ONCE, after=ids[-1])
            found = Found()
            found.ids["conversations"].update(ids)
            await find_all(session, found, brands=None)
            emptied = await _empty(session, found, seals, now)
        counts["conversations"] += len(ids) if emptied is not None else 0


async def _empty(session: AsyncSession, found: Found, seals: Seals, now: datetime) -> list[str] | None:
    """Empty what was found; the files to remove. None: something of it is under way, and it is left."""
    if left := await repository.unfinished(session, found.rows):
        _logger.warning("old records are kept, because something of them is under way: %s", left)
        return None
    await empty(session, found, seals, now, erasing=False)
    return [row["file"] for row in found.rows["attachments"].values() if row["file"] is not None]


def _remove(settings: Settings, files: list[str]) -> None:
    for name in files:
        (settings.attachments / name).unlink(missing_ok=True)
