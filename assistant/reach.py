"""Asking a port that may not answer: what is missing then is noted, and nothing is claimed that would rest on it."""

from collections.abc import Awaitable
from typing import TypeVar

from tools.ports import PortUnavailable

Found = TypeVar("Found")


async def reach(asked: Awaitable[Found], otherwise: Found, port: str, unreachable: list[str]) -> Found:
    """What the port answers; if it does not `otherwise`, and in `unreachable`, once for each port, since when."""
    try:
        return await asked
    except PortUnavailable as error:
        if not any(words.startswith(f"{port} ") for words in unreachable):
            unreachable.append(str(error) if error.port == port else f"{port} unreachable")
        return otherwise
