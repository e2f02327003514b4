"""What channels have in common whose other end tells us things over our own webhook."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from server.channels import calls, signatures, wire
from server.channels.protocol import Incoming
from server.models import AccountRow


class SignedChannel:
    """An account whose network signs what it tells with the account's secret; adapters add the way out.

    Args:
        account: The account.
        secret: What both ends sign with.
        http: Makes the calls; it knows where none may go.
        clock: The time.
        deadline: How long a whole call may take.
    """

    def __init__(
        self,
        account: AccountRow,
        *,
        secret: str,
        http: httpx.AsyncClient,
        clock: Callable[[], datetime],
        deadline: timedelta = calls.DEADLINE,
    ) -> None:
        self._account = account
        self._secret = secret
        self._http = http
        self._clock = clock
        self._deadline = deadline

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
        """Refuse what is not signed with the account's secret."""
        signatures.check(self._secret, signatures.header_of(headers), body, now=now)

    def receive(self, body: bytes) -> Sequence[Incoming]:
        """What a verified request tells."""
        return wire.read_events(body)
