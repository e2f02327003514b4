"""Places over HTTP: the shipped ones in the database, and drafts that name them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.destinations.kept import KeptDestinations
from server.destinations.seeding import load_entries, seed_destinations
from server.drafts.falling import recheck
from server.models import DraftRow
from server.policies.files import DestinationEntry
from server.policies.seeded import Seeded
from server.settings import SHIPPED_KNOWLEDGE
from server.staff.roles import Caller, Role
from server.web.dependencies import caller_of
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.http import Desk, over_http
from tools.ports import Ports

HEAD = person("supervisor")
REP = person("rep", Role.REP)
EVERYBODYS = person("admin", Role.ADMIN, brands=("fernhollow", "tarnlight"))
THEIRS = person("supervisor-2", brands=("tarnlight",))
RECOVERY = "fernhollow-account_recovery-en"
HACKED = "@FernhollowHelp my account was hacked and I cannot log in any more"
NEW = {
    "id": "fernhollow-help_centre-en-us",
    "kind": "help_centre",
    "brand": "fernhollow",
    "language": "en",
    "target": "https://www.fernhollow.example/us/help",
    "label": "Help centre (US)",
    "says": "Our help centre has the answers.",
    "regions": ["US"],
}


@dataclass
class DestinationWorld:
    """Asks the API about places, and has drafts written that name them."""

    cases: CaseWorld
    desk: Desk
    places: KeptDestinations

    async def get(self, path: str = "", who: Caller = HEAD, **query: Any) -> httpx.Response:
        return await self.desk.get(who, f"/destinations{path}", **query)

    async def post(self, path: str, body: Any, who: Caller = HEAD) -> httpx.Response:
        return await self.desk.post(who, f"/destinations{path}", body)

    async def change(self, destination: str, who: Caller = HEAD, **fields: Any) -> httpx.Response:
        """Let it say something else; of what is not given it goes on to say what it says."""
        view = (await self.get(f"/{destination}", EVERYBODYS)).json()
        body = {name: view.get(name) for name in (*DestinationEntry.model_fields, "version") if name != "id"}
        self.desk.app.dependency_overrides[caller_of] = lambda: who
        return await self.desk.http.put(f"/api/v1/destinations/{destination}", json={**body, **fields})

    async def retire(self, destination: str, who: Caller = HEAD, version: int = 1) -> httpx.Response:
        return await self.post(f"/{destination}/retire", {"version": version, "reason": "the page is gone"}, who)

    async def seed(self, entries: Sequence[DestinationEntry]) -> Seeded:
        """Deskside begins with a folder that names these."""
        async with writing(self.cases.engine) as session:
            return await seed_destinations(session, entries, self.cases.now)

    async def look_again(self) -> None:
        """Do the looks at drafts that are due."""
        for job in await self.cases.due():
            if job.kind == "recheck":
                await recheck(self.cases.service, job)

    async def reasons(self, draft: DraftRow) -> list[str]:
        """Why the draft has to be looked at again."""
        return [
            finding["reason"] for finding in (await self.cases.draft(draft.id)).findings if finding["rule"] == "stale"
        ]


def shipped() -> Sequence[DestinationEntry]:
    return load_entries(SHIPPED_KNOWLEDGE)


@asynccontextmanager
async def destination_world(engine: AsyncEngine) -> AsyncIterator[DestinationWorld]:
    cases = await CaseWorld(engine).open()
    places = KeptDestinations(engine)
    ports = Ports(**{**cases.shop, "destinations": places}, vectors=cases.service.desk.ports.vectors)
    cases.service = replace(cases.service, desk=replace(cases.service.desk, ports=ports))
    async with over_http(cases) as desk:
        world = DestinationWorld(cases, desk, places)
        await world.seed(shipped())
        yield world
