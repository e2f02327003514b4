"""Which machines an address that somebody has named may lead to: those of the internet, and of ours those we list.

A name is somebody else's word. It is looked up once for each call, every address it has must be one that may be
called, and the call goes to the very address that was checked (server/channels/pinned.py).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

PORTS = {"http": 80, "https": 443}
_PATIENCE_S = 5.0
# addresses that carry an IPv4 address inside, by which a private one could be reached
_CARRIERS = tuple(
    ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


class NotReachable(Exception):
    """The name leads to no machine that may be called; the words do not say to which it does."""


class NoAddress(Exception):
    """The name has no address now."""


def is_public(address: Address) -> bool:
    """Whether this address belongs to the internet, and to no machine or network of ours."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _CARRIERS):
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far calls may go.

    Args:
        private_hosts: Hosts, as `host` or `host:port`, that may have any address: machines of our own. They are
            compared with what an address is written with, so that no other name leads to them.
        resolve: Gives the addresses of a name.
        allowed: Which addresses all others may have.
    """

    private_hosts: frozenset[str] = frozenset()
    resolve: Resolve = look_up
    allowed: Callable[[Address], bool] = is_public

    @classmethod
    def of(cls, private_hosts: str) -> "Reach":
        """With hosts as the setting lists them, comma-separated."""
        named = (host.strip().casefold() for host in private_hosts.split(","))
        return cls(frozenset(host for host in named if host))

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses that a call to this host may go to, the best first.

        Raises:
            NotReachable: One of them may not be called. Which would be taken is up to whoever owns the name.
            NoAddress: The name has none now.
        """
        try:
            found = [ipaddress.ip_address(one.partition("%")[0]) for one in await self.resolve(host, port)]
        except (socket.gaierror, UnicodeError) as error:
            raise NoAddress("its name has no address") from error
        if not found or not (self._is_ours(host, port) or all(self.allowed(one) for one in found)):
            raise NotReachable("its address is not a public one")
        return [str(one) for one in found]

    async def check(self, url: str) -> None:
        """Whether an address may be called as its name stands now; a host of ours may, wherever it is.

        Raises:
            NotReachable: It may not; a name without an address is told in the same words as one inside our network.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
            if not self._is_ours(host, port):
                async with asyncio.timeout(_PATIENCE_S):
                    await self.addresses(host, port)
        except (NotReachable, NoAddress, KeyError, ValueError, TimeoutError):
            raise NotReachable("it leads to no machine that may be called") from None

    def _is_ours(self, host: str, port: int) -> bool:
        name = host.strip("[]").casefold()
        named = f"[{name}]" if ":" in name else name
        return not self.private_hosts.isdisjoint({name, named, f"{named}:{port}"})
