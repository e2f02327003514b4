"""Asking a port that may not answer: what is missing then is noted, and nothing is claimed that would rest on it."""

import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from typing import Never, TypeVar

from tools.calls import ToolCall
from tools.ports import Outage, PortUnavailable
from tools.records import Order, Product

Found = TypeVar("Found")


@dataclass(slots=True)
class Reads:
    """What is read ahead of any writing: each call in the order in which they began, and what did not answer."""

    outages: list[Outage] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)


async def reach(
    asked: Awaitable[Found], otherwise: Found, port: str, reads: Reads, call: str, **arguments: object
) -> Found:
    """What the port answers; if it does not `otherwise`, and why among the outages, once for each port.

    Args:
        asked: The call itself.
        otherwise: Stands for what is not known then.
        port: Whose name an outage has.
        reads: Where it is noted.
        call: The tool that reads the same when the model asks.
        **arguments: What it is called with.
    """
    place, began = len(reads.calls), time.perf_counter()
    noted = ToolCall(call, {name: value for name, value in arguments.items() if value is not None}, ahead=True)
    reads.calls.append(noted)
    try:
        found = await asked
        noted = replace(noted, result=found)
    except PortUnavailable as error:
        if outage_of(port, reads.outages) is None:
            reads.outages.append(error.outage if error.port == port else Outage(port))
        noted, found = replace(noted, outage=error.outage.words()), otherwise
    reads.calls[place] = replace(noted, ms=(time.perf_counter() - began) * 1000)
    return found


def outage_of(port: str, outages: Sequence[Outage]) -> Outage | None:
    """Why this port could not be read; None if it could."""
    return next((outage for outage in outages if outage.port == port), None)


class UnreadOrders:
    """Orders that could not be read when a turn began, and so cannot be read by it later (`tools.ports.Orders`)."""

    def __init__(self, outage: Outage) -> None:
        self._outage = outage

    async def get(self, customer: str, order: str) -> Order | None:
        """Nothing."""
        self._refuse()

    async def latest(self, customer: str, *, limit: int) -> Sequence[Order]:
        """Nothing."""
        self._refuse()

    async def product(self, product: str) -> Product | None:
        """Nothing."""
        self._refuse()

    def _refuse(self) -> Never:
        raise PortUnavailable(self._outage.port, self._outage.since, as_of=self._outage.as_of)
