"""A social network in memory that behaves: it keeps what it takes, shows it late, and misbehaves when told to."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from server.channels.protocol import (
    Happened,
    Incoming,
    NetworkUnreachable,
    NotOffered,
    Outgoing,
    SendDelayed,
    SendRefused,
    SendUnknown,
)
from server.models import AccountRow


class Turn(StrEnum):
    """What the network does with the next text."""

    TAKE = "take"
    REFUSE = "refuse"
    DELAY = "delay"
    TAKE_SILENTLY = "take silently"
    LOSE_SILENTLY = "lose silently"
    TAKE_AND_DIE = "take and die"
    DIE = "die"


class ProcessDied(BaseException):
    """The process that sends is no more: nothing that follows the call happens."""


@dataclass
class NetworkPost:
    id: str
    author: str
    text: str
    at: datetime
    reply_to: str | None = None
    recipient: str | None = None
    private: bool = False
    deleted: bool = False


@dataclass
class FakeNetwork:
    """`visible_after` is how late what it has taken can be found; it keeps no key."""

    clock: Callable[[], datetime]
    visible_after: timedelta = timedelta()
    settles_after: timedelta | None = timedelta(seconds=5)
    retry_after: timedelta = timedelta(seconds=90)
    posts: list[NetworkPost] = field(default_factory=list)
    turns: deque[Turn] = field(default_factory=deque)
    calls: list[Outgoing] = field(default_factory=list)
    reachable: bool = True
    can_be_read: bool = True
    can_withdraw: bool = True
    before_send: Callable[[], object] = lambda: None
    on_read: Callable[[], object] = lambda: None
    on_find: Callable[[], object] = lambda: None
    while_sending: Callable[[], Awaitable[None]] | None = None
    after_taking: Callable[[], Awaitable[None]] | None = None

    def write(self, author: str, text: str) -> NetworkPost:
        post = NetworkPost(f"n{len(self.posts) + 1}", author, text, self.clock())
        self.posts.append(post)
        return post

    def ours(self, handle: str = "FernhollowHelp") -> list[NetworkPost]:
        return [post for post in self.posts if post.author == handle and not post.deleted]

    def texts(self) -> list[str]:
        return [post.text for post in self.ours()]

    def post(self, network_id: str) -> NetworkPost:
        return next(post for post in self.posts if post.id == network_id)

    def take(self, account: AccountRow, outgoing: Outgoing) -> str:
        post = self.write(account.handle, outgoing.text)
        post.reply_to, post.recipient, post.private = outgoing.reply_to, outgoing.recipient, outgoing.private
        return post.id


class FakeChannel:
    """An account on the fake network (`Channel`)."""

    def __init__(self, network: FakeNetwork, account: AccountRow) -> None:
        self._network = network
        self._account = account
        self.settles_after = network.settles_after

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
        return None

    def receive(self, body: bytes) -> Sequence[Incoming]:
        return ()

    async def poll(self, cursor: str | None) -> tuple[Sequence[Incoming], str | None]:
        return (), cursor

    async def read(self, network_id: str) -> Incoming | None:
        self._network.on_read()
        self._reach()
        if not self._network.can_be_read:
            raise NotOffered("this network cannot be asked")
        for post in self._network.posts:
            if post.id == network_id and not post.deleted:
                happened = Happened.POSTED
                return Incoming(post.id, post.reply_to or post.id, post.author, post.text, post.at, happened)
        return None

    async def send(self, outgoing: Outgoing) -> str:
        self._network.before_send()
        if self._network.while_sending is not None:
            await self._network.while_sending()
        self._network.calls.append(outgoing)
        turn = self._network.turns.popleft() if self._network.turns else Turn.TAKE
        if turn is Turn.REFUSE:
            raise SendRefused("the text is too long")
        if turn is Turn.DELAY:
            raise SendDelayed("too many", self._network.retry_after)
        if turn is Turn.DIE:
            raise ProcessDied
        if turn is Turn.LOSE_SILENTLY:
            raise SendUnknown("no answer")
        taken = self._network.take(self._account, outgoing)
        if self._network.after_taking is not None:
            await self._network.after_taking()
        if turn is Turn.TAKE_SILENTLY:
            raise SendUnknown("no answer")
        if turn is Turn.TAKE_AND_DIE:
            raise ProcessDied
        return taken

    async def find(self, outgoing: Outgoing, *, since: datetime) -> str | None:
        self._network.on_find()
        self._reach()
        if self.settles_after is None:
            raise NotOffered("this network cannot be searched")
        for post in self._network.ours(self._account.handle):
            seen = post.at >= since and self._network.clock() >= post.at + self._network.visible_after
            if seen and (post.text, post.reply_to) == (outgoing.text, outgoing.reply_to):
                return post.id
        return None

    async def withdraw(self, network_id: str) -> None:
        self._reach()
        if not self._network.can_withdraw:
            raise NotOffered("what was sent stays")
        for post in self._network.posts:
            if post.id == network_id:
                post.deleted = True

    def _reach(self) -> None:
        if not self._network.reachable:
            raise NetworkUnreachable("no answer")
