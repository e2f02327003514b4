"""Writing an import: its rows are loaded unseen, in short transactions, and count from the moment it switches.

Why it is done this way, and what it costs, stands in docs/decisions/0002-import-switch.md.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.drafts.rechecking import RECORDS, recheck_resting_on
from server.models import ImportRow, metadata
from server.shop.pace import Pace
from server.shop.writing_repository import keep_changes_out

Rows = Mapping[str, Sequence[dict[str, Any]]]

# Handles and addresses go with their customers (ON DELETE CASCADE).
_TABLES = ("orders", "products", "customers")


class ImportTakenOver(Exception):
    """Another import began on this database; this one stopped and has changed nothing."""

    def __init__(self) -> None:
        super().__init__("Another import was started on this database; this one stopped and has changed nothing.")


async def begin_import(engine: AsyncEngine, source: str) -> int:
    """A new import's number. One that was still loading is given up: it may have been killed."""
    now = datetime.now(UTC)
    async with writing(engine) as session:
        await session.exec(update(ImportRow).where(_is_loading()).values(given_up_at=now))
        started = ImportRow(source=source, started_at=now)
        session.add(started)
        await session.flush()
        if started.id is None:
            raise RuntimeError("the database gave the import no number")
        return started.id


async def load(engine: AsyncEngine, import_id: int, rows: Rows, pace: Pace) -> None:
    """Add rows to an import, table by table; nobody sees them yet."""
    # Brought into the driver's form before the transaction begins, because that is half of the work.
    inserts = [_insert(engine, metadata.tables[table], values) for table, values in rows.items() if values]
    await pace.give_way()
    async with writing(engine) as session:
        connection = await session.connection()
        began = time.monotonic()
        await _must_be_loading(session, import_id)
        for statement, values in inserts:
            await connection.exec_driver_sql(statement, values)
    pace.held(time.monotonic() - began)


async def switch(
    engine: AsyncEngine, import_id: int, settle: Callable[[AsyncSession], Awaitable[None]] | None = None
) -> None:
    """Make everything that this import brought count, and what it replaces count no more, in one row's change.

    `settle` is called within the same transaction: it writes down what came in, or raises what stands against it.
    """
    async with writing(engine) as session:
        await keep_changes_out(session)
        await _must_be_loading(session, import_id)
        if settle is not None:
            await settle(session)
        now = datetime.now(UTC)
        await session.exec(update(ImportRow).where(_is(import_id)).values(switched_at=now))
        await recheck_resting_on(session, RECORDS, now)


async def give_up(engine: AsyncEngine, import_id: int) -> None:
    """Let this import never count, so that its rows are tidied away."""
    async with writing(engine) as session:
        given_up = update(ImportRow).where(_is(import_id), _is_loading())
        await session.exec(given_up.values(given_up_at=datetime.now(UTC)))


async def tidy(engine: AsyncEngine, pace: Pace) -> None:
    """Delete, in short transactions, what no longer counts: rows of given-up imports and replaced versions.

    Nothing depends on it having run: readers never see these rows.
    """
    async with reading(engine) as session:
        ended = col(ImportRow.switched_at).is_not(None) | col(ImportRow.given_up_at).is_not(None)
        query = select(ImportRow).where(ended, col(ImportRow.tidied_at).is_(None)).order_by(col(ImportRow.id))
        untidied = (await session.exec(query)).all()
        switched = col(ImportRow.switched_at).is_not(None)
        first = (await session.exec(select(ImportRow.id).where(switched).order_by(col(ImportRow.id)).limit(1))).first()
    for past in untidied:
        if past.id is None:
            continue
        # The first import of all has replaced nothing.
        if past.given_up_at is not None or past.id != first:
            for table in _TABLES:
                await _delete_useless(engine, metadata.tables[table], past, pace)
        async with writing(engine) as session:
            await session.exec(update(ImportRow).where(_is(past.id)).values(tidied_at=datetime.now(UTC)))


async def last_source(engine: AsyncEngine) -> str | None:
    """Where the import that switched last came from."""
    async with reading(engine) as session:
        query = select(ImportRow.source).where(col(ImportRow.switched_at).is_not(None))
        return (await session.exec(query.order_by(col(ImportRow.id).desc()).limit(1))).first()


def _insert(engine: AsyncEngine, table: Table, rows: Sequence[dict[str, Any]]) -> tuple[str, list[Any]]:
    """The statement for these rows, and their values as the driver takes them."""
    dialect = engine.dialect
    compiled = insert(table).compile(dialect=dialect)
    processors = [(column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.columns]
    # Statements with positions take the columns in their own order; the others take names.
    as_values = tuple if compiled.positional else lambda values: dict(zip(table.columns.keys(), values, strict=True))
    values = [as_values(process(row[name]) if process else row[name] for name, process in processors) for row in rows]
    return str(compiled), values


async def _must_be_loading(session: AsyncSession, import_id: int) -> None:
    if (await session.exec(select(ImportRow.id).where(_is(import_id), _is_loading()))).first() is None:
        raise ImportTakenOver


async def _delete_useless(engine: AsyncEngine, table: Table, past: ImportRow, pace: Pace) -> None:
    """Walk through the import's own rows; delete them if it was given up, else the versions that they replaced."""
    looked_up_by = table.c.folded_id if "folded_id" in table.c else table.c.id
    last = ""
    while True:
        own = select(table.c.id, looked_up_by).where(table.c.import_id == past.id, table.c.id > last)
        async with reading(engine) as session:
            batch = (await session.exec(own.order_by(table.c.id).limit(pace.rows))).all()
        if not batch:
            return
        last = batch[-1][0]
        ids, names = [row[0] for row in batch], [row[1] for row in batch]
        if past.given_up_at is not None:
            useless = (table.c.import_id == past.id) & table.c.id.in_(ids)
        else:
            useless = looked_up_by.in_(names) & table.c.id.in_(ids) & (table.c.import_id < past.id)
        await pace.give_way()
        async with writing(engine) as session:
            connection = await session.connection()
            began = time.monotonic()
            await connection.execute(delete(table).where(useless))
        pace.held(time.monotonic() - began)


def _is(import_id: int) -> ColumnElement[bool]:
    return col(ImportRow.id) == import_id


def _is_loading() -> ColumnElement[bool]:
    return col(ImportRow.switched_at).is_(None) & col(ImportRow.given_up_at).is_(None)
