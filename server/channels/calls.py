"""Calling a network over HTTP, with every failure told for what it leaves known.

A read that fails leaves nothing changed. A post that fails is another matter: only where no byte of the request can
have left, or where the network itself says no, is it known that the text was not taken.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic_core import from_json

from server.channels.pinned import AddressRefused
from server.channels.protocol import NetworkUnreachable, SendDelayed, SendRefused, SendUnknown

DEADLINE = timedelta(seconds=15)
_MOST_BYTES = 2 * 1024 * 1024
_NO_CONNECTION = timedelta(seconds=30)
_UNSAID = timedelta(seconds=60)
_LONGEST_WAIT = timedelta(hours=24)
# the connection did not come about, so nothing was sent on it
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NO_ADDRESS = (httpx.InvalidURL, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a network answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """The body as JSON; None if it is none."""
        try:
            return from_json(self.body)
        except ValueError:
            return None


class _AnswerTooLong(Exception):
    """A network answered with more than any answer needs."""


async def post_text(
    http: httpx.AsyncClient, url: str, *, content: bytes, headers: Mapping[str, str], now: datetime, deadline: timedelta
) -> Answer:
    """Make the call that posts a text; the answer says that it was taken.

    Raises:
        SendRefused: The network says no, or the address is none.
        SendDelayed: No connection, or the network says later.
        SendUnknown: Everything else.
    """
    try:
        answer = await _call(http, "POST", url, deadline, content=content, headers=headers)
    except AddressRefused as error:
        words = "the account's address leads to no machine that may be called; DESKSIDE_PRIVATE_HOSTS lists our own"
        raise SendRefused(words) from error
    except _NO_ADDRESS as error:
        raise SendRefused("the account's address is none that can be called") from error
    except _NOTHING_SENT as error:
        raise SendDelayed(f"no connection to the network ({type(error).__name__})", _NO_CONNECTION) from error
    except (httpx.HTTPError, TimeoutError, OSError, _AnswerTooLong) as error:
        raise SendUnknown(f"the network gave no whole answer ({type(error).__name__})") from error
    if 200 <= answer.status < 300:
        return answer
    if answer.status == 429:
        raise SendDelayed("the network asks to wait", _retry_after(answer.headers, now))
    if 400 <= answer.status < 500 and answer.status != 408:
        raise SendRefused(f"the network refuses the text with status {answer.status}")
    # a 500 may have been answered after the text was taken; a redirect tells nothing of what was done before
    raise SendUnknown(f"the network answered with status {answer.status}")


async def ask(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    deadline: timedelta,
    params: Mapping[str, str | int] | None = None,
) -> Answer:
    """Make a call that changes nothing, or nothing more when it is made again.

    Raises:
        NetworkUnreachable: No answer, or one that says to ask later.
    """
    try:
        answer = await _call(http, method, url, deadline, params=params)
    except (httpx.InvalidURL, httpx.HTTPError, TimeoutError, OSError, _AnswerTooLong) as error:
        raise NetworkUnreachable(f"the network gave no whole answer ({type(error).__name__})") from error
    if answer.status == 429 or answer.status >= 500:
        raise NetworkUnreachable(f"the network answered with status {answer.status}")
    return answer


async def _call(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    deadline: timedelta,
    **parts: Any,  # noqa: ANN401 - httpx's own
) -> Answer:
    # httpx's own limits are for each step; a network that answers a byte a second would hold us for hours
    async with asyncio.timeout(deadline.total_seconds()):
        response = await http.send(http.build_request(method, url, **parts), stream=True)
        try:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise _AnswerTooLong
            return Answer(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long to wait by the Retry-After header, in seconds or as a date; bounded, for it comes from outside."""
    told = headers.get("retry-after", "").strip()
    wait = _UNSAID
    if told.isascii() and told.isdigit() and len(told) < 9:
        wait = timedelta(seconds=int(told))
    else:
        with suppress(ValueError, TypeError):
            wait = parsedate_to_datetime(told) - now
    return min(max(wait, timedelta(seconds=1)), _LONGEST_WAIT)
