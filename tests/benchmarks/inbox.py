"""What a page of the inbox costs with 100,000 drafts in the database, 40,000 of which wait for somebody.

`python -m tests.benchmarks.inbox` prints milliseconds over HTTP as JSON for SQLite and Postgres: the first page, pages
far behind it, and the page of one team, one person, one account, or what is dangerous. One filter each finds much (a
sixth of all drafts) and little (one in a thousand), as the two are different work for a database.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from server.db import open_database, writing
from server.drafts.states import DraftState
from server.models import AccountRow, CaseRow, DraftRow, PostRow, ThreadRow
from tests.benchmarks.serving import KINDS, Served, new_town, print_each, serving, spread
from tests.fixtures.town import ACCOUNT

DRAFTS = 100_000
PAGES = 100
_BRAND = "pine"
_CHUNK = 5_000
_STATES = {DraftState.PENDING: 30, DraftState.HANDED_OVER: 6, DraftState.HELD: 4, DraftState.APPROVED: 30}
_OTHERS = {DraftState.REJECTED: 5, DraftState.NO_REPLY: 5, DraftState.SUPERSEDED: 20}
_TEAMS = ("orders", "payments", "repairs", None, None, None)
_RARE_TEAM, _RARE_ACCOUNT = "privacy", "pine-small"
_RARE = 0.001


async def measure(kind: str) -> dict[str, Any]:
    """Milliseconds of a page, by what is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        async with new_town(kind, Path(folder)) as town:
            await _fill(town.database, someone=next(iter(town.tokens.values()))[0])
            async with serving(town) as served:
                someone = next(iter(town.tokens.values()))[0]
                await served.admin.get("/drafts", limit=50)
                return {
                    "drafts": DRAFTS,
                    "first_page_ms": spread([await _page(served) for _ in range(PAGES)]),
                    "pages_behind_ms": spread(await _walk(served)),
                    "of_a_team_ms": spread([await _page(served, team="payments") for _ in range(PAGES // 2)]),
                    "of_a_small_team_ms": spread([await _page(served, team=_RARE_TEAM) for _ in range(PAGES // 2)]),
                    "of_a_person_ms": spread([await _page(served, assigned_to=someone) for _ in range(PAGES // 2)]),
                    "of_an_account_ms": spread([await _page(served, account=ACCOUNT) for _ in range(PAGES // 2)]),
                    "of_a_small_account_ms": spread(
                        [await _page(served, account=_RARE_ACCOUNT) for _ in range(PAGES // 2)]
                    ),
                    "dangerous_ms": spread([await _page(served, danger=True) for _ in range(PAGES // 2)]),
                }


async def _page(served: Served, **wanted: Any) -> float:
    began = time.perf_counter()
    page = await served.admin.get("/drafts", limit=50, **wanted)
    assert page["items"], wanted
    return (time.perf_counter() - began) * 1000


async def _walk(served: Served) -> list[float]:
    """From page to page."""
    took: list[float] = []
    cursor: str | None = None
    for _ in range(PAGES):
        began = time.perf_counter()
        page = await served.admin.get("/drafts", limit=50, **({"cursor": cursor} if cursor else {}))
        took.append((time.perf_counter() - began) * 1000)
        cursor = page["next"]
    return took


async def _fill(database: str, *, someone: str) -> None:
    """As many drafts as there are to be, each of a case of its own, in all states; the same ones every time."""
    chance, now = random.Random(7), datetime.now(UTC)
    engine = await open_database(database)
    tables = [row.__table__ for row in (ThreadRow, PostRow, CaseRow, DraftRow)]  # type: ignore[attr-defined]
    try:
        async with writing(engine) as session:
            session.add(AccountRow(**_SMALL_ACCOUNT))
        for start in range(0, DRAFTS, _CHUNK):
            made = [_draft(number, chance, now, someone) for number in range(start, start + _CHUNK)]
            async with writing(engine) as session:
                connection = await session.connection()
                for table, rows in zip(tables, zip(*made, strict=True), strict=True):
                    await connection.execute(insert(table), list(rows))
        async with writing(engine) as session:
            # what a database that has grown by itself has long done
            await (await session.connection()).execute(text("ANALYZE"))
    finally:
        await engine.dispose()


def _draft(number: int, chance: random.Random, now: datetime, someone: str) -> Iterator[dict[str, Any]]:
    """The rows of a thread, its post, the case and the draft."""
    at = now - timedelta(minutes=chance.randrange(60 * 24 * 90))
    [state] = chance.choices([*_STATES, *_OTHERS], weights=[*_STATES.values(), *_OTHERS.values()])
    thread, post, case, draft = (f"{name}_{number:08}" for name in ("thread", "post", "case", "draft"))
    author, due = f"person{number}", at + timedelta(hours=3)
    danger = "danger_product" if state is DraftState.HANDED_OVER and chance.random() < 0.2 else None
    written = {"author": author, "folded_author": author, "thread": thread}
    team = _RARE_TEAM if chance.random() < _RARE else chance.choice(_TEAMS)
    assigned_to = someone if chance.random() < 0.02 else None
    account = {"account": _RARE_ACCOUNT if chance.random() < _RARE else ACCOUNT}
    yield {**_OURS, **account, "id": thread, "network_id": str(number), "created_at": at}
    yield {**_POST, **account, **written, "id": post, "network_id": str(number), "sent_at": at, "received_at": at}
    yield {
        **_CASE,
        **account,
        **written,
        **{"id": case, "due_at": due, "danger": danger, "opened_at": at, "updated_at": at},
        **{"team": team, "assigned_to": assigned_to},
    }
    yield {
        **_DRAFT,
        **account,
        **{"id": draft, "case": case, "target_post": post, "state": state.value, "danger": danger},
        **{"case_team": team, "assigned_to": assigned_to},
        **{"due_at": due, "created_at": at, "updated_at": at},
        "rank": 0 if danger else chance.choice((1, 2, 2, 2)),
    }


_TOLD = "My tent, which I bought in May, leaks at the seams. What can I do about it?"
_ANSWER = "We are sorry to hear that. Tents have two years of warranty; send us a picture of the seam."
_OURS = {"brand": _BRAND, "account": ACCOUNT}
_ANY: dict[str, Any] = {"id": "", **_OURS}
_NOW = datetime.now(UTC)
_SMALL_ACCOUNT: dict[str, Any] = {
    "id": _RARE_ACCOUNT, "brand": _BRAND, "channel": "x", "adapter": "simulated", "handle": "PineSmall", "settings": {},
    "hours": {}, "created_at": _NOW, "removed_at": _NOW,
}  # fmt: skip
_POST = PostRow(
    **_ANY, thread="", network_id="", author="", folded_author="", role="customer", text=_TOLD, sent_at=_NOW,
    received_at=_NOW,
).model_dump()  # fmt: skip
_CASE = CaseRow(**_ANY, thread="", author="", folded_author="", opened_at=_NOW, updated_at=_NOW).model_dump()
_DRAFT = DraftRow(
    **_ANY, case="", state="", target_post="", target_version=1, created_at=_NOW, updated_at=_NOW, outcome="draft",
    language="en", public_text=_ANSWER, claims=[{"sentence": _ANSWER, "evidence": ["E1"]}], findings=[],
    written_by="composer", record={"events": [{"kind": "step", "words": _TOLD} for _ in range(20)]},
).model_dump()  # fmt: skip


if __name__ == "__main__":
    asyncio.run(print_each(measure, sys.argv[1:] or KINDS))
