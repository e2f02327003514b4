"""Nobody is promised an update by a moment that is over when they read it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from server.errors import Unprocessable
from server.incidents.spreading import Spread, least_span
from server.models import IncidentTextRow

_MINUTE = timedelta(minutes=1)


class EndsTooLate(Unprocessable):
    """The last would be sent after the moment by which the text promises an update; the details tell what would do."""


def refuse_late(
    texts: Sequence[IncidentTextRow], spreads: Collection[Spread], now: datetime, *, per_minute: int
) -> None:
    """Refuse to send texts over a time that ends after the update that they promise.

    Args:
        texts: What is sent.
        spreads: When, for each account.
        now: This moment.
        per_minute: The pace of an account.

    Raises:
        EndsTooLate: The last would be sent after that.
    """
    dues = [datetime.fromisoformat(text.checked["update_due"]) for text in texts if text.promises_update]
    ends = max((spread.ends for spread in spreads), default=now)
    if not dues or ends <= min(dues):
        return
    due, begins = min(dues), max(spread.begins for spread in spreads)
    least = max(least_span(spread.count, per_minute) for spread in spreads)
    longest = (due - begins) // _MINUTE
    told = {"update_due": due.isoformat(), "ends": ends.isoformat()}
    words = f"the last would be sent at {_say(ends, now)}, after the update that the text promises by {_say(due, now)}"
    if longest < 1 or least > longest * _MINUTE:
        words += f"; as fast as may be it takes until {_say(begins + least, now)}: promise it later"
        raise EndsTooLate(words, **told)
    latest = due - least - (begins - now)
    told |= {"latest_start": latest.isoformat()}
    ways = f"spread them over {longest} minutes at most, and begin by {_say(latest, now)}, or promise it later"
    raise EndsTooLate(f"{words}; {ways}", longest_spread_minutes=longest, **told)


def _say(moment: datetime, now: datetime) -> str:
    day = "" if moment.date() == now.date() else f" on {moment.day} {moment:%B}"
    return f"{moment:%H:%M} UTC{day}"
