"""`deskside import`: check everything, load it unseen, switch."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.seals import Seals
from server.events.log import record
from server.privacy.tombstones import Erased, ErasedMeanwhile, read_erased
from server.shop import staging_repository
from server.shop.checking import check_files
from server.shop.files import ShopFiles
from server.shop.pace import Pace
from server.shop.problems import Problems
from server.shop.rows import customer_row, email_rows, handle_rows, order_row, product_row
from server.shop.staging_repository import Rows


class BadRows(Exception):
    """The files have problems; nothing was imported."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(f"{problems.count} problems; nothing was imported")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records an import brought. `left_out` are those of customers who were erased, with their orders."""

    customers: int = 0
    products: int = 0
    orders: int = 0
    left_out: int = 0


class Progress(Protocol):
    """Somebody who watches: told of each stage, and of the bytes done of all."""

    def begin(self, stage: str, total: int) -> None:
        """A stage starts."""

    def advance(self, done: int) -> None:
        """So much more of the stage is done."""


class Unwatched:
    """Nobody watches."""

    def begin(self, stage: str, total: int) -> None:
        """A stage starts."""

    def advance(self, done: int) -> None:
        """So much more of the stage is done."""


async def import_folder(
    engine: AsyncEngine,
    directory: Path,
    *,
    source: str | None = None,
    progress: Progress | None = None,
    seals: Seals | None = None,
) -> Imported:
    """Import the JSON Lines files of a folder, all or nothing.

    Records are known by their ids: those in the files are new or replace what was there, all others stay. An import
    that is killed or fails leaves nothing that a reader could see.

    Args:
        engine: The database.
        directory: Holds at least one of customers.jsonl, products.jsonl and orders.jsonl.
        source: What to note as the import's origin; the folder if not given.
        progress: Hears how far the import has come.
        seals: Tell which customers were erased: these, and their orders, are left out. Without, none may have been.

    Raises:
        UnusableShopFolder: There is nothing to import.
        BadRows: Lines are not in the import format, or refer to records that nobody knows.
        FileChanged: Somebody wrote to a file meanwhile.
        ImportTakenOver: Another import began meanwhile.
        ErasedMeanwhile: A customer was erased meanwhile.
        NobodyCanTell: Customers were erased, and there are no `seals`.
    """
    erased = await read_erased(engine, seals)
    watched = progress or Unwatched()
    files = ShopFiles.in_folder(directory)
    size = sum(file.size for file in files)
    watched.begin("Checking", size)
    problems = await check_files(engine, files, watched.advance, erased)
    if problems.count:
        raise BadRows(problems)
    pace = Pace()
    import_id = await staging_repository.begin_import(engine, source or str(directory))
    await staging_repository.tidy(engine, pace)
    watched.begin("Loading", size)
    imported, digests = await _load_checked(engine, import_id, files, pace, watched.advance, erased)
    await _switch(engine, import_id, pace, erased, asdict(imported) | {"digests": digests})
    watched.begin("Tidying", 0)
    await staging_repository.tidy(engine, pace)
    return imported


async def _switch(engine: AsyncEngine, import_id: int, pace: Pace, erased: Erased, told: Mapping[str, Any]) -> None:
    """Show what was loaded, unless somebody was erased since the files were checked."""

    async def settle(session: AsyncSession) -> None:
        await erased.refuse_others(session)
        record(session, "shop.imported", f"import_{import_id}", brand="", at=datetime.now(UTC), **told)

    try:
        await staging_repository.switch(engine, import_id, settle)
    except ErasedMeanwhile:
        # what was loaded after the erasure would lie there, unseen, until the next import
        await staging_repository.give_up(engine, import_id)
        await staging_repository.tidy(engine, pace)
        raise


async def _load_checked(
    engine: AsyncEngine, import_id: int, files: ShopFiles, pace: Pace, advance: Callable[[int], None], erased: Erased
) -> tuple[Imported, dict[str, str]]:
    """Load the files as they were checked: one that changed meanwhile explains whatever went wrong in loading it.

    With what came in, the files' digests by their names.
    """
    try:
        imported = await _load(engine, import_id, files, pace, advance, erased)
        return imported, {file.name: await asyncio.to_thread(file.digest) for file in files}
    finally:
        for file in files:
            file.must_be_unchanged()


async def _load(
    engine: AsyncEngine, import_id: int, files: ShopFiles, pace: Pace, advance: Callable[[int], None], erased: Erased
) -> Imported:
    counts = {"customers": 0, "products": 0, "orders": 0, "left_out": 0}
    for name, file, as_rows in (
        ("customers", files.customers, _customers),
        ("products", files.products, _products),
        ("orders", files.orders, _orders),
    ):
        for lines in file.batches(lambda: pace.rows) if file is not None else ():
            # Checked before, so that parsing alone is enough.
            records = [from_json(line.content) for line in lines]
            kept = [record for record in records if _whose(name, record) not in erased]
            await staging_repository.load(engine, import_id, as_rows(kept, import_id), pace)
            counts[name] += len(kept)
            counts["left_out"] += len(records) - len(kept)
            advance(sum(len(line.content) for line in lines))
    return Imported(**counts)


def _whose(name: str, record: dict[str, Any]) -> str:
    """The customer whose record it is; "" for what is nobody's."""
    return str(record["id"] if name == "customers" else record["customer"] if name == "orders" else "")


def _customers(records: Iterable[dict[str, Any]], import_id: int) -> Rows:
    return {
        "customers": [customer_row(record, import_id) for record in records],
        "customer_handles": [row for record in records for row in handle_rows(record, import_id)],
        "customer_emails": [row for record in records for row in email_rows(record, import_id)],
    }


def _products(records: Iterable[dict[str, Any]], import_id: int) -> Rows:
    return {"products": [product_row(record, import_id) for record in records]}


def _orders(records: Iterable[dict[str, Any]], import_id: int) -> Rows:
    return {"orders": [order_row(record, import_id) for record in records]}
