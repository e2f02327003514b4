"""`deskside incidents list`: what is open, without anything that serves."""

import asyncio
import json
from datetime import UTC, datetime

from server.db import open_database, writing
from server.models import IncidentRow
from server.settings import Settings
from tests.integration.commands.conftest import Run

MATCH = {"intents": ["is_it_down"], "words": [], "accounts": [], "since": None, "like": [], "likeness": 0.9}


async def _put_in() -> None:
    engine = await open_database(Settings().database)
    async with writing(engine) as session:
        for name, state in (("one", "open"), ("two", "closed")):
            row = IncidentRow(
                id=f"incident_{name}",
                brand="fernhollow",
                title=f"Outage {name}",
                state=state,
                match=MATCH,
                opened_by="staff_1",
                opened_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
            )
            session.add(row)
    await engine.dispose()


def test_open_incidents_are_listed_and_closed_ones_when_asked_for(deskside: Run):
    none = deskside("incidents", "list")
    assert (none.code, none.out, none.err) == (0, "", "no incident is open\n")
    asyncio.run(_put_in())
    assert "Outage one: no case" in deskside("incidents", "list").out
    assert "Outage two" not in deskside("incidents", "list").out
    told = json.loads(deskside("incidents", "list", "--closed", "--json").out)
    assert [row["title"] for row in told] == ["Outage two", "Outage one"]
    assert json.loads(deskside("incidents", "list", "--brand", "tarnlight", "--json").out) == []
