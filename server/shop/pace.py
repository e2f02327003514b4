"""Writing much without keeping others from writing."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """How many rows go into one transaction, so that other writers wait a fraction of what they may.

    SQLite's waiting writers do not queue: they look for the lock every 25 ms at first and less often later. A lock that
    is held for about 30 ms and then free for as long is found in the early phase. The lock stays free for as long as
    it was held, and not for a fixed time, because on a busy machine both the holding and the looking take longer.
    """

    rows: int = 200
    hold: float = 0.03
    _held: float = field(default=0.0)
    _free_since: float = field(default=0.0)

    async def give_way(self) -> None:
        """Let others write before the next transaction."""
        pause = max(self.hold, self._held)
        await asyncio.sleep(max(0.0, self._free_since + pause - time.monotonic()))

    def held(self, seconds: float) -> None:
        """Learn from the time that the last transaction took."""
        self._held = seconds
        self._free_since = time.monotonic()
        if seconds > self.hold:
            self.rows = max(50, int(self.rows * self.hold / seconds))
        elif seconds < self.hold / 2:
            self.rows = min(5_000, self.rows * 2)
