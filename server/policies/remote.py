"""The policies of a home whose index another process holds: asked over its local address."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import TypeAdapter
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from retrieval.lock import FolderHeld
from retrieval.scope import Scope
from server.policies.holder import find_holder
from server.settings import Settings
from tools.ports import PortUnavailable
from tools.records import Passage

if TYPE_CHECKING:
    from retrieval.index import Hit, Update

_PASSAGES = TypeAdapter(list[Passage])
_STARTS_WITHIN_S = 15
_TIMEOUT_S = 120  # bringing the index up to date works out vectors


class HolderRefuses(Exception):
    """The process that holds the index will not answer this; the words are its own."""


class _HolderStarting(Exception):
    """It will answer in a moment."""


class RemotePolicies:
    """`tools.ports.Passages` and the index itself, in another process."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        self._http = http
        self._knowledge = str(settings.knowledge.resolve())

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        """The relevant passages that may be told here and now, best first."""
        asked = {"query": query, "brand": brand, "region": region, "at": at.isoformat()}
        return await self._passages("search", {**asked, "audiences": sorted(audiences), "limit": limit})

    async def answering(self, query: str, *, brand: str | None, region: str | None, at: datetime) -> Sequence[Passage]:
        """The opening passage of each public document with answers here and now."""
        asked = {"query": query, "brand": brand, "region": region, "at": at.isoformat()}
        return await self._passages("answering", asked)

    async def whole(self, found: Passage) -> Sequence[Passage]:
        """All passages of the document of which one was found."""
        return await self._passages("whole", {"found": TypeAdapter(Passage).dump_python(found, mode="json")})

    async def hits(self, query: str, *, scope: Scope, limit: int, language: str | None) -> "list[Hit]":
        """The passages that answer best, relevant or not."""
        from retrieval.index import Hit

        scope_json = TypeAdapter(Scope).dump_python(scope, mode="json")
        asked = {"query": query, "scope": scope_json, "limit": limit, "language": language}
        return TypeAdapter(list[Hit]).validate_json(await self._ask("index/search", asked))

    async def update(self) -> "Update":
        """Have the index brought up to date."""
        from retrieval.index import Update

        return TypeAdapter(Update).validate_json(await self._ask("index/update", {}))

    async def _passages(self, name: str, asked: dict[str, Any]) -> list[Passage]:
        try:
            return _PASSAGES.validate_json(await self._ask(f"passages/{name}", asked))
        except httpx.HTTPError as error:
            raise PortUnavailable("policies") from error

    async def _ask(self, path: str, asked: dict[str, Any]) -> bytes:
        patience = AsyncRetrying(
            retry=retry_if_exception_type(_HolderStarting),
            stop=stop_after_delay(_STARTS_WITHIN_S),
            wait=wait_fixed(0.25),
            reraise=True,
        )
        async for attempt in patience:
            with attempt:
                answer = await self._http.post(f"/local/{path}", json={"knowledge": self._knowledge, **asked})
                if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                    raise _HolderStarting
        if answer.is_error:
            raise HolderRefuses(answer.json().get("detail", answer.reason_phrase))
        return answer.content


@asynccontextmanager
async def through_holder(settings: Settings, held: FolderHeld) -> AsyncIterator[RemotePolicies]:
    """The policies of the process that holds this home's index.

    Raises:
        FolderHeld: the one given, if that process cannot be asked: another command that is at work.
    """
    holder = find_holder(settings.home)
    if holder is None or holder.pid != held.pid:
        raise held
    headers = {"Authorization": f"Bearer {holder.token}"}
    # on this machine: no proxy of the environment stands between
    async with httpx.AsyncClient(base_url=holder.address, headers=headers, timeout=_TIMEOUT_S, trust_env=False) as http:
        yield RemotePolicies(http, settings)
