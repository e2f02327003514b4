"""The other ends of the adapters: the simulated network in memory, and whatever stands behind a webhook."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.channels.adapters import open_channel
from server.channels.protocol import Channel
from server.channels.simulated.app import create_network
from server.channels.simulated.repository import NetworkPosts
from server.models import AccountRow

SECRET = "5ca1ab1e" * 8
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {"webhook": "http://helpdesk.example/texts", "simulated": "http://simulated.network"}


def account(adapter: str = "simulated", **fields: Any) -> AccountRow:
    values = {
        "id": "fernhollow-x",
        "brand": "fernhollow",
        "channel": "x",
        "adapter": adapter,
        "handle": "FernhollowHelp",
        "settings": {"url": URLS[adapter]},
        "hours": {},
        "created_at": NOON,
    }
    return AccountRow(**{**values, **fields})


class Helpdesk:
    """Takes texts over a webhook; one key is one text."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.texts: dict[str, dict[str, Any]] = {}
        self.app = Starlette(routes=[Route("/texts", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), await request.body()))
        text = await request.json()
        self.texts.setdefault(text["key"], text)
        return JSONResponse({"id": f"hd-{list(self.texts).index(text['key'])}"})


class World:
    """The simulated network, its people, and accounts on it."""

    def __init__(self, file: Path, clock: Callable[[], datetime] = lambda: NOON) -> None:
        self.clock = clock
        self.posts = NetworkPosts(file)
        self.app = create_network(self.posts, clock=lambda: self.clock().timestamp())
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=URLS["simulated"])

    def channel(self, row: AccountRow | None = None) -> Channel:
        return open_channel(row or account(), secret=SECRET, http=self.http, clock=self.clock)

    async def behave(self, **behaviour: Any) -> None:
        assert (await self.http.put("/behaviour", json=behaviour)).status_code == 200

    async def say(self, person: str, text: str, **more: Any) -> str:
        """Somebody posts to @FernhollowHelp on x; the post's id."""
        answer = await self.http.post(f"/people/x/FernhollowHelp/{person}/posts", json={"text": text, **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def edit(self, post: str, text: str) -> None:
        assert (await self.http.patch(f"/people/posts/{post}", json={"text": text})).status_code == 200

    async def delete(self, post: str) -> None:
        assert (await self.http.delete(f"/people/posts/{post}")).status_code == 200

    async def everything(self) -> Sequence[dict[str, Any]]:
        posts: list[dict[str, Any]] = (await self.http.get("/posts")).json()["posts"]
        return posts

    async def aclose(self) -> None:
        await self.http.aclose()
        self.posts.close()


def later(**time: float) -> datetime:
    return NOON + timedelta(**time)
