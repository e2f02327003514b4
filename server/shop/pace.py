"""Writing much without keeping others from writing."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """How many rows go into one transaction, so that other writers wait a fraction of what they may.

    SQLite's waiting writers look for the lock every 25 ms at first and less often later: a lock that is held for about
    50 ms and then free for 30 ms is always found in the early phase.
    """

    rows: int = 500
    hold: float = 0.05
    pause: float = 0.03
    _free_since: float = field(default=0.0)

    async def give_way(self) -> None:
        """Let others write before the next transaction."""
        await asyncio.sleep(max(0.0, self._free_since + self.pause - time.monotonic()))

    def held(self, seconds: float) -> None:
        """Learn from the time that the last transaction took."""
        self._free_since = time.monotonic()
        if seconds > self.hold:
            self.rows = max(50, int(self.rows * self.hold / seconds))
        elif seconds < self.hold / 2:
            self.rows = min(5_000, self.rows * 2)
