"""Fetching from an address that a stranger has named, without being sent anywhere else.

Only public addresses are called (server/channels/addresses.py), and so it is for each redirect. What comes is cut off
at a limit and is never unpacked.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ssl import SSLContext

import httpx

from server.channels.addresses import PORTS, Address, Reach, Resolve, is_public, look_up
from server.channels.pinned import AddressRefused, PinnedTransport

_MOST_REDIRECTS = 3
_DEADLINE = timedelta(seconds=30)
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity"}


class FetchRefused(Exception):
    """It will not be fetched, now or later; the words say why, without the address."""


class FetchFailed(Exception):
    """It could not be fetched; another try may succeed."""


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
    resolve: Resolve = look_up
    allowed: Callable[[Address], bool] = is_public
    ports: frozenset[int] = frozenset(PORTS.values())
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
                httpx.AsyncClient(transport=self._transport(), trust_env=False, timeout=10) as client,
            ):
                return await self._follow(client, url)
        except AddressRefused as error:
            raise FetchRefused(str(error)) from error
        except httpx.InvalidURL as error:
            raise FetchRefused("it is no address") from error
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise FetchFailed(f"no whole answer ({type(error).__name__})") from error

    async def _follow(self, client: httpx.AsyncClient, address: str) -> bytes:
        url = httpx.URL(address)
        for _ in range(_MOST_REDIRECTS + 1):
            self._check(url)
            response = await client.send(client.build_request("GET", url, headers=_HEADERS), stream=True)
            try:
                if not response.is_redirect:
                    return await self._read(response)
                url = url.join(response.headers["location"])
            finally:
                await response.aclose()
        raise FetchRefused("it leads from one address to the next")

    def _transport(self) -> PinnedTransport:
        return PinnedTransport(Reach(resolve=self.resolve, allowed=self.allowed), trust=self.trust)

    def _check(self, url: httpx.URL) -> None:
        port = url.port or PORTS.get(url.scheme)
        if url.scheme not in PORTS or not url.host or url.userinfo or port not in self.ports:
            raise FetchRefused("only plain http and https addresses are fetched")

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
