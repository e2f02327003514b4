"""Requests of webhooks that arrive together are read for and stored at once; each is answered for itself.

A commit costs the same for one post and for a hundred, and on SQLite one writes at a time. So whoever comes while
others are being stored waits for them, together with all who come meanwhile. Nobody waits for company: the first of an
idle moment is stored at once.
"""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sqlalchemy.exc import OperationalError

from server.channels import repository
from server.channels.intake import take_each
from server.channels.protocol import Incoming, SignatureRefused
from server.db import reading, writing
from server.models import AccountRow
from server.privacy.tombstones import erased_posts
from server.service import Service

_MOST_POSTS = 300
"""Posts in one transaction: on SQLite everybody else who writes waits for it."""

_CONCERNS_ALL = (OperationalError, OSError, TimeoutError)
"""The database cannot be reached or is busy: none of the requests is to blame, and each alone would fare no better."""


@dataclass(frozen=True, slots=True)
class Told:
    """A request that was verified and read. `digest` names it, so that it is known when it comes again."""

    account: AccountRow
    digest: str
    events: Sequence[Incoming]


@dataclass(eq=False, slots=True)
class _Waiting:
    told: Told
    done: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Arrivals:
    """The requests of one process that are not stored yet."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None
        self._wanted: set[str] = set()
        self._read: asyncio.Task[dict[str, AccountRow]] | None = None
        self._one_reads = asyncio.Lock()

    async def account(self, service: Service, account: str) -> AccountRow | None:
        """The account of this id as it stands, unless it was removed."""
        self._wanted.add(account)
        if self._read is None:
            self._read = asyncio.create_task(self._read_accounts(service), context=Context())
        # whoever gives up does not end the read of the others
        return (await asyncio.shield(self._read)).get(account)

    async def _read_accounts(self, service: Service) -> dict[str, AccountRow]:
        async with self._one_reads:
            # from here on it may be too old for who comes
            wanted, self._wanted, self._read = self._wanted, set(), None
            async with reading(service.engine) as session:
                return await repository.find_accounts(session, wanted)

    async def store(self, service: Service, told: Told) -> int:
        """Store what is told; how much of it was new. When this returns, it is committed.

        Raises:
            SignatureRefused: This very request was taken before.
        """
        one = _Waiting(told)
        self._waiting.append(one)
        if self._storing is None or self._storing.done():
            # not in the context of the request that happened to be first: it is everybody's transaction
            self._storing = asyncio.create_task(self._store_all(service), context=Context())
        return await one.done

    async def _store_all(self, service: Service) -> None:
        while self._waiting:
            await asyncio.sleep(0)  # whoever has arrived at the same moment
            batch = self._next()
            try:
                await _store_batch(service, batch)
            finally:
                for one in batch:
                    one.done.cancel()  # nothing, but for those that have no answer because this was cancelled

    def _next(self) -> list[_Waiting]:
        """The requests of one account, the one that waits longest and others up to the bound, in their order.

        Accounts are not mixed: on Postgres two processes would have to lock their threads and cases in one order.
        """
        account, room = self._waiting[0].told.account.id, _MOST_POSTS
        batch: list[_Waiting] = []
        left: list[_Waiting] = []
        for one in self._waiting:
            posts = len(one.told.events)
            if one.told.account.id == account and (posts <= room or not batch):
                batch.append(one)
                room -= posts
            else:
                left.append(one)
        self._waiting = left
        return batch


async def _store_batch(service: Service, batch: Sequence[_Waiting]) -> None:
    """Store these and answer each. If they cannot be stored together each is tried alone: one may be at fault."""
    try:
        taken = await _store_together(service, [one.told for one in batch])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer of those whom it concerns
        if len(batch) == 1 or isinstance(error, _CONCERNS_ALL):
            for one in batch:
                _answer(one, error)
            return
        for one in batch:
            await _store_batch(service, [one])
        return
    for one, count in zip(batch, taken, strict=True):
        _answer(one, _taken_before() if count is None else count)
    if any(taken) and _is_work_due(service, batch):
        service.wake()


def _is_work_due(service: Service, batch: Sequence[_Waiting]) -> bool:
    """Whether there is something to do at once; drafts wait until their authors are quiet."""
    attached = any(event.attachments for one in batch for event in one.told.events)
    return attached or not service.settings.quiet_minutes


async def _store_together(service: Service, requests: Sequence[Told]) -> list[int | None]:
    """In one transaction; of each request how much was new, None of one that was taken before."""
    account, now = requests[0].account, service.clock()
    quiet = timedelta(minutes=service.settings.quiet_minutes)
    async with writing(service.engine) as session:
        fresh = await repository.note_requests(session, account.id, {one.digest for one in requests}, now)
        taken_in: list[bool] = []
        for one in requests:
            taken_in.append(one.digest in fresh)
            fresh.discard(one.digest)  # the same request twice at the same moment
        events = [event for one, counts in zip(requests, taken_in, strict=True) if counts for event in one.events]
        erased = partial(erased_posts, service.settings)
        stored = iter(await take_each(session, account, events, now, quiet=quiet, erased=erased) if events else ())
        return [
            sum(next(stored) is not None for _ in one.events) if counts else None
            for one, counts in zip(requests, taken_in, strict=True)
        ]


def _answer(one: _Waiting, answer: int | Exception) -> None:
    if one.done.done():
        return  # nobody waits any more
    if isinstance(answer, Exception):
        one.done.set_exception(answer)
    else:
        one.done.set_result(answer)


def _taken_before() -> SignatureRefused:
    return SignatureRefused("this very request was taken before; sign again to send again")
