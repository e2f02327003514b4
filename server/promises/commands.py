"""`deskside promises`: what was promised and is owed."""

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from server.promises.views import PromiseView

app = typer.Typer(help="What was promised to customers.")


@app.callback()
def promises() -> None:
    """What was promised to customers."""


@app.command("list")
def list_promises(
    brand: Annotated[str | None, typer.Option(help="Only this brand's.")] = None,
    customer: Annotated[str | None, typer.Option(help="Only this customer's.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    settled: Annotated[bool, typer.Option("--settled", help="Kept and withdrawn ones, too.")] = False,
    limit: Annotated[int, typer.Option(help="The most.", min=1)] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of words.")] = False,
) -> None:
    """Every open promise, one on a line: those that are overdue first, then by when they are due."""
    views = asyncio.run(_read(brand, customer, overdue, settled, limit))
    if as_json:
        typer.echo(json.dumps([view.model_dump(mode="json") for view in views], ensure_ascii=False))
    elif not views:
        typer.echo("nothing is owed", err=True)
    else:
        typer.echo("\n".join(_line(view) for view in views))


async def _read(
    brand: str | None, customer: str | None, overdue: bool, settled: bool, limit: int
) -> list["PromiseView"]:
    from server.db import open_database, reading
    from server.promises import repository
    from server.promises.states import PromiseState
    from server.promises.views import PromiseView
    from server.settings import Settings

    engine = await open_database(Settings().database)
    now = datetime.now(UTC)
    states = () if settled else (PromiseState.OPEN,)
    wanted = repository.Wanted({brand} if brand else None, states, now if overdue else None, customer)
    try:
        async with reading(engine) as session:
            rows = await repository.list_promises(session, wanted, after=None, limit=limit)
            actions = await repository.actions_by_id(session, {row.action for row in rows if row.action})
    finally:
        await engine.dispose()
    return [PromiseView.of(row, actions, {}, now) for row in rows]


def _line(view: "PromiseView") -> str:
    due = f"{view.due:%Y-%m-%d %H:%M} UTC" if view.due else "no time"
    stands = "overdue since" if view.overdue else "due" if view.state == "open" else f"{view.state}, was due"
    whom = view.customer or f"@{view.author}"
    about = f" ({view.order})" if view.order else ""
    return f"{view.id}  {stands} {due}  {whom}{about}: {view.what}"
