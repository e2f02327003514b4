"""`deskside import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.progress import Progress, TaskID

    from server.shop.importing import Imported
    from server.shop.problems import Problems

_SCHEMA = Path(__file__).with_name("shop.schema.json")


def import_shop(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Holds customers.jsonl, products.jsonl, orders.jsonl.")
    ] = None,
    old_secret: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Holds a DESKSIDE_SECRET that customers were erased under."),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the import format as JSON Schema and stop.")] = False,
) -> None:
    """Import the shop's records, all or nothing.

    Records are known by their ids: those in the files are new or replace what was there, all others stay.
    """
    if schema:
        typer.echo(_SCHEMA.read_text(encoding="utf-8"), nl=False)
        return
    if directory is None:
        _stop("Name the folder that holds customers.jsonl, products.jsonl and orders.jsonl.", code=2)
    import asyncio

    from sqlalchemy.exc import DBAPIError

    from server.privacy.tombstones import ErasedMeanwhile
    from server.shop.files import FileChanged, UnusableShopFolder
    from server.shop.importing import BadRows
    from server.shop.staging_repository import ImportTakenOver

    try:
        imported = asyncio.run(_import(directory, old_secret or ()))
    except UnusableShopFolder as error:
        _stop(str(error), code=2)
    except BadRows as error:
        _list(error.problems)
        raise typer.Exit(1) from None
    except (FileChanged, ImportTakenOver, ErasedMeanwhile) as error:
        _stop(str(error), code=1)
    except (DBAPIError, OSError) as error:
        _stop(f"The import failed and changed nothing: {error}", code=1)
    counted = {"customer": imported.customers, "product": imported.products, "order": imported.orders}
    words = ", ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in counted.items())
    typer.echo(f"{words} imported")
    if imported.left_out:
        typer.echo(f"{imported.left_out:,} left out: customers who were erased, and their orders (docs/privacy.md)")


async def _import(directory: Path, old_secrets: "Sequence[Path]") -> "Imported":
    import gc
    from datetime import UTC, datetime

    from server.audit.ledger import Ledger
    from server.audit.seals import Seals
    from server.db import open_database
    from server.settings import Settings
    from server.shop.files import ShopFiles
    from server.shop.importing import import_folder

    # A third of the time would go into looking for cycles among rows, which are trees; this process does nothing else.
    gc.disable()
    ShopFiles.in_folder(directory)
    settings = Settings()
    engine = await open_database(settings.database)
    try:
        with _bar() as bar:
            seals = Seals.of_settings(settings, old_secrets=old_secrets)
            imported = await import_folder(engine, directory, progress=_Watcher(bar), seals=seals)
        await Ledger.of(settings, lambda: datetime.now(UTC)).place_all(engine)
        return imported
    finally:
        gc.enable()
        await engine.dispose()


class _Watcher:
    """The import's progress as a bar on standard error."""

    def __init__(self, bar: "Progress") -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def begin(self, stage: str, total: int) -> None:
        """A stage starts: the bar of the one before is complete."""
        self._task = self._bar.add_task(stage, total=total or None)

    def advance(self, done: int) -> None:
        """So many more bytes."""
        if self._task is not None:
            self._bar.advance(self._task, done)


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:9}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _list(problems: "Problems") -> None:
    for problem in problems.shown:
        typer.echo(str(problem), err=True)
    more = problems.count - len(problems.shown)
    if more:
        typer.echo(f"… and {more:,} more", err=True)
    typer.echo(f"{problems.count:,} problem{'s' if problems.count > 1 else ''}; nothing was imported.", err=True)


def _stop(words: str, *, code: int) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(code)
