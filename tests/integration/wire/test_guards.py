"""Retries, breaker, places, budget: what happens around the calls."""

import asyncio
from datetime import date

import httpx
import pytest

from assistant.chat_models import Endpoint, ModelSettings, Priority
from assistant.failures import CostCapReached, ModelBusy, ModelUnavailable
from assistant.guards import BreakerState, Slots
from tests.fakes.models import Says, events, stream
from tests.integration.wire.conftest import URL, asked

DRAFT = "PUBLIC: Thanks for asking!\nPRIVATE: none"


def limited(seconds: str) -> httpx.Response:
    return httpx.Response(429, headers={"retry-after": seconds}, json={"error": {"message": "slow down"}})


async def settle() -> None:
    """Let every task run until it waits for something."""
    for _ in range(200):
        await asyncio.sleep(0)


async def test_retry_after_is_waited_for(completions, endpoint, write, clock):
    completions.side_effect = [limited("3"), stream(DRAFT)]
    written = await write(endpoint)
    assert written.failure is None
    assert clock.slept == [3.0]
    assert written.model_calls == len(written.requests) == 2


async def test_a_wait_beyond_the_deadline_is_not_begun(completions, endpoint, write, clock):
    completions.return_value = limited("60")
    written = await write(endpoint)
    assert isinstance(written.failure, ModelBusy)
    assert clock.slept == []
    assert endpoint.state.breaker is BreakerState.CLOSED


async def test_failures_of_the_server_are_tried_again_with_growing_pauses(completions, endpoint, write, clock):
    completions.side_effect = [httpx.Response(500), httpx.Response(503), stream(DRAFT)]
    assert (await write(endpoint)).failure is None
    assert clock.slept == [0.5, 1.0]


async def test_a_server_that_keeps_failing_is_given_up(completions, endpoint, write):
    completions.side_effect = lambda request: httpx.Response(500)
    written = await write(endpoint)
    assert isinstance(written.failure, ModelUnavailable)
    assert len(completions.calls) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_asking_again_cannot_mend_is_not_asked_again(completions, endpoint, write, status):
    completions.return_value = httpx.Response(status, json={"error": {"message": "key sk-123 of where is my order"}})
    written = await write(endpoint)
    assert isinstance(written.failure, ModelUnavailable)
    assert len(completions.calls) == 1
    assert "sk-123" not in str(written.failure)


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("silence")])
async def test_connections_that_fail_are_tried_again(completions, endpoint, write, error):
    completions.side_effect = [error, stream(DRAFT)]
    assert (await write(endpoint)).failure is None


async def test_an_endpoint_that_never_answers_is_left_at_the_deadline(completions, write, soon):
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    completions.side_effect = never
    endpoint = Endpoint(ModelSettings(model="gpt-test", base_url=URL, breaker_failures=1))
    written = await write(endpoint, deadline=soon)
    assert isinstance(written.failure, ModelUnavailable)
    assert "in time" in str(written.failure)
    assert written.tokens.prompt > 0
    assert endpoint.state.breaker is BreakerState.OPEN


class BreaksOff(httpx.AsyncByteStream):
    async def __aiter__(self):
        for event in list(events(Says("PUBLIC: Your parcel will arrive", piece=4)))[:-3]:
            yield event
        raise httpx.RemoteProtocolError("peer closed connection")


async def test_a_connection_that_breaks_off_begins_the_text_anew(completions, endpoint, write):
    broken = httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=BreaksOff())
    completions.side_effect = [broken, stream(DRAFT)]
    told: list[str] = []
    written = await write(endpoint, on_text=told.append)
    assert written.reply.public_text == told[-1] == "Thanks for asking!"
    assert any("parcel" in text for text in told)


async def test_the_breaker_opens_and_one_probe_closes_it(completions, connect, write, clock):
    endpoint = connect(breaker_failures=2, attempts=1, breaker_pause_s=30)
    completions.side_effect = lambda request: httpx.Response(500)
    await write(endpoint)
    await write(endpoint)
    assert endpoint.state.breaker is BreakerState.OPEN
    refused = await write(endpoint)
    assert (len(completions.calls), refused.requests) == (2, ())
    assert "not asked" in str(refused.failure)
    clock.now += 31
    completions.side_effect = lambda request: stream(DRAFT)
    assert (await write(endpoint)).failure is None
    assert endpoint.state.breaker is BreakerState.CLOSED


