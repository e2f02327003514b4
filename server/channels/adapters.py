"""The code that speaks to each kind of network, by the name an account gives; loaded when it is first needed."""

import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.channels.addresses import Reach
from server.channels.protocol import Channel
from server.channels.signatures import secret_of
from server.errors import Unprocessable
from server.models import AccountRow

if TYPE_CHECKING:
    import httpx

ADAPTERS = {
    "webhook": "server.channels.webhook:WebhookChannel",
    "simulated": "server.channels.simulated.adapter:SimulatedChannel",
}

POLLED = frozenset({"simulated"})
"""Those whose network has to be asked what has happened; the others call us."""


class UnknownAdapter(Unprocessable):
    """An account names an adapter that there is not."""

    def __init__(self, adapter: str) -> None:
        super().__init__(f"there is no adapter {adapter!r}; there are: {', '.join(ADAPTERS)}")


def open_channel(
    account: AccountRow, *, secret: str, http: "httpx.AsyncClient", clock: Callable[[], datetime]
) -> Channel:
    """The way to this account's network; holds nothing open of its own.

    Raises:
        UnknownAdapter: The account is from another version of Deskside, or written by hand.
    """
    target = ADAPTERS.get(account.adapter)
    if target is None:
        raise UnknownAdapter(account.adapter)
    module, name = target.split(":")
    make: Any = getattr(importlib.import_module(module), name)
    channel: Channel = make(account, secret=secret, http=http, clock=clock)
    return channel


@asynccontextmanager
async def open_channels(
    derive: Callable[[str], bytes], *, clock: Callable[[], datetime], home: Path, reach: Reach
) -> AsyncIterator[Callable[[AccountRow], Channel]]:
    """What gives each account its channel; all share one HTTP client, opened at the first.

    Args:
        derive: Gives the key of a purpose (server/secret.py).
        clock: The time.
        home: Where the simulated network keeps its posts, for accounts that name no address of one.
        reach: Which machines the accounts' addresses may lead to.
    """
    client: list[httpx.AsyncClient] = []

    def channel(account: AccountRow) -> Channel:
        if not client:
            client.append(_open_client(home, reach))
        return open_channel(account, secret=secret_of(account, derive), http=client[0], clock=clock)

    try:
        yield channel
    finally:
        for http in client:
            await http.aclose()


def _open_client(home: Path, reach: Reach) -> "httpx.AsyncClient":
    import httpx

    from server.channels.pinned import PinnedTransport
    from server.channels.simulated.adapter import IN_PROCESS
    from server.channels.simulated.inside import network_in

    return httpx.AsyncClient(
        timeout=httpx.Timeout(10, connect=5),
        transport=PinnedTransport(reach),
        # a text for a customer goes where the account says and nowhere else
        follow_redirects=False,
        mounts={IN_PROCESS: httpx.ASGITransport(app=network_in(home))},
    )
