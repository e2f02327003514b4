"""What Deskside needs of a network. Every adapter implements it; one contract suite runs over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from server.errors import Refused


class Happened(StrEnum):
    """What the network tells of a post."""

    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class IncomingAttachment:
    """Something that came with a post; `url` is where its bytes can be fetched, if anywhere."""

    type: str
    alt: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A post as the network tells it. `thread` is the network's id of the first post of its thread; "": not told.

    `author` is a handle without @; `from_brand` whether the account itself wrote it; `reach` how many may see it,
    where the network says so; `edited_at` when it got the text it has, if that was not its first; `private_to` the
    handle of the only person who sees it beside us. A deleted post has no text.
    """

    network_id: str
    thread: str
    author: str
    text: str
    sent_at: datetime
    happened: Happened = Happened.POSTED
    in_reply_to: str | None = None
    from_brand: bool = False
    private_to: str | None = None
    edited_at: datetime | None = None
    reach: int | None = None
    attachments: tuple[IncomingAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text to be posted. `reply_to` is the network's id of the post answered, `recipient` the author's handle.

    `private` goes to the recipient alone. `key` is ours and the same in every attempt.
    """

    key: str
    text: str
    reply_to: str
    recipient: str
    private: bool


class SignatureRefused(Refused):
    """What came in is not signed by whom it should be, or was sent before."""

    status = 401


class SendRefused(Exception):
    """The network will not take this text, now or later; the words say why."""


class SendDelayed(Exception):
    """The network has not taken the text, and says when to ask again."""

    def __init__(self, words: str, retry_after: timedelta) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class SendUnknown(Exception):
    """Nobody knows whether the network has taken the text: no answer, or half of one. Look before anything else."""


class NetworkUnreachable(Exception):
    """A read was not answered; nothing was changed."""


class NotOffered(Refused):
    """The network has no such thing (to withdraw a direct message, say)."""

    status = 422


class Channel(Protocol):
    """One account on one network."""

    @property
    def settles_after(self) -> timedelta | None:
        """How long the network may take until what it has taken can be found.

        After that a look that finds nothing is an answer. None: the network cannot be searched, and only a person can
        say.
        """
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
        """Refuse what the network has not sent.

        Raises:
            SignatureRefused: Unsigned, wrongly signed, or too old.
        """
        ...

    def receive(self, body: bytes) -> Sequence[Incoming]:
        """What a verified request tells.

        Raises:
            Unprocessable: The body is not what this network sends; the words name the field.
        """
        ...

    async def poll(self, cursor: str | None) -> tuple[Sequence[Incoming], str | None]:
        """What has happened since the cursor, oldest first, and the next cursor; nothing where the network calls us.

        Raises:
            NetworkUnreachable: Try again later, with the same cursor.
        """
        ...

    async def read(self, network_id: str) -> Incoming | None:
        """A post as it stands now; None if it is gone.

        Raises:
            NetworkUnreachable: Not known.
            NotOffered: This network cannot be asked.
        """
        ...

    async def send(self, outgoing: Outgoing) -> str:
        """Post a text; the network's id of it.

        Raises:
            SendRefused: It will never be taken.
            SendDelayed: It was not taken, and may be later.
            SendUnknown: It may have been taken.
        """
        ...

    async def find(self, outgoing: Outgoing, *, since: datetime) -> str | None:
        """The network's id of this text, if we have posted it since then; by our key where the network keeps one.

        Raises:
            NetworkUnreachable: Not known.
            NotOffered: This network cannot be searched.
        """
        ...

    async def withdraw(self, network_id: str) -> None:
        """Delete what we have posted; done as well if it is gone already.

        Raises:
            NetworkUnreachable: Not known whether it is gone; can be asked again.
            NotOffered: What was sent stays.
        """
        ...
