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
from server.demo.far_side import FarSide
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.demo import fill_demo_shop
from server.staff.demo import demo_people
from server.web.serving import serve

_DEMO = SHIPPED_KNOWLEDGE / "demo"
# Whoever tries something waits for it.
_IMPATIENT = {"quiet_minutes": 0.0, "poll_seconds": 5.0}
_SEES = {
    "drafts-only": "the inbox, without the button that sends",
    "rep": "the panel beside a call: find a customer, ask, answer",
    "social": "the inbox: posts of four networks, drafts to send",
    "supervisor": "the same inbox, and incidents, transcripts and insights",
    "admin": "settings: people, accounts, limits, the model",
}
_GROWS_OLD = timedelta(hours=20)


def serve_demo(settings: Settings, *, say: Callable[[str], None], report: Callable[[str], None]) -> None:
    """Fill the demo's shop, networks and staff, what of it is not there yet, and serve until told to stop.

    Posts are answered as soon as they come in, unless the settings say otherwise.

    Args:
        settings: What and where.
        say: Is told the sign-in links, once whoever follows one is let in.
        report: Is told in a line what it is doing until then.
    """
    settings = settings.model_copy(
        update={name: value for name, value in _IMPATIENT.items() if name not in settings.model_fields_set}
    )
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
        say(f"Deskside is ready on {address}; the inbox fills in a moment, and a guide on the page leads through it.")
        say("Open one of these links: each works once, on this machine. Not sure? Take the supervisor's.")
        for role, name, link in links:
            say(f"\n  {role:12} {name:16} {_SEES[role]}\n  {link}")

    far_side = FarSide.of(settings.home, _DEMO / "guide.yaml")
    serve(settings, on_listening=on_listening, on_ready=on_ready, far_side=far_side)


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
