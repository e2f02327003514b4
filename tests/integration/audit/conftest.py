"""A chain that is written by the feed, over either database, with its head in a file."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.audit.head import HeadFile
from server.audit.ledger import Ledger
from server.audit.seals import Seals
from server.audit.verifying import Verified, verify
from server.db import reading, writing
from server.events.feed import Feed
from server.events.log import record
from server.jobs.waking import Bell
from server.secret import Secret
from tests.web.events import until

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = Secret.of_text("0123456789abcdef" * 4)


@dataclass
class Chain:
    """The audit, and whoever tampers with it."""

    engine: AsyncEngine
    head: HeadFile
    seals: Seals
    now: datetime = field(default=NOW)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.seals, self.head, lambda: self.now)

    async def happen(self, count: int = 5, **data: Any) -> None:
        """So many things are done, and get their rows."""
        for number in range(count):
            async with writing(self.engine) as session:
                record(session, "draft.edited", f"draft_{number}", brand="pine", at=self.now, by="staff_ada", **data)
        await self.ledger.place_all(self.engine)

    async def tamper(self, *statements: str) -> None:
        """What somebody does who has the database, and no key: the triggers are the first to go."""
        async with self.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                await connection.execute(text("DROP TRIGGER IF EXISTS audit_rows_stay_as_they_are"))
                await connection.execute(text("DROP TRIGGER IF EXISTS audit_rows_go_with_a_cut"))
            else:
                await connection.execute(text("DROP TRIGGER IF EXISTS audit_rows_stay ON audit_rows"))
            for statement in statements:
                await connection.execute(text(statement))

    async def verify(self, **how: Any) -> Verified:
        return await verify(self.engine, self.seals, self.head, now=self.now, **how)

    async def problems(self, **how: Any) -> list[str]:
        return [problem.words for problem in (await self.verify(**how)).problems]

    async def rows(self) -> list[Any]:
        async with reading(self.engine) as session:
            connection = await session.connection()
            return list((await connection.execute(text("SELECT * FROM audit_rows ORDER BY number"))).mappings())

    async def feed_until(self, events: int) -> None:
        """A process's feed runs until so many events have their rows."""
        feed = Feed(self.engine, Bell(), ledger=self.ledger)
        running = asyncio.create_task(feed.run())
        try:
            await until(lambda: (head := self.head.read()) is not None and head.number >= events)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
async def chain(engine: AsyncEngine, tmp_path: Path) -> Chain:
    seals = Seals.of(SECRET)
    chain = Chain(engine, HeadFile(tmp_path / "audit-head", seals), seals)
    await chain.ledger.keep_head(engine)
    return chain
