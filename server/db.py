"""The database: opening it, migrated, and the two ways in: reading and writing.

SQLite in one file by default; the same code speaks to Postgres. Nothing here may stay open across a call to a model or
to the network.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from pydantic_core import to_json
from sqlalchemy import Connection, Engine, Table, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from server.migrations.revisions import newest_revision, revisions

# The longest wait for another writer. Writers here hold the lock for less than a tenth of this.
_BUSY_TIMEOUT_MS = 5_000
_CACHE_KIB = 32 * 1024

# Connections that a process keeps, those it may open besides, and how long it waits for one. A process's requests and
# workers hold a connection for milliseconds; several processes share a Postgres server's 100.
_KEPT, _MORE, _POOL_TIMEOUT_S = 8, 12, 10
_STATEMENT_TIMEOUT_MS = 30_000
_MIGRATION_LOCK = 4_217_001  # any number that nobody else locks

_turns: WeakKeyDictionary[Engine, WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]] = WeakKeyDictionary()
_also: ContextVar[tuple[Callable[[AsyncSession], Awaitable[None]], ...]] = ContextVar("also", default=())


class DatabaseOfAnotherVersion(Exception):
    """The database was brought up to date by a version that this one knows nothing of."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"the database has the tables of another version of Deskside ({revision}): run that one or a newer one, "
            "restore the backup made before the upgrade, or choose another home (DESKSIDE_HOME)"
        )


async def open_database(where: str | Path) -> AsyncEngine:
    """An engine on the database of this URL or SQLite file, which is made if need be and brought up to date.

    A Postgres database must be there; `postgresql://…` as everybody writes it will do.
    """
    engine = connect(where)
    if _is_sqlite(engine.url) and engine.url.database:
        # Customers' records: nobody's business but the owner's.
        Path(engine.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        await asyncio.to_thread(_switch_to_wal, engine.url.database)
    try:
        await _migrate(engine)
    except BaseException:
        await engine.dispose()
        raise
    return engine


def connect(where: str | Path) -> AsyncEngine:
    """An engine on the database as it is; nothing is made or changed."""
    url = _url(where)
    options = _pool_options(url) | ({} if _is_sqlite(url) else _postgres_options())
    # errors tell what was asked, never the customers' words it was asked with
    engine = create_async_engine(url, json_serializer=_to_json, hide_parameters=True, **options)
    if _is_sqlite(url):
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A short session that only reads; it sees one state of the database and keeps no writer waiting."""
    if not _is_sqlite(engine.url):
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    async with _sessions(engine)() as session:
        yield session


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """One short transaction: committed at the end, undone on any error.

    On SQLite the write lock is taken at the start, because a transaction that reads first and is overtaken by another
    writer could only fail. On Postgres others write beside it: a row on which a decision rests is read
    `with_for_update()`, which SQLite leaves out.
    """
    turn = _turn(engine) if _is_sqlite(engine.url) else nullcontext()
    async with turn, _sessions(engine.execution_options(sqlite_begin="IMMEDIATE"))() as session, session.begin():
        yield session
        for step in _also.get():
            await step(session)


@asynccontextmanager
async def alone(engine: AsyncEngine) -> AsyncIterator[None]:
    """While nobody of this process writes to the SQLite file: for what no transaction can do."""
    async with _turn(engine):
        yield


def insert_into(session: AsyncSession, model: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can leave out what is there already, which each of the two databases says in words of its own."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return (postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert)(table)


async def insert_row(session: AsyncSession, row: SQLModel) -> bool:
    """Add a row; False if something of it that only one row has is taken, by another process at this moment too."""
    added = insert_into(session, type(row)).values(row.model_dump()).on_conflict_do_nothing()
    return (await session.exec(added.returning(*added.table.primary_key))).first() is not None


def _turn(engine: AsyncEngine) -> asyncio.Lock:
    """The lock that writers of this process wait for in order; SQLite itself lets any go first, and others time out."""
    turns = _turns.setdefault(engine.sync_engine, WeakKeyDictionary())
    return turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())


@contextmanager
def also(step: Callable[[AsyncSession], Awaitable[None]]) -> Iterator[None]:
    """Make `step` the last of every transaction that this task writes within, committed or undone with it."""
    token = _also.set((*_also.get(), step))
    try:
        yield
    finally:
        _also.reset(token)


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


async def is_migrated(engine: AsyncEngine) -> bool:
    """Whether the database answers, and has the tables of this version."""
    async with engine.connect() as connection:
        return await connection.run_sync(_revision) == newest_revision()


async def _migrate(engine: AsyncEngine) -> None:
    """Bring the tables up to date. Alembic, slow to import, is asked only if they are not."""
    if await is_migrated(engine):
        return
    async with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        from server.migrations.upgrade import upgrade

        if not _is_sqlite(engine.url):
            # processes that open a new database at the same moment: one migrates, the others find it done
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        revision = await connection.run_sync(_revision)
        if revision is not None and revision not in revisions():
            raise DatabaseOfAnotherVersion(revision)
        await connection.run_sync(upgrade)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _url(where: str | Path) -> URL:
    if "://" not in str(where):
        return URL.create("sqlite+aiosqlite", database=str(where))
    url = make_url(str(where))
    drivers = {"postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
    return url.set(drivername=drivers.get(url.drivername, url.drivername))


def _pool_options(url: URL) -> dict[str, Any]:
    if _is_sqlite(url) and not url.database:
        return {}  # in memory, over one connection
    return {"pool_size": _KEPT, "max_overflow": _MORE, "pool_timeout": _POOL_TIMEOUT_S}


def _postgres_options() -> dict[str, Any]:
    settings = {"application_name": "deskside", "statement_timeout": str(_STATEMENT_TIMEOUT_MS)}
    return {"pool_pre_ping": True, "connect_args": {"server_settings": settings}}


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _switch_to_wal(file: str) -> None:
    """Make the file one with a write-ahead log, which it stays.

    Processes that open a new file at the same moment hinder each other here, and SQLite does not wait by itself.
    Whatever else is wrong with the file is told by the engine's own first connection.
    """
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while time.monotonic() < deadline:
        try:
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                time.sleep(0.02)
                continue
        return


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Without this the driver begins transactions when it sees fit, and never before DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        # Every commit is on the disk before it counts. NORMAL survives a killed process as well, but a power cut can
        # take the last commits back: an intent to send would be gone while its text is out, which is then sent again.
        "synchronous = FULL",
        "foreign_keys = ON",
        f"cache_size = -{_CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")


def _to_json(value: Any) -> str:  # noqa: ANN401 - JSON values have no narrower type
    return to_json(value).decode()
