"""`deskside pause` and `deskside restored`: holding what would be sent, from the machine itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from server.models import PauseRow
    from server.publications.pausing import Held
    from server.settings import Settings

app = typer.Typer(help="Hold what would be sent.", invoke_without_command=True)

_MACHINE = "machine"
_Pause = Annotated[str, typer.Argument(help="Its id.", metavar="PAUSE")]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of words.")]


@app.callback()
def pause(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Everything.")] = False,
    channel: Annotated[str | None, typer.Option(help="All accounts on a channel: x, bluesky, mastodon, …")] = None,
    account: Annotated[str | None, typer.Option(help="One account, by its id.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand's; else every brand's.")] = None,
    reason: Annotated[str, typer.Option(help="For everybody who wonders.")] = "paused on the machine",
    as_json: _Json = False,
) -> None:
    """Let nothing more be sent: --all, of a --channel, or of an --account. Without any, show what is paused.

    Drafting and approving go on. `deskside pause lift PAUSE` ends a pause, after showing what it holds.
    """
    if context.invoked_subcommand is not None:
        return
    scopes = [
        *(["all"] if everything else []),
        *([f"channel:{channel}"] if channel is not None else []),
        *([f"account:{account}"] if account is not None else []),
    ]
    if len(scopes) > 1:
        raise typer.BadParameter("give one of --all, --channel and --account")
    if not scopes:
        asyncio.run(_show(as_json))
    else:
        asyncio.run(_pause(scopes[0], brand, reason, as_json))


@app.command("held")
def held(pause: _Pause, as_json: _Json = False) -> None:
    """What a pause keeps from being sent."""
    asyncio.run(_held(pause, as_json))


@app.command("lift")
def lift(
    pause: _Pause,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show what a pause holds, ask, and let it be sent; what is too old goes back to review."""
    asyncio.run(_lift(pause, yes))


def restored(as_json: _Json = False) -> None:
    """Say that the database was put back from a backup; before anything serves it.

    Pauses everything, and has every answer to what was posted before this moment looked for on its network before it is
    sent: it may have been sent after the backup was made. docs/operating.md tells the rest.
    """
    asyncio.run(_restored(as_json))


async def _restored(as_json: bool) -> None:
    from server.audit.ledger import Ledger
    from server.db import writing
    from server.publications.restoring import note_restoring

    async with _database() as (settings, engine), writing(engine) as session:
        found = await note_restoring(session, datetime.now(UTC))
        await Ledger.of(settings, lambda: datetime.now(UTC)).set_head_aside(session)
    known = found.known_until
    if as_json:
        told = {"pause": found.pause.id, "known_until": known and known.isoformat()}
        typer.echo(json.dumps(told | {"to_send": found.to_send, "to_decide": found.to_decide}))
        return
    typer.echo(f"the last thing known here happened {f'{known:%Y-%m-%d %H:%M} UTC' if known else 'never'}")
    typer.echo(
        f"{found.to_send} approved texts wait to be sent, {found.to_decide} drafts for a decision: each is looked for "
        "on its network before it is sent; where that cannot be searched, it waits for a person's word"
    )
    typer.echo(f"everything is paused; once you have looked: deskside pause lift {found.pause.id}")


async def _pause(scope: str, brand: str | None, reason: str, as_json: bool) -> None:
    from server.db import writing
    from server.publications import pausing

    async with _database() as (_, engine), writing(engine) as session:
        brands = None if brand is None else {brand}
        rows = await pausing.pause(session, scope, brands=brands, by=_MACHINE, reason=reason, now=datetime.now(UTC))
        _print(rows, as_json)


async def _show(as_json: bool) -> None:
    from server.db import reading
    from server.publications import pausing

    async with _database() as (_, engine), reading(engine) as session:
        _print(await pausing.list_pauses(session, brands=None), as_json)


async def _held(pause_id: str, as_json: bool) -> None:
    async with _database() as (settings, engine):
        found = await _read_held(settings, engine, pause_id)
    for item in found:
        typer.echo(json.dumps(_held_as_json(item)) if as_json else _held_in_words(item))
    typer.echo(_sum_up(found), err=True)


async def _lift(pause_id: str, yes: bool) -> None:
    from server.db import writing
    from server.publications import pausing

    async with _database() as (settings, engine):
        found = await _read_held(settings, engine, pause_id)
        for item in found:
            typer.echo(_held_in_words(item))
        typer.echo(_sum_up(found), err=True)
        if not yes:
            typer.confirm("Send them?" if found else "Lift the pause?", abort=True, err=True)
        async with writing(engine) as session:
            await pausing.lift(
                session,
                pause_id,
                seen=[item.publication.id for item in found],
                brands=None,
                by=_MACHINE,
                now=datetime.now(UTC),
                too_old=timedelta(minutes=settings.too_old_minutes),
            )


async def _read_held(settings: "Settings", engine: "AsyncEngine", pause_id: str) -> "Sequence[Held]":
    from server.db import reading
    from server.publications import pausing

    async with reading(engine) as session:
        row = await pausing.get_pause(session, pause_id, brands=None)
        too_old = timedelta(minutes=settings.too_old_minutes)
        return await pausing.held_by(session, row, datetime.now(UTC), too_old=too_old, brands=None)


@asynccontextmanager
async def _database() -> "AsyncIterator[tuple[Settings, AsyncEngine]]":
    from server.db import open_database
    from server.settings import Settings

    settings = Settings()
    engine = await open_database(settings.database)
    try:
        yield settings, engine
    finally:
        await engine.dispose()


def _print(rows: "Sequence[PauseRow]", as_json: bool) -> None:
    for row in rows:
        if as_json:
            typer.echo(row.model_dump_json())
        else:
            whose = row.brand or "every brand"
            typer.echo(f"{row.id}  {row.scope}  {whose}  since {row.paused_at:%Y-%m-%d %H:%M} UTC  {row.reason}")
    if not rows:
        typer.echo("nothing is paused", err=True)


def _held_in_words(item: "Held") -> str:
    row = item.publication
    old = "  too old: goes back to review" if item.too_old else ""
    return f"{row.id}  {row.account}  {row.part}  to @{row.recipient}  due {row.send_after:%Y-%m-%d %H:%M} UTC{old}"


def _held_as_json(item: "Held") -> dict[str, object]:
    row = item.publication
    due = row.send_after.isoformat()
    return {"id": row.id, "account": row.account, "part": row.part, "due": due, "too_old": item.too_old}


def _sum_up(found: "Sequence[Held]") -> str:
    old = sum(item.too_old for item in found)
    return f"{len(found)} held" + (f", {old} of them too old to be sent" if old else "")
