"""Calling over HTTP only where calls may go, and exactly where it was checked that they may."""

import asyncio
from collections.abc import Sequence
from ssl import SSLContext

import httpx

from server.channels.addresses import PORTS, NoAddress, NotReachable, Reach

_CONNECTIONS = 50


class AddressRefused(httpx.UnsupportedProtocol):
    """The address leads to no machine that may be called; nothing was sent."""


class PinnedTransport(httpx.AsyncBaseTransport):
    """Looks each name up itself, and connects to the address that it has checked, in the name that was meant.

    Proxies of the environment are not used: behind one it would be the proxy that looks names up.

    Args:
        reach: How far calls may go.
        trust: Whose certificates count; None: those that everybody trusts.
    """

    def __init__(self, reach: Reach, *, trust: SSLContext | None = None) -> None:
        self._reach = reach
        # No connection is kept: one to a number would be taken for the next name with that number, whoever's it is.
        limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=0)
        self._way = httpx.AsyncHTTPTransport(verify=trust or True, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Call.

        Raises:
            AddressRefused: It may not be called.
            httpx.ConnectError: The name has no address, or nobody answers there.
        """
        *others, last = await self._addresses(request)
        for address in others:
            try:
                return await self._way.handle_async_request(_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing has left on a connection that did not come about: the name's next address
        return await self._way.handle_async_request(_to(last, request))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._way.aclose()

    async def _addresses(self, request: httpx.Request) -> Sequence[str]:
        url = request.url
        port = url.port or PORTS.get(url.scheme)
        if port is None or not url.host:
            raise AddressRefused("only http and https addresses are called", request=request)
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("connect")):
                return await self._reach.addresses(_host(url), port)
        except NotReachable as error:
            raise AddressRefused(str(error), request=request) from error
        except NoAddress as error:
            raise httpx.ConnectError(str(error), request=request) from error
        except TimeoutError as error:
            raise httpx.ConnectTimeout("its name was not found in time", request=request) from error


def _to(address: str, request: httpx.Request) -> httpx.Request:
    """The request to this address; its Host header and the certificate that is asked for name the host."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": _host(request.url)},
    )


def _host(url: httpx.URL) -> str:
    """The host as names are looked up and certificates name it."""
    return url.raw_host.decode("ascii")
