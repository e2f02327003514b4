"""Asking a port that may not answer: what is missing then is noted, and nothing is claimed that would rest on it."""

from collections.abc import Awaitable
from typing import TypeVar

from tools.ports import PortUnavailable

Found = TypeVar("Found")


async def reach(asked: Awaitable[Found], otherwise: Found, port: str, unreachable: list[str]) -> Found:
    """What the port answers; `otherwise`, and its name in `unreachable`, if it does not."""
    try:
        return await asked
    except PortUnavailable:
        if port not in unreachable:
            unreachable.append(port)
        return otherwise
