"""The demo: two invented brands whose customers are having a bad morning, on networks that are simulated."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from server.channels.accounts import load_accounts, seed_accounts
from server.channels.simulated.inside import file_in
from server.channels.simulated.repository import NetworkPosts
from server.db import open_database, writing
from server.drafts.reading import GoodLine, read_threads
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.demo import fill_demo_shop
from server.shop.invented.world import NOW as DEMO_NOW
from server.staff.demo import demo_people
from server.web.serving import serve

_DEMO = SHIPPED_KNOWLEDGE / "demo"


def serve_demo(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Fill the demo's shop, networks and staff, what of it is not there yet, and serve until told to stop.

    Posts are answered as soon as they come in, unless the settings say how long a customer has to be quiet.
    """
    if "quiet_minutes" not in settings.model_fields_set:
        settings = settings.model_copy(update={"quiet_minutes": 0.0})
    address = f"http://{settings.host}:{settings.port}"
    links = asyncio.run(_fill(settings, address))

    def on_listening(address: str) -> None:
        say(f"Deskside listens on {address}; the inbox fills in a moment. A link for each role, on this machine, once:")
        for role, name, link in links:
            say(f"  {role:12} {name:16} {link}")

    serve(settings, on_listening=on_listening)


async def _fill(settings: Settings, address: str) -> list[tuple[str, str, str]]:
    """Fill what is missing; each person's role, name and sign-in link."""
    now = datetime.now(UTC)
    engine = await open_database(settings.database)
    try:
        await fill_demo_shop(engine, _DEMO)
        entries = load_accounts(settings.knowledge)
        async with writing(engine) as session:
            await seed_accounts(session, entries, now)
        people = await demo_people(engine, now, address=address)
    finally:
        await engine.dispose()
    handles = {(entry.brand, entry.channel): entry.handle.removeprefix("@") for entry in entries}
    lines = (_DEMO / "inbox.jsonl").read_text(encoding="utf-8").split("\n")
    fill_network(settings.home, read_threads(lines, now=DEMO_NOW), handles, now=now)
    return [(str(person.role), person.name, link) for person, link in people]


def fill_network(home: Path, lines: Iterable[object], handles: Mapping[tuple[str, str], str], *, now: datetime) -> None:
    """Post the demo's inbox on this home's simulated network, unless somebody has posted there before.

    The morning is moved to today, so that what is late and what is urgent stays so.
    """
    posts = NetworkPosts(file_in(home))
    try:
        if posts.everything():
            return
        for line in lines:
            if not isinstance(line, GoodLine):
                continue
            handle = handles.get((line.thread.brand or "", line.thread.channel))
            if handle is not None:
                _post(posts, line, handle, now)
    finally:
        posts.close()


def _post(posts: NetworkPosts, line: GoodLine, handle: str, now: datetime) -> None:
    answered: int | None = None
    for post in line.thread.posts:
        by_account = post.role == "brand"
        told = posts.add(
            {
                "network": line.thread.channel,
                "account": handle,
                "in_reply_to": answered,
                "author": handle if by_account else post.author,
                "by_account": by_account,
                "text": post.text,
                "attachments": [{"type": item.type, "alt": item.alt} for item in post.attachments],
                "created_at": (post.created_at + (now - DEMO_NOW)).timestamp(),
            },
            now=now.timestamp(),
            visible_at=now.timestamp(),
        )
        answered = told["id"]
