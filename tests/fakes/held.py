"""The policies of a process, without an index: nothing is found, and there is nothing to bring up to date."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from server.policies.passages import read_calendar


class StillPolicies:
    """What endpoints ask of `server.policies.held.HeldPolicies`."""

    def __init__(self, knowledge: Path, clock: Callable[[], datetime]) -> None:
        self.knowledge = knowledge
        self.calendar = read_calendar(knowledge, clock)

    async def hits(self, query: str, **_: Any) -> list[Any]:
        return []

    async def bring_up_to_date(self) -> None:
        pass
