"""Asking for a look at the drafts that rest on something: for whoever has changed that, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.jobs.queue import enqueue

LANE = "recheck"
RECORDS = ("order", "link")
"""What rests on the shop's records: its orders, and who the customer is."""
POLICIES = ("policy",)
PLACES = ("destination",)
"""What names a place that customers are sent to."""


async def recheck_resting_on(
    session: AsyncSession, kinds: Sequence[str], now: datetime, *, after: timedelta = timedelta()
) -> None:
    """Have every draft looked at that rests on something of these kinds.

    `after` is how long the change may take to be seen by every process.
    """
    key = f"recheck:{'+'.join(kinds)}"
    payload = {"kinds": list(kinds), "after": ""}
    await enqueue(session, "recheck", lane=LANE, payload=payload, now=now, key=key, after=now + after)
