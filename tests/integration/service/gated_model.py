"""A chat endpoint of the test's own, which begins when the test lets it and says what the prompt's facts allow."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tests.fakes.models import Says, events


class GatedModel:
    """`say` makes the text of a prompt; `gate` holds each piece of it back until it is set."""

    def __init__(self, say: Callable[[str], str]) -> None:
        self.gate = asyncio.Event()
        self.asked: list[dict[str, Any]] = []
        self._say = say
        self._few = 0

    def let_out(self, pieces: int) -> None:
        """Let so many pieces out, and hold the rest back."""
        self._few += pieces

    async def complete(self, request: Request) -> StreamingResponse:
        """POST /v1/chat/completions."""
        body = json.loads(await request.body())
        self.asked.append(body)
        return StreamingResponse(
            self._pieces(self._say(str(body["messages"][-1]["content"]))), media_type="text/event-stream"
        )

    async def _pieces(self, text: str) -> AsyncIterator[bytes]:
        for event in events(Says(text, piece=12)):
            while not self.gate.is_set():
                if self._few > 0:
                    self._few -= 1
                    break
                await asyncio.sleep(0.01)
            yield event

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Its address."""
        app = Starlette(routes=[Route("/v1/chat/completions", self.complete, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            running = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
            finally:
                self.gate.set()
                server.should_exit = True
                await running
