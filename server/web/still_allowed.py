"""Whether who reads a stream still may: asked anew every few seconds while it lasts."""

import logging
from collections.abc import Callable
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from server.errors import NotAllowed, NotSignedIn
from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.callers import Credentials
from server.web.dependencies import allowed

ENDED = "stream.ended"
"""The event that ends a stream for another reason than that everything is told: `why`, and `detail` for people."""

ASK_AGAIN_S = 5.0
"""Who was signed out, disabled or revoked is told nothing after this long."""

_logger = logging.getLogger(__name__)


class Ended(Exception):
    """The stream ends; `why` for programs, the message for people."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


class StillAllowed:
    """What a stream's reader may, asked anew every few seconds while it lasts.

    It is asked before something is told and not by a clock of its own: also where something happens all the time, and
    where the reader takes long over each event, nothing is told to who has been signed out for longer than that.

    Args:
        credentials: What the reader showed.
        service: The process's.
        permission: What they have to be allowed.
        on_change: Is told the caller, with the rights they have now.
        every_s: How long an answer holds.
    """

    def __init__(
        self,
        credentials: Credentials,
        service: Service,
        permission: Permission,
        *,
        on_change: Callable[[Caller], None] = lambda _: None,
        every_s: float = ASK_AGAIN_S,
    ) -> None:
        self._credentials, self._service, self._permission = credentials, service, permission
        self._on_change, self._every_s = on_change, every_s
        self._asked = monotonic()

    async def check(self) -> None:
        """Bring the reader's rights up to date, if they have not been for a while.

        Raises:
            Ended: There are none any more, or nobody knows.
        """
        if monotonic() - self._asked < self._every_s:
            return
        try:
            caller = await self._credentials.identify(self._service, in_use=False)
            allowed(self._permission).check(caller)
        except NotSignedIn as refused:
            raise Ended("not_signed_in", str(refused)) from None
        except NotAllowed as refused:
            raise Ended("not_allowed", str(refused)) from None
        except (SQLAlchemyError, OSError) as error:
            _logger.warning("who reads a stream cannot be found out (%s)", type(error).__name__)
            raise Ended("not_known", "whether you are still signed in cannot be found out now; come again") from None
        self._on_change(caller)
        self._asked = monotonic()
