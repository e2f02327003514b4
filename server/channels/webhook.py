"""The generic webhook: signed JSON in (server/channels/wire.py), signed JSON out.

Out goes one POST per text to the account's address: `{"type": "reply", "key", "account", "text", "reply_to",
"recipient", "private"}`. The other end answers 2xx with `{"id": …}` once it has the text; it is told the same key in
every attempt, and should answer a key that it knows with the id it gave. It cannot be searched, so that a text whose
fate is unknown waits for a person's word.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic_core import to_json

from server.channels import calls, signatures
from server.channels.protocol import Incoming, NotOffered, Outgoing, SendRefused
from server.channels.signed import SignedChannel

_LONGEST_ID = 300


class WebhookChannel(SignedChannel):
    """An account whose network is whatever stands behind an address (`Channel`)."""

    settles_after: timedelta | None = None

    async def poll(self, cursor: str | None) -> tuple[Sequence[Incoming], str | None]:
        """Nothing: the other end calls us."""
        return (), cursor

    async def read(self, network_id: str) -> Incoming | None:
        """Not offered: what we know of a post is what we were told."""
        raise NotOffered("a webhook cannot be asked how a post stands now")

    async def send(self, outgoing: Outgoing) -> str:
        """Post a text to the account's address."""
        url = self._account.settings.get("url")
        if not url:
            raise SendRefused(f"the account {self._account.id} has no address to send to")
        now = self._clock()
        body = to_json(
            {
                "type": "reply",
                "key": outgoing.key,
                "account": self._account.id,
                "text": outgoing.text,
                "reply_to": outgoing.reply_to,
                "recipient": outgoing.recipient,
                "private": outgoing.private,
            }
        )
        headers = {
            "Content-Type": "application/json",
            signatures.HEADER: signatures.sign(self._secret, body, now=now),
        }
        answer = await calls.post_text(
            self._http, str(url), content=body, headers=headers, now=now, deadline=self._deadline
        )
        told = answer.json()
        given = told.get("id") if isinstance(told, dict) else None
        # what answers 2xx has taken the text; without an id of its own it is known by our key
        return given if isinstance(given, str) and 0 < len(given) <= _LONGEST_ID else outgoing.key

    async def find(self, outgoing: Outgoing, *, since: datetime) -> str | None:
        """Not offered."""
        raise NotOffered("a webhook cannot be searched; only a person can say whether the text was posted")

    async def withdraw(self, network_id: str) -> None:
        """Not offered: what was handed over is out of our hands."""
        raise NotOffered("what was sent over a webhook can only be deleted at its other end")
