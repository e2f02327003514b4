"""What keeps the jobs of a lane in bounds: how many at once, how many in a minute, and not before when."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.models import LaneRow
from server.settings import Settings

_BURST = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """The bounds of a lane; None: none.

    `everywhere` is how many run at once in all processes, `here` in one process. `per_minute` is the lane's pace in the
    long run; after a quiet time the next `burst` jobs need not wait for one another.
    """

    everywhere: int | None = None
    here: int | None = None
    per_minute: int | None = None
    burst: int = _BURST

    @property
    def between(self) -> timedelta:
        """From one job to the next at the lane's pace."""
        return timedelta(minutes=1) / self.per_minute if self.per_minute else timedelta()


def limit_of(lane: str, settings: Settings) -> Limit:
    """The bounds of a lane by its family: what stands before the colon in "send:<account>"."""
    family = lane.partition(":")[0]
    if family == "send":
        return Limit(everywhere=settings.sends_at_once, per_minute=settings.sends_per_minute)
    if family == "draft":
        # one more than the model takes reads records meanwhile
        return Limit(here=settings.turns_at_once + 1)
    if family == "alarm":
        # one after the other: posts that come in meanwhile must not wait for looks at those before them
        return Limit(here=1)
    if family in ("poll", "recheck"):
        return Limit(everywhere=1)
    return Limit(here=4)


def room(limit: Limit, row: LaneRow | None, *, running: int, running_here: int, now: datetime) -> int | None:
    """How many more jobs of a lane may begin now; None: as many as there are."""
    if row is not None and row.blocked_until is not None and row.blocked_until > now:
        return 0
    bounds = []
    if limit.everywhere is not None:
        bounds.append(limit.everywhere - running)
    if limit.here is not None:
        bounds.append(limit.here - running_here)
    if limit.per_minute:
        ahead = max(timedelta(), row.paced_until - now) if row is not None and row.paced_until else timedelta()
        bounds.append(limit.burst - math.ceil(ahead / limit.between))
    return max(0, min(bounds)) if bounds else None


def paced(limit: Limit, row: LaneRow | None, begun: int, *, now: datetime) -> datetime:
    """`LaneRow.paced_until` after so many more jobs have begun."""
    before = row.paced_until if row is not None and row.paced_until else now
    return max(before, now) + begun * limit.between
