"""Fetching from an address that a stranger has named, without being sent anywhere else.

The name is resolved once, every address it has must be a public one, and the connection goes to the very address that
was checked; so it is for each redirect. What comes is cut off at a limit and is never unpacked.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ssl import SSLContext

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_MOST_REDIRECTS = 3
_DEADLINE = timedelta(seconds=30)
_PORTS = {"http": 80, "https": 443}
# addresses that carry an IPv4 address inside, by which a private one could be reached
_CARRIERS = tuple(
    ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


class FetchRefused(Exception):
    """It will not be fetched, now or later; the words say why, without the address."""


class FetchFailed(Exception):
    """It could not be fetched; another try may succeed."""


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


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How strangers' addresses are fetched.

    Args:
        limit: The most bytes.
        resolve: Gives the addresses of a name.
        allowed: Which addresses may be called.
        ports: Which ports.
        trust: Whose certificates count; None: those that everybody trusts.
    """

    limit: int
    resolve: Resolve = resolve
    allowed: Callable[[Address], bool] = is_public
    ports: frozenset[int] = frozenset(_PORTS.values())
    trust: SSLContext | None = None
    deadline: timedelta = _DEADLINE

    async def fetch(self, url: str) -> bytes:
        """What is found at the address.

        Raises:
            FetchRefused: The address may not be called, or there is too much there or nothing of use.
            FetchFailed: No answer, or none that says anything for good.
        """
        try:
            async with (
                asyncio.timeout(self.deadline.total_seconds()),
                httpx.AsyncClient(
                    verify=self.trust or True, trust_env=False, follow_redirects=False, timeout=10
                ) as client,
            ):
                return await self._follow(client, url)
        except httpx.InvalidURL as error:
            raise FetchRefused("it is no address") from error
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise FetchFailed(f"no whole answer ({type(error).__name__})") from error

    async def _follow(self, client: httpx.AsyncClient, address: str) -> bytes:
        url = httpx.URL(address)
        for _ in range(_MOST_REDIRECTS + 1):
            request = await self._pinned(client, url)
            response = await client.send(request, stream=True)
            try:
                if not response.is_redirect:
                    return await self._read(response)
                # the request names a number; what it leads to is relative to the name
                url = url.join(response.headers["location"])
            finally:
                await response.aclose()
        raise FetchRefused("it leads from one address to the next")

    async def _pinned(self, client: httpx.AsyncClient, url: httpx.URL) -> httpx.Request:
        """A request to an address that was checked, in the name of the host that was meant."""
        port = url.port or _PORTS.get(url.scheme)
        if url.scheme not in _PORTS or not url.host or url.userinfo or port not in self.ports:
            raise FetchRefused("only plain http and https addresses are fetched")
        try:
            found = [ipaddress.ip_address(one.partition("%")[0]) for one in await self.resolve(url.host, port)]
        except (socket.gaierror, UnicodeError) as error:
            raise FetchFailed("its name has no address") from error
        # one bad address is enough: which of them would be taken is up to whoever owns the name
        if not found or not all(self.allowed(one) for one in found):
            raise FetchRefused("its address is not a public one")
        headers = {"Host": url.netloc.decode("ascii"), "Accept": "*/*", "Accept-Encoding": "identity"}
        return client.build_request(
            "GET", url.copy_with(host=str(found[0])), headers=headers, extensions={"sni_hostname": url.host}
        )

    async def _read(self, response: httpx.Response) -> bytes:
        if response.status_code in (404, 410, 401, 403):
            raise FetchRefused(f"it is not there (status {response.status_code})")
        if response.status_code != 200:
            raise FetchFailed(f"its server answered with status {response.status_code}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise FetchRefused("it comes packed, although it was asked for as it is")
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > self.limit:
                raise FetchRefused(f"it is larger than {self.limit:,} bytes")
        if not body:
            raise FetchRefused("it is empty")
        return bytes(body)
