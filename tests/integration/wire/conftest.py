import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import respx

from assistant.agent import Written, write_draft
from assistant.chat_models import Endpoint, ModelSettings
from tests.fakes.material import GUIDANCE, VERIFIED, on_the_desk
from tools.ports import Identity

URL = "https://model.example/v1"


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def completions() -> Iterator[respx.Route]:
    with respx.mock(base_url=URL, assert_all_called=False) as router:
        yield router.post("/chat/completions")


@pytest.fixture
async def connect(clock: Clock) -> AsyncIterator[Callable[..., Endpoint]]:
    made: list[Endpoint] = []

    def make(**settings: Any) -> Endpoint:
        given = {"model": "gpt-test", "base_url": URL, "api_key": "secret"} | settings
        made.append(Endpoint(ModelSettings(**given), clock=clock, sleep=clock.sleep, jitter=lambda: 0.5))
        return made[-1]

    yield make
    for endpoint in made:
        await endpoint.aclose()


@pytest.fixture
def endpoint(connect: Callable[..., Endpoint]) -> Endpoint:
    return connect()


@pytest.fixture
def write(clock: Clock) -> Callable[..., Awaitable[Written]]:
    async def draft(
        endpoint: Endpoint, text: str = "where is my order?", identity: Identity = VERIFIED, **more: Any
    ) -> Written:
        material, context = on_the_desk(text, identity)
        deadline = more.pop("deadline", endpoint.clock() + 30)
        return await write_draft(material, context, endpoint=endpoint, guidance=GUIDANCE, deadline=deadline, **more)

    return draft


@pytest.fixture
def soon() -> float:
    """A deadline on the real clock that is over soon, for answers that never come."""
    return time.monotonic() + 1.0


def asked(route: respx.Route, number: int = -1) -> dict[str, Any]:
    """The body of a request that was made."""
    return json.loads(route.calls[number].request.content)


def prompt_of(body: dict[str, Any]) -> str:
    """What was asked last."""
    return next(message["content"] for message in reversed(body["messages"]) if message["role"] == "user")


def overflow() -> httpx.Response:
    return httpx.Response(400, json={"error": {"message": "too long", "code": "context_length_exceeded"}})
