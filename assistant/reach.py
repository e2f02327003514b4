"""Asking a port that may not answer: what is missing then is noted, and nothing is claimed that would rest on it."""

from collections.abc import Awaitable, Sequence
from typing import Never, TypeVar

from tools.ports import Outage, PortUnavailable
from tools.records import Order, Product

Found = TypeVar("Found")


async def reach(asked: Awaitable[Found], otherwise: Found, port: str, outages: list[Outage]) -> Found:
    """What the port answers; if it does not `otherwise`, and why in `outages`, once for each port."""
    try:
        return await asked
    except PortUnavailable as error:
        if outage_of(port, outages) is None:
            outages.append(error.outage if error.port == port else Outage(port))
        return otherwise


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
