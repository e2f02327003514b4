"""`deskside staff`: letting people and machines in, and out, from the machine itself."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from server.settings import Settings
    from server.staff.person import Particulars, Person
    from server.staff.roles import Caller, Permission, Role
    from server.staff.tokens import Made

app = typer.Typer(help="The people who work with Deskside, and what they and machines sign in with.")

_Email = Annotated[str, typer.Argument(help="Whose.", metavar="EMAIL")]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of words.")]
_Brands = Annotated[list[str] | None, typer.Option("--brand", help="Give it once for each.")]


@app.command("add")
def add(
    email: Annotated[str, typer.Argument(help="They sign in with it.", metavar="EMAIL")],
    name: Annotated[str, typer.Option(help="What colleagues read.")],
    role: Annotated[str, typer.Option(help="drafts-only, rep, social, supervisor or admin.")],
    brand: _Brands = None,
    language: Annotated[list[str] | None, typer.Option(help="What they read; en if not given.")] = None,
    initials: Annotated[str | None, typer.Option(help="End their replies; else the name's.")] = None,
    time_zone: Annotated[str, typer.Option(help="Such as Europe/London.")] = "UTC",
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password (or read a line of input) instead of a link.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Add somebody, for all brands unless some are named, and print a link with which they sign in once."""
    from server.staff.person import Particulars

    particulars = Particulars(
        name=name,
        role=_role(role),
        brands=frozenset(brand) if brand else None,
        languages=tuple(language) if language else None,
        initials=initials,
        time_zone=time_zone,
    )
    asyncio.run(_add(email, particulars, _read_password() if password else None, as_json))


@app.command("link")
def link(email: _Email, as_json: _Json = False) -> None:
    """Print a new sign-in link for somebody, sign them out everywhere and take their password away."""
    asyncio.run(_link(email, as_json))


@app.command("token")
def token(
    name: Annotated[str, typer.Argument(help="What it is for.", metavar="NAME")],
    person: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Whom it acts as; if not given, it is a machine's.")
    ] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="What it allows; a person's allows all that they may if none is given.")
    ] = None,
    brand: _Brands = None,
    days: Annotated[int, typer.Option(help="How long it lasts.")] = 90,
    as_json: _Json = False,
) -> None:
    """Make a token and print it, this once."""
    if person is not None and brand:
        raise typer.BadParameter("a person's token is for that person's brands", param_hint="--brand")
    if person is None and not (brand and scope):
        raise typer.BadParameter("a machine's token needs --brand and --scope; a person's needs --person")
    asyncio.run(_token(name, person, _scopes(scope), brand or [], timedelta(days=days), as_json))


@app.command("disable")
def disable(email: _Email, as_json: _Json = False) -> None:
    """End everything somebody signs in with, at once. What they did stays theirs."""
    asyncio.run(_set_disabled(email, True, as_json))


@app.command("enable")
def enable(email: _Email, as_json: _Json = False) -> None:
    """Let somebody sign in again."""
    asyncio.run(_set_disabled(email, False, as_json))


@app.command("list")
def list_staff(as_json: _Json = False) -> None:
    """Everybody, one on a line."""
    asyncio.run(_list(as_json))


@dataclass(frozen=True)
class _Office:
    """What every command works with."""

    engine: "AsyncEngine"
    settings: "Settings"
    by: "Caller"
    now: datetime

    def check_brands(self, named: Sequence[str]) -> None:
        unknown = sorted(set(named) - self.by.brands)
        if unknown:
            known = ", ".join(sorted(self.by.brands))
            raise typer.BadParameter(f"{', '.join(unknown)}: the brands are {known}", param_hint="--brand")


@asynccontextmanager
async def _office() -> AsyncIterator[_Office]:
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
        yield _Office(engine, settings, operator(brands), datetime.now(UTC))
    finally:
        await engine.dispose()


async def _add(email: str, particulars: "Particulars", password: str | None, as_json: bool) -> None:
    from dataclasses import replace

    from server.db import writing
    from server.staff.links import make_link
    from server.staff.passwords import check_good_enough, hash_password
    from server.staff.people import add_person
    from server.staff.person import fold_email

    hashed = None
    if password is not None:
        check_good_enough(password, email=fold_email(email))
        hashed = await hash_password(password)
    async with _office() as office:
        office.check_brands(sorted(particulars.brands or ()))
        particulars = replace(particulars, brands=particulars.brands or office.by.brands)
        async with writing(office.engine) as session:
            person = await add_person(
                session, office.by, email=email, particulars=particulars, now=office.now, password_hash=hashed
            )
            made = None if hashed else await make_link(session, person, local=False, now=office.now)
    _show_person(person, "was added", as_json, office.settings, made=made)


