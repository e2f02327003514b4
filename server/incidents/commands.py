"""`deskside incidents`: what many write about, and how far it is answered."""

import asyncio
import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.models import IncidentRow

app = typer.Typer(help="What many write about.")

_MOST = 200


@app.callback()
def _incidents() -> None:
    # without a callback, an app of one command would take the command's name for its first argument
    pass


@app.command("list")
def list_all(
    brand: Annotated[str | None, typer.Option(help="Only this brand's; else every brand's.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Closed ones, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of words.")] = False,
) -> None:
    """Open incidents, the newest first, with how many cases stand where."""
    asyncio.run(_list(brand, closed, as_json))


async def _list(brand: str | None, closed: bool, as_json: bool) -> None:
    from server.db import open_database, reading
    from server.incidents.repository import count_cases, newest_incidents
    from server.settings import Settings

    settings = Settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = await open_database(settings.database)
    try:
        async with reading(engine) as session:
            rows = await newest_incidents(session, brand=brand, closed=closed, limit=_MOST)
            counts = [await count_cases(session, row.id) for row in rows]
    finally:
        await engine.dispose()
    if as_json:
        typer.echo(json.dumps([_as_json(row, one) for row, one in zip(rows, counts, strict=True)], indent=2))
        return
    for row, one in zip(rows, counts, strict=True):
        typer.echo(_in_words(row, one))
    if not rows:
        typer.echo("no incident is open" if not closed else "there was no incident yet", err=True)


def _in_words(row: "IncidentRow", counts: "Mapping[str, int]") -> str:
    stand = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no case"
    return f"{row.id}  {row.brand}  {row.state} since {_moment(row)}  {row.title}: {stand}"


def _moment(row: "IncidentRow") -> str:
    since: datetime = row.closed_at or row.opened_at
    return f"{since:%Y-%m-%d %H:%M} UTC"


def _as_json(row: "IncidentRow", counts: "Mapping[str, int]") -> dict[str, Any]:
    return {
        "id": row.id,
        "brand": row.brand,
        "kind": row.kind,
        "title": row.title,
        "state": row.state,
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "cases": dict(counts),
    }
