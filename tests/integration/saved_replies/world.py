"""Saved replies over HTTP, and drafts that they are put into."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from server.models import DraftRow
from server.staff.roles import Caller, Role
from server.web.dependencies import caller_of
from tests.fakes.cases import person
from tests.integration.drafts.http import Desk
from tests.integration.promises.world import PromiseWorld

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""Where the database has no part in it."""
HEAD = person("supervisor")
SOCIAL = person("social", Role.SOCIAL)
DRAFTS_ONLY = person("drafts-only", Role.DRAFTS_ONLY)
THEIRS = person("supervisor-2", brands=("tarnlight",))
ASKED = "@FernhollowHelp where is my order FH-10423? it was due on the 17th\n– Ann"
FORM = "https://www.fernhollow.example/secure"
NEW: dict[str, Any] = {
    "id": "fernhollow-greeting",
    "brand": "fernhollow",
    "team": "orders",
    "title": "A greeting",
    "texts": {"en": {"public": "Hi {{customer_handle}}, thank you for telling us."}},
    "tags": ["hello"],
    "shortcut": "hello",
}


@dataclass
class ReplyWorld:
    """Asks the API about saved replies, and has drafts written to put them into."""

    cases: PromiseWorld
    desk: Desk

    async def get(self, path: str = "", who: Caller = SOCIAL, **query: Any) -> Any:
        answer = await self.desk.get(who, f"/saved-replies{path}", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, who: Caller = HEAD) -> httpx.Response:
        return await self.desk.post(who, f"/saved-replies{path}", body)

    async def add(self, who: Caller = HEAD, **fields: Any) -> httpx.Response:
        return await self.post("", {**NEW, **fields}, who)

    async def change(self, saved_reply: str, who: Caller = HEAD, **fields: Any) -> httpx.Response:
        self.desk.app.dependency_overrides[caller_of] = lambda: who
        body = {name: value for name, value in NEW.items() if name != "id"} | {"version": 1, "why": "better"} | fields
        return await self.desk.http.put(f"/api/v1/saved-replies/{saved_reply}", json=body)

    async def fill(
        self, draft: DraftRow, saved_reply: str = NEW["id"], part: str = "public", who: Caller = SOCIAL
    ) -> Any:
        return await self.post(f"/{saved_reply}/fill", {"draft": draft.id, "part": part}, who)

    async def offered(self, draft: DraftRow, part: str = "public") -> list[Any]:
        answer = await self.desk.get(SOCIAL, f"/drafts/{draft.id}/saved-replies", part=part)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def put_in(self, draft: DraftRow, text: str | None = None, part: str = "public") -> httpx.Response:
        """Fill a saved reply in and save it in the draft, with other words if they are given."""
        filled = (await self.fill(draft, part=part)).json()
        used = {name: filled[name] for name in ("saved_reply", "version", "language", "part")}
        texts = {"public_text": None, "private_text": None, f"{part}_text": text or filled["text"]}
        return await self.desk.decide(HEAD, draft.id, "edit", **texts, saved_replies=[used])
