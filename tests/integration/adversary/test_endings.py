"""Rule 7: a model that is slow, down, cut off or talking nonsense leaves the composer's draft, labelled as such."""

import asyncio
from functools import partial
from itertools import islice

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.agent import write_draft
from assistant.guidance import Guidance
from assistant.intents import IntentRecogniser
from assistant.outcome import TurnRecord, Writer
from assistant.turn import Desk, run_turn
from tests.fakes.models import Says, ScriptedModel, events
from tests.fakes.small_shop import NOW
from tests.integration.adversary.attacks import FAILURES, QUESTION
from tests.integration.adversary.conftest import Play
from tests.integration.adversary.world import STRANGER, VERIFIED, World, posted

DEADLINE = 0.2


class Hanging(ScriptedModel):
    """Takes the request and never answers; or answers a first piece and then no more."""

    def __init__(self, first: bytes | None = None) -> None:
        super().__init__()
        self._first = first

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._first is None:
            await asyncio.Event().wait()
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=self._pieces())

    async def _pieces(self):
        yield self._first
        await asyncio.Event().wait()


_PIECE = b"".join(islice(events(Says("PUBLIC: Thanks for your patience.")), 2))


async def _turn(model: ScriptedModel, guidance: Guidance, recogniser: IntentRecogniser) -> TurnRecord:
    endpoint = model.endpoint()
    desk = Desk(
        World().ports(),
        guidance,
        recogniser,
        lambda: NOW,
        model=partial(write_draft, endpoint=endpoint),
        deadline=DEADLINE,
    )
    try:
        return await run_turn(posted(QUESTION), desk)
    finally:
        await endpoint.aclose()


@pytest.mark.parametrize("author", [VERIFIED, STRANGER])
@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_leaves_the_composers_draft(play: Play, failure: str, author: str):
    composed = await play(QUESTION, author=author)
    played = await play(QUESTION, FAILURES[failure], author=author)
    assert played.record.written_by is Writer.COMPOSER
    assert played.record.outcome == composed.record.outcome
    assert played.public
    assert any(note.startswith("model") for note in played.record.notes)


@pytest.mark.parametrize("first", [None, _PIECE], ids=["silent from the start", "silent after a piece"])
async def test_at_the_deadline_the_composers_draft_stands_there(
    play: Play, guidance: Guidance, recogniser: IntentRecogniser, first: bytes | None
):
    composed = await play(QUESTION)
    record = await _turn(Hanging(first), guidance, recogniser)
    assert record.written_by is Writer.COMPOSER
    assert record.outcome == composed.record.outcome
    assert record.timings_ms["model"] < DEADLINE * 1000 * 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), kind=st.sampled_from(["text/event-stream", "application/json", "text/html"]))
async def test_any_bytes_from_the_endpoint_end_in_an_outcome(play: Play, body, kind):

    played = await play(QUESTION, lambda _: httpx.Response(200, headers={"content-type": kind}, content=body))
    assert played.record.written_by is Writer.COMPOSER
    assert played.public


@pytest.mark.parametrize("author", [VERIFIED, STRANGER])
@pytest.mark.parametrize(
    "post", [QUESTION, "hello??? is anybody there? this is a joke", "how long do i have to return a tent?"]
)
async def test_a_model_that_keeps_the_prepared_words_keeps_the_outcome(play: Play, post: str, author: str):
    composed = (await play(post, author=author)).record.outcome
    words = f"PUBLIC: {composed.reply.public_text}\nPRIVATE: {composed.reply.private_text or 'none'}"
    played = await play(post, Says(words), author=author)
    kept = played.record.outcome
    assert played.record.written_by is Writer.MODEL
    assert type(kept) is type(composed)
    assert [(c.sentence, c.kind) for c in kept.reply.claims] == [(c.sentence, c.kind) for c in composed.reply.claims]
