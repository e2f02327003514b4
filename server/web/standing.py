"""How the database stands: looked at regularly, so that who asks is answered at once with what is known.

A look of one's own for each question would have to win against everything else that the process does at that moment:
under load a process that works would be taken for one that does not.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy.exc import TimeoutError as NoConnectionFree

OK = "ok"
KNOWN_FOR_S = 20.0
"""What was seen this long ago still counts, when looks since then have not come to an end."""

_LOOK_EVERY_S = 1.0
# longer than a connection is waited for (server/db.py), shorter than what is known lasts
_PATIENCE_S = 12.0
_logger = logging.getLogger(__name__)


class DatabaseStanding:
    """What was last seen of a database.

    Args:
        look: Asks it; whether its tables are those of this version. Fails if it does not answer.
        clock: Seconds that only rise.
    """

    def __init__(self, look: Callable[[], Awaitable[bool]], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._seen: float | None = None
        self._migrated = False
        self._refused = False

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once. A look that is only late says nothing against the database; one that is refused does."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                self._migrated = await self._look()
        except (TimeoutError, NoConnectionFree) as late:
            _logger.warning("the database has not answered in time (%s)", type(late).__name__)
        except Exception:
            if not self._refused:
                _logger.exception("the database does not answer")
            self._refused = True
        else:
            self._seen, self._refused = self._clock(), False

    def parts(self) -> Mapping[str, str]:
        """The database and its migrations: "ok", or what is wrong."""
        if self._refused or self._seen is None or self._clock() - self._seen > KNOWN_FOR_S:
            return {"database": "the database does not answer; the log says why", "migrations": "not known"}
        return {
            "database": OK,
            "migrations": OK if self._migrated else "not up to date: another version of Deskside has been here",
        }
