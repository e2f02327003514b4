"""The tools' ports over the shop's tables. Each call opens its own short session and closes it before it returns."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading
from server.promises import repository as promises
from server.questions.known import with_answers
from server.shop import repository
from server.shop.freshness import Freshness
from server.shop.records import promise_record
from tools.ports import Identity, PortUnavailable
from tools.records import Customer, Known, Order, PastPost, Product, Promise

# If one customer has a handle twice, the surer entry counts.
_SURENESS = (Known.POSSIBLE, Known.LINKED, Known.VERIFIED)
_ANY_AGE = Freshness()


class SqlCustomers:
    """The shop's customers (`tools.ports.Customers`)."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def identify(self, *, brand: str | None, channel: str, handle: str) -> Identity:
        """Who this handle is; unknown if nobody or several fit."""
        async with _answering("customers", self._engine) as session:
            return await self.identify_in(session, brand=brand, channel=channel, handle=handle)

    async def identify_in(self, session: AsyncSession, *, brand: str | None, channel: str, handle: str) -> Identity:
        """The same for who has a session open already."""
        found = await repository.customers_of_handle(session, brand=brand, channel=channel, handle=handle)
        if len({customer for customer, _ in found}) != 1:
            return Identity(Known.UNKNOWN)
        customer, known = max(found, key=lambda match: _SURENESS.index(match[1]))
        return Identity(known, customer if known is not Known.POSSIBLE else None)

    async def get(self, customer: str) -> Customer | None:
        """The customer of this id, with what they have answered to our questions."""
        async with _answering("customers", self._engine) as session:
            found = await repository.find_customer(session, customer)
            return await with_answers(session, found) if found is not None else None


class SqlOrders:
    """The shop's orders (`tools.ports.Orders`); none where the last import is longer ago than it may be."""

    def __init__(
        self, engine: AsyncEngine, *, freshness: Freshness = _ANY_AGE, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._engine = engine
        self._freshness = freshness
        self._clock = clock or partial(datetime.now, UTC)

    async def get(self, customer: str, order: str) -> Order | None:
        """This customer's order of this id; somebody else's is not found."""
        async with self._fresh() as session:
            return await repository.find_order(session, customer, order)

    async def latest(self, customer: str, *, limit: int) -> Sequence[Order]:
        """This customer's orders, open ones first, then newest first."""
        async with self._fresh() as session:
            return await repository.latest_orders(session, customer, limit=limit)

    async def product(self, product: str) -> Product | None:
        """The product of this id."""
        async with self._fresh() as session:
            return await repository.find_product(session, product)

    @asynccontextmanager
    async def _fresh(self) -> AsyncIterator[AsyncSession]:
        async with _answering("orders", self._engine) as session:
            outage = await self._freshness.too_old(session, self._clock())
            if outage is not None:
                raise PortUnavailable(outage.port, as_of=outage.as_of)
            yield session


class SqlPromises:
    """Commitments that were sent (`tools.ports.Promises`)."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open_for(self, customer: str) -> Sequence[Promise]:
        """What this customer was promised and has not been given, oldest first."""
        async with _answering("promises", self._engine) as session:
            return tuple(promise_record(row) for row in await promises.open_for(session, customer))


class SqlConversations:
    """What was said before (`tools.ports.Conversations`)."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def earlier(self, customer: str, *, limit: int) -> Sequence[PastPost]:
        """Posts of this customer's earlier cases and our answers, newest first."""
        async with _answering("conversations", self._engine) as session:
            return await repository.past_posts(session, customer, limit=limit)


@asynccontextmanager
async def _answering(port: str, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session to read from; a database that does not answer is a port that is unavailable."""
    try:
        async with reading(engine) as session:
            yield session
    except (DBAPIError, NoConnectionFree, OSError) as error:
        raise PortUnavailable(port) from error
