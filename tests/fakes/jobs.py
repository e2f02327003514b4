"""Jobs for tests: a clock that is turned by hand, a service without a desk, jobs put in and looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from server.db import reading, writing
from server.jobs.queue import enqueue
from server.models import JobRow
from server.service import Service
from server.settings import Settings

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class HandClock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


def service_without_desk(
    engine: AsyncEngine, clock: Callable[[], datetime], wake: Callable[[], None], **settings: Any
) -> Service:
    nothing = cast(Any, None)
    return Service(Settings(**settings), engine, clock, nothing, nothing, wake, nothing)


async def put_in(engine: AsyncEngine, kind: str = "test", *, now: datetime = NOON, **more: Any) -> None:
    payload: Mapping[str, Any] = more.pop("payload", {})
    async with writing(engine) as session:
        await enqueue(session, kind, lane=more.pop("lane", "test"), payload=payload, now=now, **more)


async def all_jobs(engine: AsyncEngine) -> list[JobRow]:
    async with reading(engine) as session:
        return list(await session.exec(select(JobRow).order_by(JobRow.id)))
