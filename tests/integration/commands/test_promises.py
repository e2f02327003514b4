"""`deskside promises list`: what is owed, without anything that serves."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from server.db import open_database, writing
from server.models import PromiseRow
from server.settings import Settings
from tests.integration.commands.conftest import Run


async def _put_in() -> None:
    engine = await open_database(Settings().database)
    now = datetime.now(UTC)
    owed = {
        "later": (timedelta(days=2), "open"),
        "overdue": (timedelta(days=-1), "open"),
        "kept": (timedelta(days=-3), "kept"),
    }
    async with writing(engine) as session:
        for name, (due, state) in owed.items():
            row = PromiseRow(
                id=f"promise_{name}",
                brand="pine",
                author="ada",
                what=f"We'll see to it {name}.",
                order_id="P-1001",
                made_at=now - timedelta(days=4),
                due=now + due,
                state=state,
            )
            session.add(row)
    await engine.dispose()


def test_what_is_owed_is_listed_the_overdue_first(deskside: Run):
    none = deskside("promises", "list")
    assert (none.code, none.out, none.err) == (0, "", "nothing is owed\n")
    asyncio.run(_put_in())
    overdue, later = deskside("promises", "list").out.splitlines()
    assert "overdue since" in overdue
    assert "@ada (P-1001): We'll see to it overdue." in overdue
    assert later.startswith("promise_later  due ")
    told = json.loads(deskside("promises", "list", "--settled", "--json").out)
    assert [row["id"] for row in told] == ["promise_kept", "promise_overdue", "promise_later"]
    assert [row["id"] for row in json.loads(deskside("promises", "list", "--overdue", "--json").out)] == [
        "promise_overdue"
    ]
    assert json.loads(deskside("promises", "list", "--brand", "tarnlight", "--json").out) == []
