"""What the assistant needs of the world. The server implements these over SQL and the index; tests over memory.

Every method is asynchronous and may raise `PortUnavailable`; callers then make no claim that rests on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from tools.records import Customer, Destination, Known, Order, Passage, PastPost, Product, Promise


@dataclass(frozen=True, slots=True)
class Outage:
    """Why nothing of a port's data is said: it has not answered `since`, or its data is of `as_of` and too old."""

    port: str
    since: datetime | None = None
    as_of: datetime | None = None

    def words(self, now: datetime | None = None) -> str:
        """For people: "orders unreachable since 14:03 UTC", or "orders as of 14:03 UTC, 19 November".

        Since when is told without the day if that is today's; neither is told with the year if that is this one.
        """
        if self.as_of is not None:
            return f"{self.port} as of {_clock(self.as_of)}, {_day(self.as_of, now)}"
        if self.since is None:
            return f"{self.port} unreachable"
        today = now is not None and _day(now, None) == _day(self.since, None)
        return f"{self.port} unreachable since {_clock(self.since)}" + ("" if today else f", {_day(self.since, now)}")


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M} UTC"


def _day(moment: datetime, now: datetime | None) -> str:
    day = moment.astimezone(UTC)
    this_year = now is not None and now.astimezone(UTC).year == day.year
    return f"{day.day} {day:%B}" + ("" if this_year else f" {day.year}")


class PortUnavailable(Exception):
    """The system behind a port does not answer, or its data is too old to be said."""

    def __init__(self, port: str, since: datetime | None = None, *, as_of: datetime | None = None) -> None:
        self.outage = Outage(port, since, as_of)
        super().__init__(self.outage.words())

    @property
    def port(self) -> str:
        """The port's name."""
        return self.outage.port


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a handle is. `customer` is set for verified and linked handles only (rule 1)."""

    known: Known
    customer: str | None = None

    def __post_init__(self) -> None:
        if (self.customer is not None) != (self.known in (Known.VERIFIED, Known.LINKED)):
            raise ValueError(f"a {self.known} identity {'needs a' if self.customer is None else 'has no'} customer")


class Customers(Protocol):
    """The shop's customers."""

    async def identify(self, *, brand: str | None, channel: str, handle: str) -> Identity:
        """Who this handle is (a leading @ and case do not matter); unknown if nobody or several fit."""
        ...

    async def get(self, customer: str) -> Customer | None:
        """The customer of this id."""
        ...


class Orders(Protocol):
    """The shop's orders. Every read names the customer; an order of somebody else does not exist here."""

    async def get(self, customer: str, order: str) -> Order | None:
        """This customer's order of this id (case, a leading # and spaces do not matter)."""
        ...

    async def latest(self, customer: str, *, limit: int) -> Sequence[Order]:
        """This customer's orders, open ones first, then newest first."""
        ...

    async def product(self, product: str) -> Product | None:
        """The product of this id."""
        ...


class Promises(Protocol):
    """Commitments that were sent."""

    async def open_for(self, customer: str) -> Sequence[Promise]:
        """What this customer was promised and has not been given, oldest first."""
        ...


class Conversations(Protocol):
    """What was said before."""

    async def earlier(self, customer: str, *, limit: int) -> Sequence[PastPost]:
        """Posts of this customer's earlier cases and our answers, newest first."""
        ...


class Passages(Protocol):
    """The policies' index."""

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        """The passages that answer `query`, best first; none below the relevance threshold.

        Only documents of this brand (or of no brand), of these audiences ("public", "internal"), of this region (or
        of none) and in effect `at` that moment are looked at.
        """
        ...

    async def answering(self, query: str, *, brand: str | None, region: str | None, at: datetime) -> Sequence[Passage]:
        """Of each public document with prepared answers the passage that opens it, in no order.

        The same documents are looked at as by `search`; `relevance` says how well the document as a whole answers
        `query`, however little that is.
        """
        ...

    async def whole(self, found: Passage) -> Sequence[Passage]:
        """All passages of the document of which one was found, in its order; `relevance` is 0."""
        ...


class Destinations(Protocol):
    """The places customers may be sent to."""

    async def find(
        self, kind: str, *, brand: str | None, channel: str, language: str, region: str | None
    ) -> Destination | None:
        """The one place of this kind that fits best; the brand must match, the language falls back to English."""
        ...

    async def known(self, brand: str | None) -> frozenset[str]:
        """Every address and number that a draft of this brand may name."""
        ...

    async def listed(self, brand: str | None) -> Sequence[Destination]:
        """The places themselves: the brand's and every brand's."""
        ...


class TextVectors(Protocol):
    """Embeddings."""

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector of length 1 (L2) for each text."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a turn may ask."""

    customers: Customers
    orders: Orders
    promises: Promises
    conversations: Conversations
    passages: Passages
    destinations: Destinations
    vectors: TextVectors
