"""Since when a port has not answered, for everything that says so.

In the process, not in the database: what does not answer may be the database itself. Each process tells what it has
seen; one that was started meanwhile tells the first time that it asked in vain.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from tools.ports import Conversations, Customers, Identity, Orders, Outage, PortUnavailable, Promises
from tools.records import Customer, Order, PastPost, Product, Promise


class Outages:
    """The ports that do not answer now, each since the first call in vain; the first answer ends it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._since: dict[str, datetime] = {}

    @property
    def standing(self) -> tuple[Outage, ...]:
        """Those that have not answered the last time they were asked."""
        return tuple(Outage(port, since) for port, since in sorted(self._since.items()))

    @contextmanager
    def asking(self, port: str) -> Iterator[None]:
        """Around a call: what it raises says since when; data that is too old is an answer all the same.

        Raises:
            PortUnavailable: The port does not answer, or has nothing that can be said.
        """
        try:
            yield
        except PortUnavailable as error:
            if error.outage.as_of is not None:
                self._since.pop(port, None)
                raise
            since = self._since.setdefault(port, error.outage.since or self._clock())
            raise PortUnavailable(port, error.outage.since or since) from error
        self._since.pop(port, None)


class WatchedCustomers:
    """Customers whose outages are remembered (`tools.ports.Customers`)."""

    def __init__(self, customers: Customers, outages: Outages) -> None:
        self._customers = customers
        self._outages = outages

    async def identify(self, *, brand: str | None, channel: str, handle: str) -> Identity:
        """Who this handle is."""
        with self._outages.asking("customers"):
            return await self._customers.identify(brand=brand, channel=channel, handle=handle)

    async def get(self, customer: str) -> Customer | None:
        """The customer of this id."""
        with self._outages.asking("customers"):
            return await self._customers.get(customer)


class WatchedOrders:
    """Orders whose outages are remembered (`tools.ports.Orders`)."""

    def __init__(self, orders: Orders, outages: Outages) -> None:
        self._orders = orders
        self._outages = outages

    async def get(self, customer: str, order: str) -> Order | None:
        """This customer's order of this id."""
        with self._outages.asking("orders"):
            return await self._orders.get(customer, order)

    async def latest(self, customer: str, *, limit: int) -> Sequence[Order]:
        """This customer's orders, open ones first, then newest first."""
        with self._outages.asking("orders"):
            return await self._orders.latest(customer, limit=limit)

    async def product(self, product: str) -> Product | None:
        """The product of this id."""
        with self._outages.asking("orders"):
            return await self._orders.product(product)


class WatchedPromises:
    """Promises whose outages are remembered (`tools.ports.Promises`)."""

    def __init__(self, promises: Promises, outages: Outages) -> None:
        self._promises = promises
        self._outages = outages

    async def open_for(self, customer: str) -> Sequence[Promise]:
        """What this customer was promised and has not been given, oldest first."""
        with self._outages.asking("promises"):
            return await self._promises.open_for(customer)


class WatchedConversations:
    """Conversations whose outages are remembered (`tools.ports.Conversations`)."""

    def __init__(self, conversations: Conversations, outages: Outages) -> None:
        self._conversations = conversations
        self._outages = outages

    async def earlier(self, customer: str, *, limit: int) -> Sequence[PastPost]:
        """Posts of this customer's earlier cases and our answers, newest first."""
        with self._outages.asking("conversations"):
            return await self._conversations.earlier(customer, limit=limit)
