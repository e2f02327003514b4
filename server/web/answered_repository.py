"""Queries for the answers that are given again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_into
from server.errors import Conflict
from server.models import AnsweredRow

CHANGED = 0
"""The `status` of a request whose change is committed and whose answer is not written down yet."""


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key of a caller."""

    caller: str
    key: str


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A request that is being answered: who took it over later began at another moment."""

    key: Key
    begun: datetime


class TakenOver(Conflict):
    """The request took so long that its repeat was carried out instead."""


async def begin(session: AsyncSession, key: Key, *, request: str, now: datetime) -> bool:
    """Write down that a request of this key is under way; False if one was or is already."""
    insert = insert_into(session, AnsweredRow)
    values = {"caller": key.caller, "key": key.key, "request": request, "at": now}
    result = await session.exec(insert.values(values).on_conflict_do_nothing())
    return bool(result.rowcount)


async def find(session: AsyncSession, key: Key) -> AnsweredRow | None:
    """What became of the request of this key."""
    return await session.get(AnsweredRow, (key.caller, key.key))


async def take_over(session: AsyncSession, key: Key, *, since: datetime, now: datetime) -> bool:
    """Go on with a request that nobody works on any more and that has changed nothing; False if somebody else does."""
    mine = (*_where(key), col(AnsweredRow.status).is_(None), col(AnsweredRow.at) == since)
    result = await session.exec(update(AnsweredRow).where(*mine).values(at=now))
    return bool(result.rowcount)


async def mark_changed(session: AsyncSession, request: UnderWay) -> None:
    """Say, in the transaction of the change, that it was made.

    Raises:
        TakenOver: A repeat has been given the work; this transaction must not count.
    """
    result = await session.exec(update(AnsweredRow).where(*_mine(request)).values(status=CHANGED))
    if not result.rowcount:
        raise TakenOver("this request took too long and was given to its repeat")


async def keep(session: AsyncSession, request: UnderWay, *, status: int, body: dict[str, Any]) -> None:
    """Keep the answer."""
    await session.exec(update(AnsweredRow).where(*_mine(request)).values(status=status, body=body))


async def forget(session: AsyncSession, request: UnderWay) -> None:
    """Forget a request that has changed nothing, so that it may be tried again."""
    await session.exec(delete(AnsweredRow).where(*_mine(request), col(AnsweredRow.status).is_(None)))


async def forget_before(session: AsyncSession, now: datetime, *, kept_for: timedelta) -> int:
    """Forget the answers that nobody will ask for again; how many there were."""
    result = await session.exec(delete(AnsweredRow).where(col(AnsweredRow.at) < now - kept_for))
    return int(result.rowcount)


def _mine(request: UnderWay) -> tuple[Any, ...]:
    return *_where(request.key), col(AnsweredRow.at) == request.begun


def _where(key: Key) -> tuple[Any, Any]:
    return col(AnsweredRow.caller) == key.caller, col(AnsweredRow.key) == key.key
