"""What a supervisor does with an incident, over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from server.staff.roles import Caller, Role
from tests.fakes.cases import BRAND, person
from tests.fakes.storms import StormWorld
from tests.integration.drafts.http import Desk, over_http

BOSS = person("supervisor", Role.SUPERVISOR)
OTHER_BOSS = person("supervisor-2", Role.SUPERVISOR)
DOWN = {"intents": ["is_it_down"], "words": ["checkout"]}
KNOWN = "The checkout is down since 11:40 UTC. Nothing was charged."
TEXT = "We are sorry, our checkout is down since 11:40 UTC. Nothing was charged."
UPDATE = "We will update you by 18:00 UTC."
OVER = "Our checkout works again. Thank you for waiting."


@dataclass
class Boss:
    """A supervisor and the incident they have opened."""

    world: StormWorld
    desk: Desk
    incident: str = ""

    async def open(self, **more: Any) -> str:
        body = {"brand": BRAND, "title": "Checkout is down", "known": KNOWN, "match": DOWN, **more}
        answer = await self.desk.post(BOSS, "/incidents", body)
        assert answer.status_code == 201, answer.text
        self.incident = answer.json()["id"]
        await self.world.work()
        return self.incident

    async def shown(self) -> dict[str, Any]:
        answer = await self.desk.get(BOSS, f"/incidents/{self.incident}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def cases(self, **query: Any) -> dict[str, dict[str, Any]]:
        """The listings by author."""
        answer = await self.desk.get(BOSS, f"/incidents/{self.incident}/cases", limit=200, **query)
        assert answer.status_code == 200, answer.text
        return {item["author"]: item for item in answer.json()["items"]}

    async def do(self, what: str, *, who: Caller = BOSS, status: int | None = None, **body: Any) -> dict[str, Any]:
        answer = await self.desk.post(who, f"/incidents/{self.incident}/{what}", body)
        assert answer.status_code == status if status else answer.is_success, answer.text
        return answer.json()

    async def confirm_all(self) -> dict[str, Any]:
        """Confirm everything that is listed at this moment."""
        seen = [item["id"] for item in (await self.cases(state="listed")).values()]
        told = await self.do("confirm", seen=seen)
        await self.world.work()
        return told

    async def text(self, text: str = TEXT, language: str = "en", **more: Any) -> dict[str, Any]:
        return await self.do("texts", status=201, language=language, text=text, **more)

    async def approved(self, text: str = TEXT, language: str = "en", **more: Any) -> str:
        """A text that may be sent; its digest."""
        written = await self.text(text, language, **more)
        terms = {"digest": written["digest"], "confirmed": True}
        shown = await self.do(f"texts/{written['id']}/approve", **terms, override="everybody is told the same")
        if shown["needs_second"]:
            shown = await self.do(f"texts/{written['id']}/approve", who=OTHER_BOSS, **terms)
        assert shown["may_be_sent"]
        return str(written["digest"])

    async def answer(self, status: int = 202, **body: Any) -> dict[str, Any]:
        told = await self.do("answer", status=status, version=(await self.shown())["version"], **body)
        await self.world.work()
        return told

    async def close(self, status: int = 200, **body: Any) -> dict[str, Any]:
        version = (await self.shown())["version"]
        told = await self.do("close", status=status, version=version, outcome="mended", **body)
        await self.world.work()
        return told

    async def promised(self) -> dict[str, dict[str, Any]]:
        """By author."""
        answer = await self.desk.get(BOSS, f"/incidents/{self.incident}/promised", limit=200)
        assert answer.status_code == 200, answer.text
        return {item["author"]: item for item in answer.json()["items"]}


@asynccontextmanager
async def boss_of(world: StormWorld) -> AsyncIterator[Boss]:
    async with over_http(world) as desk:
        yield Boss(world, desk)
