"""What stands between us and one model endpoint: a breaker, a limit with an order of service, and a daily budget.

None of them waits on its own clock or knows of HTTP; `Endpoint` puts them together.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from itertools import count

from assistant.failures import CostCapReached, ModelBusy, ModelUnavailable


class Priority(IntEnum):
    """Who is served first: a person who waits at the panel before a draft made in the background."""

    PANEL = 0
    BACKGROUND = 1


class BreakerState(StrEnum):
    """Closed lets calls through, open refuses them, half-open has one probe under way."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class Breaker:
    """Stops asking an endpoint that failed `failures` times in a row; after `pause_s` one call may try again."""

    failures: int
    pause_s: float
    clock: Callable[[], float]
    failed: int = 0
    opened_at: float | None = None
    probing: bool = False

    @property
    def state(self) -> BreakerState:
        """Where it stands now."""
        if self.opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self.probing else BreakerState.OPEN

    @property
    def retry_in_s(self) -> float:
        """Seconds until the next probe may go out; 0 if calls are let through."""
        return 0.0 if self.opened_at is None else max(0.0, self.opened_at + self.pause_s - self.clock())

    def enter(self) -> None:
        """Ask to make a call.

        Raises:
            ModelUnavailable: The breaker is open, or a probe is under way.
        """
        if self.opened_at is None:
            return
        if self.probing or self.retry_in_s > 0:
            raise ModelUnavailable(f"not asked: it failed {self.failed} times in a row")
        self.probing = True

    def succeeded(self) -> None:
        """The endpoint answered."""
        self.failed, self.opened_at, self.probing = 0, None, False

    def failed_once(self) -> None:
        """The endpoint failed; the last of `failures` in a row, or a failed probe, opens the breaker."""
        self.failed += 1
        if self.probing or self.failed >= self.failures:
            self.opened_at, self.probing = self.clock(), False

    def gave_up(self) -> None:
        """The caller went away without an answer: says nothing of the endpoint, but a probe must not stay out."""
        self.probing = False


@dataclass(order=True, slots=True)
class _Waiter:
    priority: Priority
    arrival: int
    turn: asyncio.Future[None] = field(compare=False)


class Slots:
    """At most `limit` calls at a time; who waits is served by priority, then by arrival."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.in_use = 0
        self._arrivals = count()
        self._waiters: list[_Waiter] = []

    @property
    def waiting(self) -> int:
        """How many calls wait for a place."""
        return sum(not waiter.turn.done() for waiter in self._waiters)

    @asynccontextmanager
    async def hold(self, priority: Priority, *, patience_s: float) -> AsyncIterator[None]:
        """Hold a place while the block runs.

        Raises:
            ModelBusy: No place became free within `patience_s`.
        """
        await self._acquire(priority, patience_s)
        try:
            yield
        finally:
            self._pass_on()

    async def _acquire(self, priority: Priority, patience_s: float) -> None:
        if self.in_use < self.limit:
            self.in_use += 1
            return
        waiter = _Waiter(priority, next(self._arrivals), asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiters, waiter)
        try:
            await asyncio.wait_for(asyncio.shield(waiter.turn), patience_s)
        except (TimeoutError, asyncio.CancelledError) as error:
            if not waiter.turn.cancel():  # the place was given to us in the same moment: it goes to the next
                self._pass_on()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise ModelBusy(f"{self.limit} calls under way, no place within {patience_s:.1f} s") from None

    def _pass_on(self) -> None:
        while self._waiters:
            waiter = heapq.heappop(self._waiters)
            if not waiter.turn.done():
                waiter.turn.set_result(None)
                return
        self.in_use -= 1


@dataclass(slots=True)
class Budget:
    """Today's spending against a cap (None: no cap). `spent` may start with what other processes spent today.

    A call is let through while anything is left, so the cap can be overshot by the calls under way, not by more.
    """

    cap: float | None
    today: Callable[[], date]
    spent: float = 0.0
    day: date = field(init=False)

    def __post_init__(self) -> None:
        self.day = self.today()

    def enter(self) -> None:
        """Ask to spend.

        Raises:
            CostCapReached: Nothing is left today.
        """
        self._turn_the_page()
        if self.cap is not None and self.spent >= self.cap:
            raise CostCapReached(f"{self.spent:.2f} of {self.cap:.2f} spent on {self.day.isoformat()}")

    def charge(self, cost: float) -> None:
        """Note what a call cost."""
        self._turn_the_page()
        self.spent += cost

    def _turn_the_page(self) -> None:
        if (today := self.today()) != self.day:
            self.day, self.spent = today, 0.0
