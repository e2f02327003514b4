"""`deskside privacy`: giving out and erasing what is known of a customer, from the machine itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from server.privacy.subjects import Asked
    from server.settings import Settings
    from server.staff.roles import Caller

app = typer.Typer(help="What is known of a customer: given out, erased.")

_Customer = Annotated[str | None, typer.Option(metavar="ID", help="The shop's id of the customer.")]
_Handles = Annotated[
    list[str] | None, typer.Option("--handle", metavar="CHANNEL:HANDLE", help="A handle, if no customer is known.")
]


@app.command("export")
def export(customer: _Customer = None, handle: _Handles = None) -> None:
    """Print everything that is known of a customer or a handle, as one JSON document."""
    typer.echo(json.dumps(asyncio.run(_export(_asked(customer, handle))), ensure_ascii=False, indent=2))


@app.command("erase")
def erase(
    reason: Annotated[str, typer.Option(help="Why, without their name: it is kept.")] = "",
    customer: _Customer = None,
    handle: _Handles = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be done, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of words.")] = False,
) -> None:
    """Erase a customer, or a handle that is nobody's known, wherever they stand. Nothing brings it back."""
    asked = _asked(customer, handle)
    if dry_run:
        _show(asyncio.run(_preview(asked)), as_json)
        return
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    if not yes:
        _show(asyncio.run(_preview(asked)), False)
        typer.confirm("Erase all of this?", abort=True, err=True)
    _show(asyncio.run(_erase(asked, reason)), as_json)


@app.command("scrub")
def scrub() -> None:
    """Write the SQLite file anew without what was deleted, and empty its log; erasing does it by itself."""
    asyncio.run(_scrub())


def _asked(customer: str | None, handles: list[str] | None) -> "Asked":
    from server.privacy.subjects import Asked

    if customer is None and not handles:
        raise typer.BadParameter("say whom: --customer ID, or --handle CHANNEL:HANDLE")
    pairs = [handle.partition(":") for handle in handles or ()]
    if any(not channel or not name for channel, _, name in pairs):
        raise typer.BadParameter("a handle is named with its channel: x:annwood", param_hint="--handle")
    return Asked(customer, tuple((channel, name) for channel, _, name in pairs))


@asynccontextmanager
async def _office() -> "AsyncIterator[tuple[Settings, AsyncEngine, Caller]]":
    from assistant.guidance import Brand
    from server.db import open_database, reading
    from server.policies.yaml_files import read_entries
    from server.settings import Settings
    from server.staff import repository
    from server.staff.people import operator

    settings = Settings()
    engine = await open_database(settings.database)
    try:
        async with reading(engine) as session:
            brands = await repository.all_brands(session)
        brands |= {brand.id for brand in read_entries(Brand, settings.knowledge / "brands.yaml", "brands")}
        yield settings, engine, operator(brands)
    finally:
        await engine.dispose()


async def _export(asked: "Asked") -> dict[str, Any]:
    from server.audit.ledger import Ledger
    from server.audit.seals import Seals
    from server.privacy.exporting import export

    async with _office() as (settings, engine, caller):
        told = await export(engine, Seals.of_settings(settings), caller, asked, datetime.now(UTC))
        await Ledger.of(settings, lambda: datetime.now(UTC)).place_all(engine)
    return told


async def _preview(asked: "Asked") -> dict[str, Any]:
    from server.audit.seals import Seals
    from server.privacy.erasing import preview

    async with _office() as (settings, engine, caller):
        return await preview(engine, caller, asked, Seals.of_settings(settings))


async def _erase(asked: "Asked", reason: str) -> dict[str, Any]:
    from server.audit.ledger import Ledger
    from server.privacy.erasing import erase

    now = datetime.now(UTC)
    async with _office() as (settings, engine, caller):
        row = await erase(engine, settings, caller, asked, reason=reason, now=now)
        await Ledger.of(settings, lambda: datetime.now(UTC)).place_all(engine)
        await _scrub_now(engine)
    return {"id": row.id, "pseudonym": row.pseudonym} | row.report


async def _scrub() -> None:
    async with _office() as (_, engine, _):
        await _scrub_now(engine)


async def _scrub_now(engine: "AsyncEngine") -> None:
    from server.db import writing
    from server.privacy.scrubbing import note_scrubbed, scrub

    await scrub(engine)
    async with writing(engine) as session:
        await note_scrubbed(session, datetime.now(UTC))


def _show(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    for one in report["tables"]:
        why = f": {one['stays']}" if one["stays"] and one["became"] == "emptied" else ""
        typer.echo(f"{one['rows']:6}  {one['table']:22}  {one['became']}{why}")
    typer.echo(f"{report['files']:6}  files that came with posts")
    if report["handles_left"]:
        typer.echo(f"{report['handles_left']} handles are only possibly theirs and were left: --handle names them")
    for where, count in (report.get("masked") or {}).items():
        typer.echo(f"{count:6}  {where}: no longer named there")
    for where, count in (report.get("elsewhere") or {}).items():
        typer.echo(f"still named in {count} rows of {where}: look at them")
    for table, ids in (report.get("ours") or {}).items():
        typer.echo(f"to be written anew without them: {table} {', '.join(ids)}")
    for kind, ids in report.get("under_way", {}).items():
        typer.echo(f"has to end first: {kind} {', '.join(ids)}")
    typer.echo(report["beyond"])
    if "pseudonym" in report:
        typer.echo(f"erased: {report['id']}; {report['pseudonym']} stands where the id stood")
