"""One chat endpoint, and everything that guards it.

The client's own retries are off, because ours must know the turn's deadline, the breaker and the budget.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial

import httpx
import openai
from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from assistant.failures import ModelBusy, ModelUnavailable, OutputCutOff
from assistant.guards import Breaker, BreakerState, Budget, Priority, Slots
from assistant.outcome import Tokens
from assistant.wire import ModelSettings, connect, counted_tokens, explain, guess_tokens, is_passing, retry_after

__all__ = ["Endpoint", "EndpointState", "Meter", "ModelSettings", "Priority"]

_OUTGOING: ContextVar["Meter | None"] = ContextVar("outgoing", default=None)


@dataclass(frozen=True, slots=True)
class EndpointState:
    """What `doctor` and the pages show of an endpoint."""

    breaker: BreakerState
    retry_in_s: float
    in_use: int
    waiting: int
    spent_today: float
    daily_cost_cap: float | None


@dataclass(slots=True)
class Meter:
    """What one draft used; `requests` are the bodies as they left, byte for byte.

    `on_request` is called when one has been sent.
    """

    calls: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    cost: float = 0.0
    requests: list[bytes] = field(default_factory=list)
    on_request: Callable[[], None] | None = None


class Endpoint:
    """One chat endpoint with its retries, breaker, places and budget. Lives as long as the process.

    The clocks are given from outside, so that tests need no sleep: `clock` is monotonic seconds, `today` the day that
    the budget counts for, `sleep` waits between attempts, `jitter` is a random number from 0 to 1. `transport` stands
    in for the network.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        spent_today: float = 0.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_pause_s, clock)
        self._slots = Slots(settings.concurrency)
        self._budget = Budget(settings.daily_cost_cap, today, spent_today)
        self._http = httpx.AsyncClient(
            timeout=settings.timeout_s, event_hooks={"request": [_keep]}, transport=transport
        )
        self.chat = connect(settings, self._http)

    @property
    def state(self) -> EndpointState:
        """How the endpoint stands now."""
        return EndpointState(
            breaker=self._breaker.state,
            retry_in_s=self._breaker.retry_in_s,
            in_use=self._slots.in_use,
            waiting=self._slots.waiting,
            spent_today=self._budget.spent,
            daily_cost_cap=self._budget.cap,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(
        self, call: Callable[[], Awaitable[AIMessage]], *, priority: Priority, deadline: float, meter: Meter
    ) -> AIMessage:
        """Make one model call under every guard; `deadline` is a moment of `clock`.

        Raises:
            ModelFailure: One of those that concern the endpoint; whatever the client raised is its cause.
        """
        self._budget.enter()
        before = len(meter.requests)
        async with self._slots.hold(priority, patience_s=max(0.0, deadline - self.clock())):
            self._breaker.enter()
            try:
                with _keeping(meter):
                    answer = await self._attempt(call, deadline, meter)
            except (ModelBusy, asyncio.CancelledError):
                self._breaker.gave_up()
                self._charge(meter, guess_tokens(meter.requests[before:]))
                raise
            except Exception as failure:
                if isinstance(failure, ModelUnavailable | OutputCutOff):
                    self._breaker.failed_once()
                else:
                    self._breaker.succeeded()  # it answered; what it said was unusable
                self._charge(meter, guess_tokens(meter.requests[before:]))
                raise
            self._breaker.succeeded()
            self._charge(meter, counted_tokens(answer) or guess_tokens(meter.requests[before:], answer.text))
            return answer

    async def _attempt(self, call: Callable[[], Awaitable[AIMessage]], deadline: float, meter: Meter) -> AIMessage:
        retrying = AsyncRetrying(
            retry=retry_if_exception(is_passing),
            wait=self._pause,
            stop=lambda state: self._is_last(state, deadline),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            async with asyncio.timeout(max(0.0, deadline - self.clock())):
                async for attempt in retrying:
                    with attempt:
                        meter.calls += 1
                        return await call()
        except TimeoutError as error:
            raise ModelUnavailable("no answer in time") from error
        except (openai.OpenAIError, httpx.HTTPError, ContextOverflowError) as error:
            raise explain(error) from error
        raise AssertionError("tenacity returns or raises")

    def _pause(self, state: RetryCallState) -> float:
        asked = retry_after(state.outcome.exception() if state.outcome else None)
        if asked is not None:
            return asked
        return float(self.settings.first_pause_s * 2 ** (state.attempt_number - 1) * (0.5 + self._jitter()))

    def _is_last(self, state: RetryCallState, deadline: float) -> bool:
        too_late = self.clock() + state.upcoming_sleep >= deadline
        return too_late or state.attempt_number >= self.settings.attempts

    def _charge(self, meter: Meter, tokens: Tokens) -> None:
        settings = self.settings
        cost = (tokens.prompt * settings.price_prompt + tokens.completion * settings.price_completion) / 1_000_000
        meter.tokens = Tokens(meter.tokens.prompt + tokens.prompt, meter.tokens.completion + tokens.completion)
        meter.cost += cost
        self._budget.charge(cost)


@contextmanager
def _keeping(meter: Meter) -> Iterator[None]:
    token = _OUTGOING.set(meter)
    try:
        yield
    finally:
        _OUTGOING.reset(token)


async def _keep(request: httpx.Request) -> None:
    if (meter := _OUTGOING.get()) is not None:
        meter.requests.append(await request.aread())
        if meter.on_request is not None:
            request.extensions["trace"] = partial(_tell_when_sent, meter.on_request)


async def _tell_when_sent(tell: Callable[[], None], step: str, _about: object) -> None:
    """The transport names each step that it has taken, such as "http11.send_request_body.complete"."""
    if step.endswith("send_request_body.complete"):
        tell()
