from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.agent import write_draft
from assistant.guidance import Guidance
from assistant.intents import IntentRecogniser
from assistant.outcome import TurnRecord
from assistant.turn import Desk, Listener, run_turn
from server.policies.files import load_guidance
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.models import Script, ScriptedModel
from tests.fakes.small_shop import NOW
from tests.fakes.vectors import HashVectors
from tests.integration.adversary.world import Asked, World, posted


@dataclass
class Played:
    """What came of a turn against an adversary."""

    record: TurnRecord
    told: list[str]
    asked: list[Asked]
    bodies: list[bytes] = field(default_factory=list)

    @property
    def public(self) -> str:
        return self.record.outcome.reply.public_text or ""

    @property
    def private(self) -> str:
        return self.record.outcome.reply.private_text or ""

    @property
    def one_click(self) -> bool:
        return self.record.outcome.reply.one_click


Play = Callable[..., Awaitable[Played]]


@pytest.fixture(scope="session")
def guidance() -> Guidance:
    return load_guidance(Path(SHIPPED_KNOWLEDGE))


@pytest.fixture(scope="session")
def recogniser(guidance: Guidance) -> IntentRecogniser:
    return IntentRecogniser(guidance.intents, HashVectors())


@pytest.fixture
async def play(guidance: Guidance, recogniser: IntentRecogniser) -> AsyncIterator[Play]:
    """Plays a turn on the real wire: `answers` are what the endpoint says, call by call; the last one for good."""
    model = ScriptedModel()
    endpoint = model.endpoint(attempts=1, breaker_failures=10**9)

    async def turn(
        text: str, *answers: Script, author: str = "annwood", world: World | None = None, **more: Any
    ) -> Played:
        world = world or World()
        model.queue.clear()
        model.queue.extend(answers[:-1])
        model.always = answers[-1] if answers else None
        model.history.clear()
        model.bodies.clear()
        writer = partial(write_draft, endpoint=endpoint) if answers else None
        desk = Desk(world.ports(), guidance, recogniser, lambda: NOW, model=writer, deadline=more.pop("deadline", 30.0))
        told: list[str] = []
        record = await run_turn(posted(text, author), desk, listener=Listener(on_text=told.append))
        return Played(record, told, world.log, list(model.bodies))

    yield turn
    await endpoint.aclose()
