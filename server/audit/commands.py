"""`deskside audit`: reading the chain, and looking whether it is whole."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from server.audit.verifying import Verified
    from server.audit.views import AuditEntry

app = typer.Typer(help="Who did what to which record, and whether anything of it was changed.")

_Json = Annotated[bool, typer.Option("--json", help="JSON instead of words.")]


@app.command("list")
def list_rows(
    kind: Annotated[str | None, typer.Option(help="A kind, or what stands before its dot.")] = None,
    subject: Annotated[str | None, typer.Option(help="A record's id.")] = None,
    by: Annotated[str | None, typer.Option(help="A person's or a machine's id.")] = None,
    customer: Annotated[str | None, typer.Option(help="Rows that name this customer.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand's, and those of none.")] = None,
    limit: Annotated[int, typer.Option(help="The most.", min=1)] = 100,
    as_json: _Json = False,
) -> None:
    """The newest rows, one on a line, the newest first."""
    for entry in asyncio.run(_read(kind, subject, by, customer, brand, limit)):
        typer.echo(entry.model_dump_json() if as_json else _line(entry))


@app.command("verify")
def verify(
    head: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER:SEAL", help="A head that was noted, from the log for instance.")
    ] = None,
    old_secret: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Holds a DESKSIDE_SECRET that was used before, besides those of DESKSIDE_OLD_SECRETS."
        ),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Look at every row and at the head outside the database; exit 1 if anything is not as it was written."""
    found = asyncio.run(_verify(list(map(_noted, head or ())), old_secret or ()))
    if as_json:
        typer.echo(json.dumps(_as_json(found)))
    else:
        _tell(found)
    raise typer.Exit(0 if found.whole else 1)


def _noted(head: str) -> tuple[int, str]:
    number, _, seal = head.partition(":")
    if not number.isdigit() or not seal:
        raise typer.BadParameter("a head is the number of a row and its seal: 4711:5f0c…", param_hint="--head")
    return int(number), seal


async def _read(
    kind: str | None, subject: str | None, by: str | None, customer: str | None, brand: str | None, limit: int
) -> "list[AuditEntry]":
    from server.audit import repository
    from server.audit.seals import Seals
    from server.audit.views import AuditEntry
    from server.db import open_database, reading
    from server.settings import Settings
    from server.staff.naming import names_of

    settings = Settings()
    digests = Seals.of_settings(settings).pseudonyms("customer", customer) if customer else None
    wanted = repository.Wanted(None if brand is None else {brand}, kind, subject, by, digests)
    engine = await open_database(settings.database)
    try:
        async with reading(engine) as session:
            rows = await repository.list_rows(session, wanted, before=None, limit=limit)
            names = await names_of(session, [row.caller for row in rows])
    finally:
        await engine.dispose()
    return [AuditEntry.of(row, names) for row in rows]


async def _verify(noted: Sequence[tuple[int, str]], old_secrets: Sequence[Path]) -> "Verified":
    from server.audit.head import HeadFile
    from server.audit.seals import Seals
    from server.audit.verifying import verify
    from server.db import open_database
    from server.settings import Settings

    settings = Settings()
    seals = Seals.of_settings(settings, old_secrets=old_secrets)
    engine = await open_database(settings.database)
    try:
        file = HeadFile(settings.audit_head_file, seals)
        return await verify(engine, seals, file, now=datetime.now(UTC), noted=noted)
    finally:
        await engine.dispose()


def _tell(found: "Verified") -> None:
    for problem in found.problems:
        typer.echo(problem.words)
    if found.count > len(found.problems):
        typer.echo(f"… and {found.count - len(found.problems)} more")
    for note in found.notes:
        typer.echo(note.words, err=True)
    if found.waiting:
        typer.echo(f"{found.waiting} events have no row yet; a process that serves or works gives them one", err=True)
    rows = f"{found.rows} rows, {found.first} to {found.last}" if found.rows else "no rows yet"
    typer.echo(f"{rows}: {'whole' if found.whole else f'{found.count} problems'}")


def _as_json(found: "Verified") -> dict[str, object]:
    return {
        "whole": found.whole,
        "rows": found.rows,
        "first": found.first,
        "last": found.last,
        "waiting": found.waiting,
        "problems": [{"number": one.number, "words": one.words} for one in found.problems],
        "more_problems": found.count - len(found.problems),
        "notes": [{"number": one.number, "words": one.words} for one in found.notes],
    }


def _line(entry: "AuditEntry") -> str:
    who = (entry.by.name or entry.by.id) if entry.by else "Deskside"
    facts = " ".join(f"{name}={json.dumps(value)}" for name, value in entry.facts.items())
    when = f"{entry.at:%Y-%m-%d %H:%M:%S}"
    return "  ".join((str(entry.number), when, entry.brand or "-", entry.kind, entry.subject, who, facts))
