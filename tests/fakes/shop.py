"""The shop's ports over memory. They behave as the SQL ones do: `tests/contracts/` runs one suite over both."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from tools.ports import Identity, PortUnavailable
from tools.records import Customer, Known, Order, OrderStatus, PastPost, Product, Promise

_CLOSED = {OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.EXCHANGED}
_SURENESS = [Known.POSSIBLE, Known.LINKED, Known.VERIFIED]


class _Memory:
    """A port that can be taken down: `port.go_down()` makes every call raise PortUnavailable until `come_back()`;
    with `as_of` because its data is of then."""

    port = "memory"

    def __init__(self) -> None:
        self._down = False
        self._down_since: datetime | None = None
        self._too_old: datetime | None = None

    def go_down(self, since: datetime | None = None, *, as_of: datetime | None = None) -> None:
        self._down, self._down_since, self._too_old = True, since, as_of

    def come_back(self) -> None:
        self._down, self._down_since, self._too_old = False, None, None

    def _answer(self) -> None:
        if self._down:
            raise PortUnavailable(self.port, self._down_since, as_of=self._too_old)


class MemoryCustomers(_Memory):
    port = "customers"

    def __init__(self, customers: Iterable[Customer] = ()) -> None:
        super().__init__()
        self._customers = {customer.id: customer for customer in customers}

    def add(self, *customers: Customer) -> None:
        self._customers.update({customer.id: customer for customer in customers})

    async def identify(self, *, brand: str | None, channel: str, handle: str) -> Identity:
        self._answer()
        wanted = (channel.strip().casefold(), handle.strip().removeprefix("@").casefold())
        fitting: dict[str, Known] = {}
        for customer in self._customers.values():
            if brand is not None and customer.brand not in (None, brand):
                continue
            for name in customer.handles:
                if (name.channel.strip().casefold(), name.handle.strip().removeprefix("@").casefold()) == wanted:
                    surest = max(fitting.get(customer.id, Known.POSSIBLE), name.known, key=_SURENESS.index)
                    fitting[customer.id] = surest
        if len(fitting) != 1:
            return Identity(Known.UNKNOWN)
        [(customer_id, known)] = fitting.items()
        return Identity(known, customer_id if known is not Known.POSSIBLE else None)

    async def get(self, customer: str) -> Customer | None:
        self._answer()
        return self._customers.get(customer)


class MemoryOrders(_Memory):
    port = "orders"

    def __init__(self, orders: Iterable[Order] = (), products: Iterable[Product] = ()) -> None:
        super().__init__()
        self._orders = {order.id: order for order in orders}
        self._products = {product.id: product for product in products}

    def add(self, *orders: Order) -> None:
        self._orders.update({order.id: order for order in orders})

    def add_products(self, *products: Product) -> None:
        self._products.update({product.id: product for product in products})

    async def get(self, customer: str, order: str) -> Order | None:
        self._answer()
        own = [found for found in self._orders.values() if found.customer == customer]
        alike = [found for found in own if _plain(found.id) == _plain(order)]
        exact = [found for found in alike if found.id == order]
        return (exact or alike)[0] if exact or len(alike) == 1 else None

    async def latest(self, customer: str, *, limit: int) -> Sequence[Order]:
        self._answer()
        own = sorted(
            (order for order in self._orders.values() if order.customer == customer), key=lambda order: order.id
        )
        own.sort(key=lambda order: order.placed_at or datetime.min.replace(tzinfo=UTC), reverse=True)
        own.sort(key=lambda order: order.status in _CLOSED)
        return tuple(own[:limit])

    async def product(self, product: str) -> Product | None:
        self._answer()
        return self._products.get(product)


class MemoryPromises(_Memory):
    port = "promises"

    def __init__(self, promises: Iterable[Promise] = ()) -> None:
        super().__init__()
        self._promises = {promise.id: promise for promise in promises}

    def add(self, *promises: Promise) -> None:
        self._promises.update({promise.id: promise for promise in promises})

    async def open_for(self, customer: str) -> Sequence[Promise]:
        self._answer()
        own = (promise for promise in self._promises.values() if promise.customer == customer)
        return tuple(sorted((p for p in own if p.state == "open"), key=lambda p: (p.made_at, p.id)))


class MemoryConversations(_Memory):
    """Earlier posts by customer id."""

    port = "conversations"

    def __init__(self, posts: Mapping[str, Iterable[PastPost]] | None = None) -> None:
        super().__init__()
        self._posts = {customer: list(said) for customer, said in (posts or {}).items()}

    def add(self, customer: str, *posts: PastPost) -> None:
        self._posts.setdefault(customer, []).extend(posts)

    async def earlier(self, customer: str, *, limit: int) -> Sequence[PastPost]:
        self._answer()
        newest_first = sorted(self._posts.get(customer, ()), key=lambda post: (post.created_at, post.id), reverse=True)
        return tuple(newest_first[:limit])


def _plain(order: str) -> str:
    return "".join(order.split()).removeprefix("#").casefold()
