"""Having what was deleted leave the database's files: SQLite keeps it in free pages, in its log and in its index."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import alone, writing
from server.jobs.claims import Claimed, finish
from server.privacy import repository
from server.service import Service

_WAIT_S = 60.0


class ReadersInTheWay(Exception):
    """Somebody reads the log that is to be emptied; it is tried again."""


async def scrub_after(service: Service, job: Claimed) -> None:
    """Job "scrub": after an erasure."""
    await scrub(service.engine)
    async with writing(service.engine) as session:
        now = service.clock()
        await finish(session, job, now)
        await note_scrubbed(session, now)


async def scrub(engine: AsyncEngine) -> None:
    """Write the SQLite file anew without what was deleted, and empty its log.

    Nobody writes meanwhile. On Postgres nothing is done: vacuuming frees the room, which is written over in time.
    """
    async with writing(engine) as session:
        await repository.merge_words(session)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file:
        async with alone(engine):
            await asyncio.to_thread(_write_anew, file)


async def empty_log(engine: AsyncEngine) -> None:
    """Have SQLite's log hold nothing any more of what was deleted; if somebody reads it, the next time."""
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file:
        await asyncio.to_thread(_empty_log, file)


async def note_scrubbed(session: AsyncSession, now: datetime) -> None:
    """Every erasure up to now has left the files."""
    for row in await repository.unscrubbed(session):
        row.scrubbed_at = now


def _write_anew(file: str) -> None:
    with closing(sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise ReadersInTheWay


def _empty_log(file: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
