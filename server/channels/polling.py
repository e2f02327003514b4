"""Asking networks that do not call us, again and again, each from where the last look ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels import repository
from server.channels.adapters import POLLED
from server.channels.intake import take
from server.channels.protocol import NetworkUnreachable
from server.db import reading, writing
from server.jobs.claims import Claimed, again, finish
from server.jobs.queue import enqueue
from server.models import AccountRow
from server.privacy.tombstones import erased_posts
from server.service import Service

_UNREACHABLE = timedelta(minutes=1)


async def start_polling(session: AsyncSession, accounts: Iterable[AccountRow], now: datetime) -> None:
    """Have these accounts looked at from now on; nothing for those whose network calls us, or that are looked at."""
    for account in accounts:
        if account.adapter in POLLED:
            await _put_off(session, account, now, after=now)


async def poll(service: Service, job: Claimed) -> None:
    """Job "poll": take in what has happened on an account's network, and look again later."""
    async with reading(service.engine) as session:
        account = await repository.find_account(session, str(job.payload["account"]))
    if account is None:
        async with writing(service.engine) as session:
            await finish(session, job, service.clock())
        return
    try:
        told, cursor = await service.channel(account).poll(account.cursor)
    except NetworkUnreachable as error:
        async with writing(service.engine) as session:
            now = service.clock()
            # it is no fault of ours and no reason ever to give up
            await again(session, job, now, after=now + _UNREACHABLE, words=str(error))
        return
    async with writing(service.engine) as session:
        now = service.clock()
        await finish(session, job, now)
        quiet = timedelta(minutes=service.settings.quiet_minutes)
        erased = partial(erased_posts, service.settings)
        changed = await take(session, account, told, now, quiet=quiet, erased=erased)
        await repository.move_cursor(session, account, cursor)
        pause = timedelta() if told else timedelta(seconds=service.settings.poll_seconds)
        await _put_off(session, account, now, after=now + pause)
    if changed:
        service.wake()


async def _put_off(session: AsyncSession, account: AccountRow, now: datetime, *, after: datetime) -> None:
    await enqueue(
        session,
        "poll",
        lane=f"poll:{account.id}",
        payload={"account": account.id},
        now=now,
        brand=account.brand,
        key=f"poll:{account.id}",
        after=after,
    )
