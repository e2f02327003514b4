"""The events of the tests' application: making some happen, and reading them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from server.db import reading, writing
from server.events.feed import Feed
from server.events.log import record
from server.jobs.waking import open_bell
from server.models import EventRow
from server.staff.roles import PERMISSIONS, Caller, Role
from tests.web.conftest import BRANDS, Clock, client

ADA = Caller("staff_ada", "Ada", Role.ADMIN, BRANDS, PERMISSIONS[Role.ADMIN])


class Site:
    """The application with its feed running, and what happens in it."""

    def __init__(self, app: FastAPI, engine: AsyncEngine, feed: Feed, clock: Clock) -> None:
        self.app, self.engine, self.feed, self.clock = app, engine, feed, clock

    async def happen(self, *names: str, brand: str = "pine", kind: str = "draft.edited") -> None:
        async with writing(self.engine) as session:
            for name in names:
                record(session, kind, name, brand=brand, at=self.clock.now, version=1)

    async def read(self, query: str = "", *, token: str = "ada", **headers: str) -> list[tuple[str, Any]]:
        """Everything up to now."""
        async with client(self.app, token) as http:
            answer = await http.get(f"/events?follow=false{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        return told(answer.text)

    async def settled(self) -> None:
        """Until everything that was written is handed out."""
        async with reading(self.engine) as session:
            written = (await session.exec(select(func.count(col(EventRow.id))))).one()
        await until(lambda: self.feed.newest >= written)


async def until(there: Callable[[], Any]) -> None:
    while not there():  # noqa: ASYNC110 - what is waited for rings no bell for tests
        await asyncio.sleep(0.005)


def told(text: str) -> list[tuple[str, Any]]:
    events = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


def names(events: list[tuple[str, Any]]) -> list[str]:
    return [data["subject"] for kind, data in events if not kind.startswith("stream.")]


@asynccontextmanager
async def running(engine: AsyncEngine, **how: Any) -> AsyncIterator[Feed]:
    async with open_bell(engine, "events") as bell:
        feed = Feed(engine, bell, **how)
        task = asyncio.create_task(feed.run())
        await until(lambda: feed.running)
        try:
            yield feed
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