async def test_a_failed_probe_keeps_the_breaker_open(completions, connect, write, clock):
    endpoint = connect(breaker_failures=1, attempts=1, breaker_pause_s=30)
    completions.side_effect = lambda request: httpx.Response(500)
    await write(endpoint)
    clock.now += 31
    await write(endpoint)
    assert endpoint.state.breaker is BreakerState.OPEN
    assert endpoint.state.retry_in_s == 30
    assert len(completions.calls) == 2


async def test_the_panel_goes_before_the_background(completions, connect, write):
    gate, order = asyncio.Event(), []

    async def answer(request: httpx.Request) -> httpx.Response:
        await gate.wait()
        order.append("panel" if b"from the panel" in request.content else "background")
        return stream(DRAFT)

    completions.side_effect = answer
    endpoint = connect(concurrency=1)
    drafts = [
        asyncio.create_task(write(endpoint, text, priority=priority))
        for text, priority in [
            ("first, background", Priority.BACKGROUND),
            ("second, background", Priority.BACKGROUND),
            ("third, from the panel", Priority.PANEL),
        ]
    ]
    await settle()
    assert endpoint.state.waiting == 2
    gate.set()
    await asyncio.gather(*drafts)
    assert order == ["background", "panel", "background"]
    assert endpoint.state.in_use == 0


async def test_who_finds_no_place_in_time_is_told_so():
    slots = Slots(1)
    async with slots.hold(Priority.PANEL, patience_s=1):
        with pytest.raises(ModelBusy):
            async with slots.hold(Priority.PANEL, patience_s=0.01):
                raise AssertionError("there was no place")
    assert (slots.in_use, slots.waiting) == (0, 0)


async def test_a_place_given_to_somebody_who_left_goes_to_the_next():
    slots = Slots(1)
    held = slots.hold(Priority.PANEL, patience_s=1)
    await held.__aenter__()
    left = asyncio.create_task(slots.hold(Priority.PANEL, patience_s=5).__aenter__())
    stays = asyncio.create_task(slots.hold(Priority.BACKGROUND, patience_s=5).__aenter__())
    await settle()
    assert slots.waiting == 2
    left.cancel()
    await held.__aexit__(None, None, None)
    await stays
    assert slots.in_use == 1


async def test_tokens_and_cost_are_counted_per_draft_and_per_day(completions, connect, write):
    endpoint = connect(price_prompt=2.0, price_completion=8.0)
    completions.side_effect = lambda request: stream(Says(DRAFT, usage=(1000, 50)))
    written = await write(endpoint)
    await write(endpoint)
    assert (written.tokens.prompt, written.tokens.completion) == (1000, 50)
    assert written.cost == pytest.approx(0.0024)
    assert endpoint.state.spent_today == pytest.approx(0.0048)
    assert asked(completions)["stream_options"] == {"include_usage": True}


async def test_an_endpoint_that_does_not_count_is_charged_by_size(completions, connect, write):
    endpoint = connect(price_prompt=2.0)
    completions.return_value = stream(Says(DRAFT, usage=None))
    written = await write(endpoint)
    assert written.tokens.prompt == len(written.requests[0]) // 4
    assert written.cost > 0


async def test_the_daily_cap_stops_calls_until_tomorrow(completions, write, clock):
    day = [date(2026, 11, 20)]
    settings = ModelSettings(model="gpt-test", base_url=URL, price_prompt=1000.0, daily_cost_cap=0.05)
    endpoint = Endpoint(settings, clock=clock, today=lambda: day[0])
    completions.side_effect = lambda request: stream(DRAFT)
    assert (await write(endpoint)).failure is None
    stopped = await write(endpoint)
    assert isinstance(stopped.failure, CostCapReached)
    assert stopped.requests == ()
    day[0] = date(2026, 11, 21)
    assert (await write(endpoint)).failure is None
    await endpoint.aclose()