async def _link(email: str, as_json: bool) -> None:
    from server.db import writing
    from server.staff.links import begin_anew
    from server.staff.people import get_by_email

    async with _office() as office, writing(office.engine) as session:
        person = await get_by_email(session, office.by, email)
        person, made = await begin_anew(session, office.by, person.id, office.now)
    _show_person(person, "signs in with this link, once", as_json, office.settings, made=made)


async def _token(
    name: str,
    email: str | None,
    scopes: "frozenset[Permission] | None",
    brands: Sequence[str],
    lasts: timedelta,
    as_json: bool,
) -> None:
    from server.db import writing
    from server.staff.links import PersonIsDisabled
    from server.staff.people import get_by_email
    from server.staff.tokens import make_machine, make_personal

    async with _office() as office:
        office.check_brands(brands)
        async with writing(office.engine) as session:
            if email is None:
                made = await make_machine(
                    session, office.by, name=name, scopes=scopes or (), brands=brands, lasts=lasts, now=office.now
                )
            else:
                person = await get_by_email(session, office.by, email)
                if person.disabled_at is not None:
                    raise PersonIsDisabled(f"{person.name} is disabled; enable them first")
                made = await make_personal(session, person, name=name, scopes=scopes, lasts=lasts, now=office.now)
    if as_json:
        from server.staff.views import TokenMade

        typer.echo(TokenMade.first(made, office.by).model_dump_json())
        return
    typer.echo(f"{made.row.id} lasts until {made.row.expires_at:%Y-%m-%d}; it is shown this once:", err=True)
    typer.echo(made.secret)


async def _set_disabled(email: str, disabled: bool, as_json: bool) -> None:
    from server.db import writing
    from server.staff.people import disable_person, enable_person, get_by_email

    async with _office() as office, writing(office.engine) as session:
        person = await get_by_email(session, office.by, email)
        change = disable_person if disabled else enable_person
        person = await change(session, office.by, person.id, office.now)
    words = "is signed out and cannot sign in" if disabled else "can sign in"
    _show_person(person, words, as_json, office.settings)


async def _list(as_json: bool) -> None:
    from server.db import reading
    from server.staff.people import list_people

    async with _office() as office, reading(office.engine) as session:
        people = await list_people(session, office.by)
    if as_json:
        typer.echo(json.dumps([_as_json(person) for person in people], ensure_ascii=False))
        return
    for person in people:
        state = "disabled" if person.disabled_at else "password" if person.has_password else "no password"
        brands = ",".join(sorted(person.brands))
        typer.echo("\t".join((person.email, person.name, person.role, brands, ",".join(person.languages), state)))
    if not people:
        typer.echo("nobody yet; deskside staff add", err=True)


def _show_person(
    person: "Person", words: str, as_json: bool, settings: "Settings", *, made: "Made | None" = None
) -> None:
    from server.staff.links import address_of

    address = None if made is None else address_of(settings.public_url, made.secret)
    if as_json:
        ends = None if made is None or made.row.expires_at is None else made.row.expires_at.isoformat()
        link = {} if address is None else {"link": address, "expires_at": ends}
        typer.echo(json.dumps(_as_json(person) | link, ensure_ascii=False))
        return
    typer.echo(f"{person.name} ({person.role}; {', '.join(sorted(person.brands))}) {words}", err=True)
    typer.echo(address or person.id)


def _as_json(person: "Person") -> dict[str, Any]:
    from server.staff.views import PersonView

    return PersonView.of(person, person.as_caller()).model_dump(mode="json")


def _role(named: str) -> "Role":
    from server.staff.roles import Role

    try:
        return Role(named)
    except ValueError:
        raise typer.BadParameter(f"the roles are {', '.join(Role)}", param_hint="--role") from None


def _scopes(named: list[str] | None) -> "frozenset[Permission] | None":
    from server.staff.roles import Permission

    if not named:
        return None
    unknown = sorted(set(named) - set(Permission))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: scopes are {', '.join(Permission)}", param_hint="--scope")
    return frozenset(map(Permission, named))


def _read_password() -> str:
    """Typed twice and unseen, or a line of input; never an argument, which others of the machine could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed
