"""Queries over any table, by what server/privacy/tables/ says of it."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    String,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import AccountRow, ActionRow, ErasedRow, ErasureRow, PromiseRow, PublicationRow, TurnRow, metadata
from server.models.transcripts import WORDS
from server.privacy.holdings import Holds
from server.privacy.tables import TABLES

Row = dict[str, Any]
Key = tuple[Any, ...]

_AT_ONCE = 400
_TOLD = 50
_ON_ITS_WAY = ("held", "queued", "sending", "uncertain")
_UNDER_WAY = ("approved", "running", "uncertain")


def table_of(name: str) -> Table:
    """The table of this name."""
    return metadata.tables[name]


def key_of(name: str, row: Mapping[str, Any]) -> Key:
    """What names the row in its table."""
    return tuple(row[column.name] for column in table_of(name).primary_key)


async def rows_among(
    session: AsyncSession, name: str, column: str, values: Collection[Any], where: Mapping[str, Any] | None = None
) -> list[Row]:
    """Rows whose column has one of these values, and other columns these."""
    table = table_of(name)
    also = [table.c[other] == value for other, value in (where or {}).items()]
    found: list[Row] = []
    connection = await session.connection()
    for some in _batches(sorted(values)):
        rows = await connection.execute(select(table).where(table.c[column].in_(some), *also))
        found.extend(dict(row) for row in rows.mappings())
    return found


async def every_row(session: AsyncSession, name: str, condition: ColumnElement[bool]) -> AsyncIterator[Row]:
    """Rows one after the other, of tables that have to be looked through."""
    connection = await session.connection()
    rows = await connection.stream(select(table_of(name)).where(condition), execution_options={"yield_per": _AT_ONCE})
    async for row in rows.mappings():
        yield dict(row)


async def every_job(session: AsyncSession) -> AsyncIterator[Row]:
    """Every job, done ones too."""
    async for row in every_row(session, "jobs", table_of("jobs").c.id.is_not(None)):
        yield row


async def every_answer(session: AsyncSession) -> AsyncIterator[Row]:
    """Every answer that is kept to be given again."""
    async for row in every_row(session, "answered_requests", table_of("answered_requests").c.body.is_not(None)):
        yield row


async def events_naming(
    session: AsyncSession, customers: Collection[str], orders: Collection[str]
) -> AsyncIterator[Row]:
    """Events whose facts name one of these customers or orders."""
    data = table_of("events").c.data
    named = [data["customer"].as_string().in_(some) for some in _batches(sorted(customers))]
    named += [data["order"].as_string().in_(some) for some in _batches(sorted(orders))]
    if named:
        async for row in every_row(session, "events", or_(*named)):
            yield row


async def delete_rows(session: AsyncSession, name: str, keys: Collection[Key]) -> None:
    """Delete the rows of these keys."""
    table = table_of(name)
    connection = await session.connection()
    if keys:
        named = and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))
        await connection.execute(delete(table).where(named), [_key_values(table, key) for key in keys])


async def change_rows(session: AsyncSession, name: str, changes: Mapping[Key, Row]) -> None:
    """Give the rows of these keys these values; each the same columns."""
    table = table_of(name)
    by_columns: dict[tuple[str, ...], list[Row]] = {}
    for key, values in changes.items():
        named = {f"new_{column}": value for column, value in values.items()}
        by_columns.setdefault(tuple(sorted(values)), []).append(_key_values(table, key) | named)
    connection = await session.connection()
    mine = and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))
    for columns, rows in by_columns.items():
        if columns:
            given = {column: bindparam(f"new_{column}", type_=table.c[column].type) for column in columns}
            await connection.execute(update(table).where(mine).values(given), rows)


def _key_values(table: Table, key: Key) -> Row:
    return {f"key_{column.name}": value for column, value in zip(table.primary_key, key, strict=True)}


async def forget_words(session: AsyncSession, places: Collection[int]) -> None:
    """Take these transcripts out of the full-text index."""
    column = "rowid" if session.get_bind().dialect.name == "sqlite" else "place"
    connection = await session.connection()
    for place in sorted(places):
        await connection.execute(text(f"DELETE FROM {WORDS} WHERE {column} = :place"), {"place": place})


async def merge_words(session: AsyncSession) -> None:
    """Let the full-text index keep nothing of what was taken out of it."""
    if session.get_bind().dialect.name == "sqlite":
        connection = await session.connection()
        await connection.execute(text(f"INSERT INTO {WORDS} ({WORDS}) VALUES ('optimize')"))


async def accounts_on(session: AsyncSession, brands: Collection[str]) -> Sequence[AccountRow]:
    """The accounts of these brands, removed ones too."""
    return (await session.exec(select_rows(AccountRow).where(col(AccountRow.brand).in_(brands)))).all()


async def accounts_on_any(session: AsyncSession) -> Sequence[AccountRow]:
    """Every account."""
    return (await session.exec(select_rows(AccountRow))).all()


async def unfinished(session: AsyncSession, found: Mapping[str, Collection[Key]]) -> dict[str, list[str]]:
    """What is under way of these rows, and could not be stopped by emptying them: ids by table."""
    left = {}
    for name, row, states in (
        ("publications", PublicationRow, _ON_ITS_WAY),
        ("actions", ActionRow, _UNDER_WAY),
        ("turns", TurnRow, ("running",)),
        ("promises", PromiseRow, ("open",)),
    ):
        rows = await rows_among(session, name, "id", {key[0] for key in found.get(name, ())})
        under_way = sorted(row["id"] for row in rows if row["state"] in states)
        if under_way:
            left[name] = under_way
    return left


async def mentions(session: AsyncSession, needles: Collection[str]) -> dict[str, int]:
    """In how many rows of which columns that hold words one of these stands."""
    found = {}
    connection = await session.connection()
    for name in TABLES if needles else ():
        for column in columns_that_hold(name, Holds.WORDS, Holds.OURS):
            query = select(func.count()).select_from(table_of(name)).where(_says_one_of(column, needles))
            if count := (await connection.execute(query)).scalar_one():
                found[f"{name}.{column.name}"] = count
    return found


async def ours_naming(session: AsyncSession, needles: Collection[str], brands: Collection[str]) -> dict[str, list[str]]:
    """What of our own words, of these brands or of every brand, says one of these: ids by table, the first of many."""
    found = {}
    connection = await session.connection()
    for name in TABLES if needles else ():
        table, said = table_of(name), columns_that_hold(name, Holds.OURS)
        if said and {"id", "brand"} <= set(table.c.keys()):
            query = select(table.c.id).where(
                _is_of(table, brands), or_(*(_says_one_of(column, needles) for column in said))
            )
            if ids := (await connection.execute(query.order_by(table.c.id).limit(_TOLD))).scalars().all():
                found[name] = list(ids)
    return found


def columns_that_hold(name: str, *what: Holds) -> list[ColumnElement[Any]]:
    """The columns of a table that hold this, as texts."""
    columns = [table_of(name).c[column] for column, holds in TABLES[name].columns.items() if holds in what]
    return [column for column in columns if not isinstance(column.type, LargeBinary)]


def _says_one_of(column: ColumnElement[Any], needles: Collection[str]) -> ColumnElement[bool]:
    said = func.lower(cast(column, String))
    return or_(*(said.contains(needle.lower(), autoescape=True) for needle in sorted(needles)))


def _is_of(table: Table, brands: Collection[str]) -> ColumnElement[bool]:
    return or_(table.c.brand.is_(None), table.c.brand.in_(brands))


async def rows_of(session: AsyncSession, name: str, brands: Collection[str]) -> list[Row]:
    """Every row of a table that is of these brands or of none."""
    return [row async for row in every_row(session, name, _is_of(table_of(name), brands))]


async def questions_naming(session: AsyncSession, pieces: Collection[str], brands: Collection[str]) -> list[Row]:
    """What no policy answered, of these brands, where one of these pieces of words stands."""
    table = table_of("missing_policies")
    said = or_(*(func.lower(table.c.words).contains(piece, autoescape=True) for piece in sorted(pieces)))
    rows = every_row(session, table.name, and_(table.c.brand.in_(brands), said))
    return [row async for row in rows] if pieces else []


async def erased(session: AsyncSession) -> set[str]:
    """The digests of all that were erased."""
    return set(await session.exec(select_rows(ErasedRow.digest)))


async def marks(session: AsyncSession) -> dict[str, str]:
    """What each erasure was marked with by the secret of its time, by its id."""
    rows = await session.exec(select_rows(ErasureRow.id, ErasureRow.report))
    return {erasure: str(report.get("mark")) for erasure, report in rows}


async def list_erasures(
    session: AsyncSession, *, brands: Collection[str], before: str | None, limit: int
) -> Sequence[ErasureRow]:
    """Erasures of these brands, the newest first, before this id."""
    query = select_rows(ErasureRow).where(col(ErasureRow.brand).in_({*brands, ""}))
    if before is not None:
        query = query.where(col(ErasureRow.id) < before)
    return (await session.exec(query.order_by(col(ErasureRow.id).desc()).limit(limit))).all()


async def keep_report(session: AsyncSession, erasure: str, report: Mapping[str, Any]) -> None:
    """Set an erasure's report."""
    await session.exec(update(ErasureRow).where(col(ErasureRow.id) == erasure).values(report=dict(report)))


async def unscrubbed(session: AsyncSession) -> Sequence[ErasureRow]:
    """Erasures after which the database's files were not written anew."""
    return (await session.exec(select_rows(ErasureRow).where(col(ErasureRow.scrubbed_at).is_(None)))).all()


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
