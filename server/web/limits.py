"""What is not let in: unknown hosts, bodies that are too large, callers who ask too often."""

import asyncio
import ipaddress
import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import Refused, TooLarge, TooMany, Unprocessable
from server.staff.roles import Caller

OPERATING = frozenset({"/healthz", "/readyz", "/metrics"})
"""Addresses for whoever runs Deskside: they answer under any host name, as often as they are asked."""

_BODY_TIMEOUT_S = 30
_IN_ADDRESS = re.compile(rb"[\x00-\x1f\x7f]")
# as JSON writes them; tabs and the ends of lines belong to texts
_IN_BODY = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:u00(?:0[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF])|[bf])|\x7f")
_REMEMBERED = 20_000


class UnknownHost(Refused):
    """The name in the address is none of ours: a page of somebody else's may be behind it."""

    status = 400


class ControlCharacters(Unprocessable):
    """Signs that no person types and that no database of ours is asked to keep."""


class BodyTooLarge(TooLarge):
    """The body is larger than is taken."""


class BodyTooSlow(Refused):
    """The body did not come."""

    status = 408


class BodyCutOff(Refused):
    """The caller hung up before the body was whole; nobody reads this."""


class AskedTooOften(TooMany):
    """More requests than this caller or address has."""


class Doors:
    """Middleware: a known host, a body that is whole and not too large, no control characters in anything.

    The body is read here once; `request.state.body` is what came. Those of networks are taken as they are: what
    customers write is cleaned, not refused.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str],
        body_limit: int,
        upload_limits: Mapping[str, int],
        webhook_path: str,
    ) -> None:
        self._app = app
        self._webhook_path = webhook_path
        self._hosts = hosts
        self._body_limit = body_limit
        self._upload_limits = upload_limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["path"] not in OPERATING:
            self._check_host(headers.get("host", ""))
        _check_signs(_IN_ADDRESS, scope["path"].encode(errors="surrogateescape"), "the address")
        _check_signs(_IN_ADDRESS, unquote_to_bytes(scope["query_string"]), "the query")
        body = await self._read_body(headers, receive, self._limit_at(scope["path"]))
        if not scope["path"].startswith(self._webhook_path):
            _check_signs(_IN_BODY, body, "the body")
        scope.setdefault("state", {})["body"] = body
        await self._app(scope, _again(body, receive), send)

    def _check_host(self, host: str) -> None:
        name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdigit() else host
        if "*" not in self._hosts and name.strip("[]").casefold() not in self._hosts:
            raise UnknownHost("this host name is not one of ours; DESKSIDE_HOSTS lists those that are")

    def _limit_at(self, path: str) -> int:
        """The bytes that are taken at an address: more where files are uploaded."""
        limits = (limit for prefix, limit in self._upload_limits.items() if path.startswith(prefix))
        return max(self._body_limit, *limits, 0)

    async def _read_body(self, headers: Headers, receive: Receive, limit: int) -> bytes:
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > limit:
            raise _too_large(limit)
        body = bytearray()
        try:
            async with asyncio.timeout(_BODY_TIMEOUT_S):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise BodyCutOff("the body is not whole")
                    body += message.get("body", b"")
                    if len(body) > limit:
                        raise _too_large(limit)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise BodyTooSlow(f"the body did not come within {_BODY_TIMEOUT_S} s") from None


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"a body of more than {limit:,} bytes is not taken", limit=limit)


def _check_signs(signs: re.Pattern[bytes], given: bytes, where: str) -> None:
    if signs.search(given):
        raise ControlCharacters(f"{where} has control characters in it; leave them out")


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, and after that what comes: that the caller hung up."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


class Pace:
    """How often each name may: `rate` a second in the long run, `burst` at once."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> float:
        """Take one; 0, or in how many seconds there is one."""
        now = self._clock()
        left, since = self._left.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._left[name] = (left if wait else left - 1, now)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return wait


class RateLimits:
    """Middleware behind the one that finds the caller: so many requests for each caller, or for each address without.

    Networks that deliver posts are paced apart from people: they come in bursts, and each request proves itself by its
    signature.
    """

    def __init__(self, app: ASGIApp, *, callers: Pace, addresses: Pace, webhooks: Pace, webhook_path: str) -> None:
        self._app = app
        self._callers, self._addresses, self._webhooks = callers, addresses, webhooks
        self._webhook_path = webhook_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pass or refuse."""
        if scope["type"] == "http" and scope["path"] not in OPERATING and not scope["path"].startswith("/local/"):
            wait = self._take(scope)
            if wait:
                seconds = math.ceil(wait)
                raise AskedTooOften(f"too many requests; ask again in {seconds} s", retry_after=seconds)
        await self._app(scope, receive, send)

    def _take(self, scope: Scope) -> float:
        caller = scope["state"].get("caller")
        if isinstance(caller, Caller):
            return self._callers.take(caller.id)
        pace = self._webhooks if scope["path"].startswith(self._webhook_path) else self._addresses
        return pace.take(_network((scope.get("client") or ("", 0))[0]))


def _network(address: str) -> str:
    """The address; of version 6 the network, for each customer of a provider has a whole one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address) and not known.is_loopback:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
