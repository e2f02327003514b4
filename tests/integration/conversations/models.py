"""A desk whose model is scripted, at the panel as in the background."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import httpx

from assistant.agent import write_draft
from assistant.chat_models import Endpoint, ModelSettings, Priority
from assistant.rep_round import PanelWriters
from assistant.rep_writer import write_for_rep
from server.service import Service
from tests.fakes.models import Says, events


@dataclass
class SlowModel(httpx.AsyncBaseTransport):
    """Says its texts one after the other, piece by piece; `go` lets one more piece out, `open` lets all of them."""

    texts: list[str]
    piece: int = 12
    asked: list[dict[str, Any]] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    _open: bool = False

    def go(self, pieces: int = 1) -> None:
        for _ in range(pieces):
            self._gate.release()

    def open(self) -> None:
        self._open = True
        self.go(1000)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(await request.aread()))
        text = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        self.begun.set()
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=_Pieces(self, text))

    async def wait(self) -> None:
        if not self._open:
            await self._gate.acquire()


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, model: SlowModel, text: str) -> None:
        self._model, self._text = model, text

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for event in events(Says(self._text, piece=self._model.piece)):
            await self._model.wait()
            yield event


def with_model(
    service: Service, transport: httpx.AsyncBaseTransport, *, concurrency: int = 4, **panel: Any
) -> tuple[Service, Endpoint]:
    """The service with this model behind its desk; the endpoint is to be closed."""
    settings = ModelSettings(
        model="scripted",
        base_url="http://model.invalid/v1",
        first_pause_s=0.0,
        attempts=1,
        concurrency=concurrency,
    )
    endpoint = Endpoint(settings, transport=transport)
    writers = PanelWriters(
        draft=partial(write_draft, endpoint=endpoint, priority=Priority.PANEL),
        answer=partial(write_for_rep, endpoint=endpoint),
        **panel,
    )
    model = partial(write_draft, endpoint=endpoint)
    return replace(service, desk=replace(service.desk, model=model, panel=writers)), endpoint


def prompt_of(asked: dict[str, Any]) -> str:
    return str(asked["messages"][-1]["content"])
