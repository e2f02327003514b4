"""`deskside channels`: the accounts that Deskside speaks as."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from server.models import AccountRow
    from server.settings import Settings

app = typer.Typer(help="The accounts that Deskside speaks as.")

_Account = Annotated[str, typer.Argument(help="Its id.", metavar="ACCOUNT")]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of words.")]


@app.command("add")
def add(
    account: _Account,
    brand: Annotated[str, typer.Option(help="Whose account it is.")],
    channel: Annotated[str, typer.Option(help="Whose rules count characters: x, bluesky, mastodon, …")],
    handle: Annotated[str, typer.Option(help="Its name on the channel.")],
    adapter: Annotated[str, typer.Option(help="What speaks to it: webhook or simulated.")] = "webhook",
    url: Annotated[str | None, typer.Option(help="Where texts are sent to, or where the network is.")] = None,
    hours: Annotated[
        Path | None, typer.Option(help="A YAML file with its opening hours (docs/channels.md).", metavar="FILE")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Speak as another account, and print the secret with which its webhook signs."""
    fields: dict[str, object] = {
        "id": account,
        "brand": brand,
        "channel": channel,
        "handle": handle,
        "adapter": adapter,
        "settings": {"url": url} if url else {},
    }
    asyncio.run(_add(fields, hours, as_json))


@app.command("list")
def list_accounts(as_json: _Json = False) -> None:
    """Every account, one on a line."""
    asyncio.run(_list(as_json))


@app.command("remove")
def remove(account: _Account) -> None:
    """Take nothing in and send nothing out for an account any more; what there is stays to be read."""
    asyncio.run(_remove(account))


@app.command("secret")
def secret(
    account: _Account,
    renew: Annotated[bool, typer.Option("--renew", help="Make a new one; the old one counts no longer.")] = False,
) -> None:
    """Print the secret with which an account's webhook signs."""
    asyncio.run(_secret(account, renew))


@dataclass(frozen=True)
class _Desk:
    engine: "AsyncEngine"
    settings: "Settings"
    now: datetime

    def secret_of(self, row: "AccountRow") -> str:
        from server.channels.signatures import secret_of
        from server.secret import Secret

        return secret_of(row, Secret.of(self.settings).derive)

    def where(self, row: "AccountRow") -> str:
        return f"{self.settings.public_url.rstrip('/')}/api/v1/webhooks/{row.id}"


@asynccontextmanager
async def _open() -> AsyncIterator[_Desk]:
    from server.db import open_database
    from server.settings import Settings

    settings = Settings()
    engine = await open_database(settings.database)
    try:
        yield _Desk(engine, settings, datetime.now(UTC))
    finally:
        await engine.dispose()


async def _add(fields: dict[str, object], hours: Path | None, as_json: bool) -> None:
    from pydantic import ValidationError

    from server.channels.accounts import AccountEntry, add_account, check_address
    from server.channels.addresses import Reach
    from server.channels.polling import start_polling
    from server.db import writing
    from server.policies.yaml_files import read_yaml_file

    if hours is not None:
        told = read_yaml_file(hours)
        if told is None:
            raise typer.BadParameter(f"there is no file {hours}", param_hint="--hours")
        fields["hours"] = told.data
    try:
        entry = AccountEntry.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise typer.BadParameter(first["msg"], param_hint=".".join(map(str, first["loc"]))) from None
    async with _open() as desk:
        _check_brand(desk.settings, entry.brand)
        await check_address(entry, Reach.of(desk.settings.private_hosts))
        async with writing(desk.engine) as session:
            row = await add_account(session, entry, desk.now)
            await start_polling(session, [row], desk.now)
        if as_json:
            told_row = {"id": row.id, "webhook": desk.where(row), "secret": desk.secret_of(row)}
            typer.echo(json.dumps(told_row))
            return
        typer.echo(f"{row.id} was added; it is told what happens at {desk.where(row)}, signed with:", err=True)
        typer.echo(desk.secret_of(row))


def _check_brand(settings: "Settings", brand: str) -> None:
    from server.policies.files import load_guidance

    known = sorted(one.id for one in load_guidance(settings.knowledge).brands)
    if known and brand not in known:
        raise typer.BadParameter(f"{brand}: the brands are {', '.join(known)}", param_hint="--brand")


async def _list(as_json: bool) -> None:
    from server.channels.repository import list_accounts
    from server.channels.views import AccountView
    from server.db import reading

    async with _open() as desk:
        async with reading(desk.engine) as session:
            rows = await list_accounts(session)
        if as_json:
            typer.echo(json.dumps([AccountView.of(row, desk.now).model_dump(mode="json") for row in rows]))
            return
        for row in rows:
            typer.echo(f"{row.id:28} {row.brand:14} {row.channel:12} {row.adapter:10} @{row.handle}")


async def _remove(account: str) -> None:
    from server.channels.accounts import remove_account
    from server.db import writing

    async with _open() as desk, writing(desk.engine) as session:
        row = await remove_account(session, account, desk.now)
    typer.echo(f"{row.id} was removed", err=True)


async def _secret(account: str, renew: bool) -> None:
    from server.channels.accounts import get_account, renew_secret
    from server.db import reading, writing

    async with _open() as desk:
        if renew:
            async with writing(desk.engine) as session:
                row = await renew_secret(session, account, desk.now)
        else:
            async with reading(desk.engine) as session:
                row = await get_account(session, account)
        typer.echo(desk.secret_of(row))
