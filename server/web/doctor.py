"""`deskside doctor`: everything Deskside needs, looked at without changing anything."""

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from server.channels.adapters import ADAPTERS
from server.channels.addresses import NotReachable, Reach
from server.channels.repository import list_accounts
from server.db import connect, is_migrated, reading
from server.errors import Refused
from server.models import AccountRow
from server.policies.holder import find_holder
from server.policies.repository import all_documents
from server.secret import NoOldSecret, Secret, SecretTooShort
from server.settings import SecretFileUnreadable, Settings
from server.shop.freshness import Freshness
from server.shop.repository import last_import
from server.staff.repository import all_brands, find_people
from server.web.figures_repository import database_time
from tools.ports import Outage

_LEAST_FREE = 1_000_000_000
_FARTHEST_OFF = timedelta(seconds=30)
_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at, how it is, and, if `wrong`, what to do."""

    about: str
    words: str
    wrong: bool = False

    def __str__(self) -> str:
        return f"{'wrong' if self.wrong else 'ok':5}  {self.about:10}  {self.words}"


async def examine(settings: Settings | None = None) -> list[Line]:
    """One line for each thing, the settings first; without them nothing else can be looked at.

    Args:
        settings: Those of a process that runs; left out, they are read as one that starts would read them.
    """
    try:
        settings = settings or Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        return [Line("settings", f"{wrong}; docs/settings.md lists them", wrong=True)]
    except SecretFileUnreadable as error:
        return [Line("settings", str(error), wrong=True)]
    lines = [Line("settings", f"read; home {settings.home.resolve()}")]
    lines.extend(_look_at_files(settings))
    async for line in _look_at_database(settings):
        lines.append(line)
    lines.append(await _look_at_index(settings))
    for name, look in (("model", _look_at_model), ("vectors", _look_at_vectors)):
        lines.append(await _safely(name, look, settings))
    return lines


def _look_at_files(settings: Settings) -> Iterator[Line]:
    if not settings.knowledge.is_dir():
        yield Line("knowledge", f"there is no folder {settings.knowledge}; set DESKSIDE_KNOWLEDGE", wrong=True)
    yield _look_at_secrets(settings)
    place = next(folder for folder in (settings.home, *settings.home.resolve().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    words = f"{free / 1e9:.1f} GB free where the home is"
    yield Line("disk", words if free >= _LEAST_FREE else f"{words}; make room", wrong=free < _LEAST_FREE)


def _look_at_secrets(settings: Settings) -> Line:
    try:
        Secret.before(settings)
        if settings.secret is not None:
            Secret.of(settings)
    except (SecretTooShort, NoOldSecret) as error:
        return Line("secrets", str(error), wrong=True)
    private = (settings.home, settings.home / "secret", settings.home / "serving.json")
    open_to_others = [path for path in private if path.exists() and _is_open(path)]
    if open_to_others:
        named = " ".join(map(str, open_to_others))
        return Line("secrets", f"others on this machine can read it: chmod go= {named}", wrong=True)
    return Line("secrets", "nobody else on this machine can read them")


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


async def _look_at_database(settings: Settings) -> AsyncIterator[Line]:
    if isinstance(settings.database, Path) and not settings.database.exists():
        yield Line("database", "none yet; `deskside serve` or `deskside import` makes it")
        return
    engine = connect(settings.database)
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            migrated = await is_migrated(engine)
        yield Line("database", f"answers ({engine.dialect.name})")
        words = "up to date" if migrated else "not up to date; starting `deskside serve` brings it there"
        yield Line("migrations", words, wrong=not migrated)
        if migrated:
            yield await _look_at_clock(engine)
            yield await _look_at_shop(engine, settings)
            yield await _look_at_accounts(engine, Reach.of(settings.private_hosts))
            yield await _look_at_staff(engine)
            yield await _look_at_documents(engine)
    except (TimeoutError, OSError, SQLAlchemyError) as error:
        yield Line("database", f"does not answer ({type(error).__name__}); look at DESKSIDE_DATABASE_URL", wrong=True)
    finally:
        await engine.dispose()


async def _look_at_clock(engine: AsyncEngine) -> Line:
    async with reading(engine) as session:
        there = await database_time(session)
    return _compare_clocks(there, "the database's")


def _compare_clocks(there: datetime, whose: str) -> Line:
    off = abs(datetime.now(UTC) - there)
    words = f"{off.total_seconds():.0f} s off {whose}"
    if off > _FARTHEST_OFF:
        return Line("clock", f"{words}; leases and signatures rest on it: set up time synchronisation", wrong=True)
    return Line("clock", words)


async def _look_at_shop(engine: AsyncEngine, settings: Settings) -> Line:
    now = datetime.now(UTC)
    async with reading(engine) as session:
        imported = await last_import(session)
        outage = await Freshness.of_hours(settings.shop_stale_hours).too_old(session, now)
    if imported is None:
        return Line("shop", "nothing imported yet; `deskside import` brings its records")
    words = Outage("orders", as_of=imported).words(now)
    if outage is not None:
        return Line("shop", f"{words}: too old, so no draft speaks of them; `deskside import`", wrong=True)
    return Line("shop", words)


async def _look_at_accounts(engine: AsyncEngine, reach: Reach) -> Line:
    async with reading(engine) as session:
        accounts = await list_accounts(session)
    unknown = sorted(account.id for account in accounts if account.adapter not in ADAPTERS)
    if unknown:
        return Line("accounts", f"nothing speaks to {', '.join(unknown)}; `deskside channels list`", wrong=True)
    inside = [account.id for account in accounts if not await _may_be_called(account, reach)]
    if inside:
        words = f"no text is sent to {', '.join(inside)}: not a public address; DESKSIDE_PRIVATE_HOSTS lists your own"
        return Line("accounts", words, wrong=True)
    if not accounts:
        return Line("accounts", "none, so no posts come in; `deskside channels add`", wrong=True)
    return Line("accounts", f"{len(accounts)} on {len({account.channel for account in accounts})} channels")


async def _may_be_called(account: AccountRow, reach: Reach) -> bool:
    try:
        if url := account.settings.get("url"):
            await reach.check(str(url))
    except NotReachable:
        return False
    return True


async def _look_at_staff(engine: AsyncEngine) -> Line:
    async with reading(engine) as session:
        people = [
            row for row, _ in await find_people(session, brands=await all_brands(session)) if row.disabled_at is None
        ]
    if not any(row.role == "admin" for row in people):
        return Line("staff", "no admin can sign in; `deskside staff add EMAIL --name NAME --role admin`", wrong=True)
    return Line("staff", f"{len(people)} can sign in")


async def _look_at_documents(engine: AsyncEngine) -> Line:
    async with reading(engine) as session:
        rows = await all_documents(session)
    differing = sorted(row.id for row in rows.values() if row.file_differs)
    if differing:
        words = f"the database counts, and the folder's files say something else of: {', '.join(differing)}"
        return Line("documents", f"{words}; `deskside knowledge export` writes them as they count")
    return Line("documents", f"{len(rows)}; none says something else than its file")


async def _look_at_index(settings: Settings) -> Line:
    if settings.chroma_url is not None:
        return await _safely("index", _look_at_chroma, settings)
    holder = find_holder(settings.home)
    if holder is not None:
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as http:
                parts = (await http.get(f"{holder.address}/readyz")).json()["parts"]
        except (httpx.HTTPError, KeyError, ValueError):
            return Line("index", "free; a serving process has ended without a word, which is no harm")
        wrong = {name: state for name, state in parts.items() if state != "ok"}
        said = ", ".join(f"{name}: {state}" for name, state in wrong.items()) or "all of it works"
        return Line("index", f"held by the serving process {holder.pid} at {holder.address}; {said}", wrong=bool(wrong))
    if not settings.index.exists():
        return Line("index", "none yet; `deskside knowledge index` or `deskside serve` makes it")
    return Line("index", "there, and nobody serves it now")


async def _look_at_chroma(settings: Settings) -> Line:
    async with httpx.AsyncClient(timeout=_TIMEOUT_S) as http:
        answer = await http.get(f"{settings.chroma_url}/api/v2/heartbeat")
    answer.raise_for_status()
    return Line("index", f"Chroma answers at {settings.chroma_url}")


async def _look_at_model(settings: Settings) -> Line:
    if settings.model is None:
        return Line("model", "none configured: the composer writes every draft (DESKSIDE_MODEL names one)")
    base = settings.openai_base_url or "https://api.openai.com/v1"
    key = settings.openai_api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    async with httpx.AsyncClient(timeout=_TIMEOUT_S, headers=headers) as http:
        answer = await http.get(f"{base.rstrip('/')}/models")
    if answer.status_code in (401, 403):
        return Line("model", f"{base} refuses the key; set OPENAI_API_KEY", wrong=True)
    if "date" in answer.headers:
        clock = _compare_clocks(parsedate_to_datetime(answer.headers["date"]), "the model endpoint's")
        if clock.wrong:
            return clock
    return Line("model", f"{base} answers; drafts are written by {settings.model}")


async def _look_at_vectors(settings: Settings) -> Line:
    if settings.embedding_model is None:
        return Line("vectors", "worked out on this machine")
    base = settings.embedding_base_url or settings.openai_base_url or "https://api.openai.com/v1"
    async with httpx.AsyncClient(timeout=_TIMEOUT_S) as http:
        await http.get(f"{base.rstrip('/')}/models")
    return Line("vectors", f"{base} answers; {settings.embedding_model}")


async def _safely(name: str, look: Callable[[Settings], Awaitable[Line]], settings: Settings) -> Line:
    try:
        return await look(settings)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, Refused) as error:
        return Line(
            name, f"does not answer ({type(error).__name__}); is its address right, and does it run?", wrong=True
        )
