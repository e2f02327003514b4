"""Opening time between any two of many moments, at the price of one look at the calendar."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from server.channels.hours import clock_of


class OpenTime:
    """An account's opening time from `begin` to `end`; what lies outside counts for nothing."""

    def __init__(self, hours: Mapping[str, Any], begin: datetime, end: datetime) -> None:
        spans = clock_of(hours).open_between(begin, end)
        self._always = spans is None
        self._begins = [start.timestamp() for start, _ in spans or ()]
        self._lengths = [(stop - start).total_seconds() for start, stop in spans or ()]
        self._before = [0.0, *accumulate(self._lengths)]

    def between(self, start: float, end: float) -> float:
        """The seconds that it was open between two POSIX times."""
        if self._always:
            return max(end - start, 0.0)
        return max(self._until(end) - self._until(start), 0.0)

    def _until(self, moment: float) -> float:
        last = bisect_right(self._begins, moment) - 1
        if last < 0:
            return 0.0
        return self._before[last] + min(moment - self._begins[last], self._lengths[last])
