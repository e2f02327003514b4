"""How long each step may take, and when the next one is due.

Nothing here is about speed: an attempt whose call may still be under way must never be repeated, so there has to be a
moment after which it cannot be.
"""

from datetime import datetime, timedelta

from server.models import PublicationRow

READ_LIMIT = timedelta(seconds=5)
"""A network that is asked how a post stands, or for what we sent, has this long."""

START_WITHIN = timedelta(seconds=8)
"""The call begins within this time of the written intent, or not at all."""

CALL_LIMIT = timedelta(seconds=16)
"""After this long a call is given up; nobody knows then whether it was taken."""

LOOK_SOON = timedelta(seconds=1)
"""The first look after a call that was not answered."""

ASK_AGAIN = timedelta(seconds=30)
"""After the shop or the index was asked whether a text is still right, and did not answer."""

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far the network's clock may be from ours."""

DOUBT_AFTER = timedelta(minutes=15)
"""A network that cannot be looked at for this long leaves the text uncertain."""

LOOK_FOR = timedelta(days=3)
"""How long an uncertain text is looked for by itself."""

MOST_UNANSWERED = 5
"""Attempts after which a text that the network does not take is failed."""


def call_is_over(publication: PublicationRow) -> datetime:
    """From this moment no process can still be making the last call, whatever became of the one that began it."""
    if publication.attempted_at is None:
        return publication.updated_at
    return publication.attempted_at + START_WITHIN + CALL_LIMIT


def retry_after(attempt: int) -> timedelta:
    """How long to wait before trying once more what did not come about: 5 s, 10 s, … 5 minutes."""
    return timedelta(seconds=min(5 * 2 ** min(max(attempt - 1, 0), 6), 300))


def next_look(publication: PublicationRow, now: datetime) -> timedelta:
    """How long to wait before looking again: short at first, then a fifth of the time that has passed."""
    passed = now - (publication.attempted_at or publication.updated_at)
    return min(max(passed / 5, timedelta(seconds=1)), timedelta(hours=1))
