"""The demo: two invented brands whose customers are having a bad morning, on networks that are simulated."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.audit.seals import Seals
from server.channels.accounts import load_accounts, seed_accounts
from server.channels.repository import list_accounts
from server.channels.simulated.demo import post_inbox
from server.channels.simulated.inside import file_in
from server.db import open_database, writing
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.demo import fill_demo_shop
from server.staff.demo import demo_people
from server.web.serving import serve

_DEMO = SHIPPED_KNOWLEDGE / "demo"
_GROWS_OLD = timedelta(hours=20)


def serve_demo(settings: Settings, *, say: Callable[[str], None], report: Callable[[str], None]) -> None:
    """Fill the demo's shop, networks and staff, what of it is not there yet, and serve until told to stop.

    Posts are answered as soon as they come in, unless the settings say how long a customer has to be quiet.

    Args:
        settings: What and where.
        say: Is told the sign-in links, once whoever follows one is let in.
        report: Is told in a line what it is doing until then.
    """
    if "quiet_minutes" not in settings.model_fields_set:
        settings = settings.model_copy(update={"quiet_minutes": 0.0})
    address = f"http://{settings.host}:{settings.port}"
    report("Filling the demo's shop, networks and staff …")
    links = asyncio.run(_fill(settings, address))
    if _is_old(settings.home):
        report(f"This demo began a while ago and goes on; without the folder {settings.home} it would begin anew.")

    def on_listening(address: str) -> None:
        report(
            f"Listening on {address}, reading the policies and warming up; the sign-in links come when it is ready …"
        )

    def on_ready(address: str) -> None:
        say(
            f"Deskside is ready on {address}; the inbox fills in a moment. A link for each role, on this machine, once:"
        )
        for role, name, link in links:
            say(f"  {role:12} {name:16} {link}")

    serve(settings, on_listening=on_listening, on_ready=on_ready)


def _is_old(home: Path) -> bool:
    now = datetime.now(UTC)
    return now - _beginning(home, now) > _GROWS_OLD


async def _fill(settings: Settings, address: str) -> list[tuple[str, str, str]]:
    """Fill what is missing; each person's role, name and sign-in link."""
    now = datetime.now(UTC)
    began = _beginning(settings.home, now)
    engine = await open_database(settings.database)
    try:
        await fill_demo_shop(engine, _DEMO, Seals.of_settings(settings), now=began)
        async with writing(engine) as session:
            await seed_accounts(session, load_accounts(settings.knowledge), now)
            accounts = await list_accounts(session)
        people = await demo_people(engine, now, address=address)
    finally:
        await engine.dispose()
    post_inbox(file_in(settings.home), _DEMO / "inbox.jsonl", accounts, now=began)
    return [(str(person.role), person.name, link) for person, link in people]


def _beginning(home: Path, now: datetime) -> datetime:
    """The moment that the demo's world was made for: now, the first time."""
    file = home / "demo-began"
    if not file.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(now.isoformat(timespec="seconds"), encoding="utf-8")
    return datetime.fromisoformat(file.read_text(encoding="utf-8"))
