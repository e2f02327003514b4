"""The same shop twice: over memory, and over SQL by way of an import."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from server.shop.history import PastWords, keep_past
from server.shop.importing import import_folder
from server.shop.ports import SqlConversations, SqlCustomers, SqlOrders, SqlPromises
from tests.fakes.database import open_copy
from tests.fakes.shop import MemoryConversations, MemoryCustomers, MemoryOrders, MemoryPromises
from tests.fakes.shop_files import as_line, write_shop
from tools.ports import Conversations, Customers, Orders, Promises
from tools.records import Customer, Order, PastPost, Product, Promise


@dataclass(frozen=True)
class Records:
    """What a shop knows. Orders need no customer of their own here: one is made for each that is missing."""

    customers: Sequence[Customer] = ()
    orders: Sequence[Order] = ()
    products: Sequence[Product] = ()
    promises: Sequence[Promise] = ()
    posts: Mapping[str, Sequence[PastPost]] = field(default_factory=dict)


class Shop(Protocol):
    customers: Customers
    orders: Orders
    promises: Promises
    conversations: Conversations

    async def fill(self, records: Records) -> None: ...

    async def go_down(self) -> None: ...


class MemoryShop:
    def __init__(self) -> None:
        self.customers = MemoryCustomers()
        self.orders = MemoryOrders()
        self.promises = MemoryPromises()
        self.conversations = MemoryConversations()

    async def fill(self, records: Records) -> None:
        self.customers.add(*records.customers)
        self.orders.add(*records.orders)
        self.orders.add_products(*records.products)
        self.promises.add(*records.promises)
        for customer, posts in records.posts.items():
            self.conversations.add(customer, *posts)

    async def go_down(self) -> None:
        for port in (self.customers, self.orders, self.promises, self.conversations):
            port.go_down()


class SqlShop:
    def __init__(self, engine: AsyncEngine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self.customers = SqlCustomers(engine)
        self.orders = SqlOrders(engine)
        self.promises = SqlPromises(engine)
        self.conversations = SqlConversations(engine)

    async def fill(self, records: Records) -> None:
        named = {customer.id for customer in records.customers}
        buyers = sorted({order.customer for order in records.orders} - named)
        write_shop(
            self._folder / "shop",
            customers=[
                *map(as_line, records.customers),
                *({"id": buyer, "name": "Somebody"} for buyer in buyers),
            ],
            products=map(as_line, records.products),
            orders=map(as_line, records.orders),
        )
        await import_folder(self._engine, self._folder / "shop")
        promises = [
            {"id": p.id, "customer": p.customer, "what": p.what, "made_at": p.made_at, "order": p.order}
            | {"due": p.due, "state": p.state}
            for p in records.promises
        ]
        posts = [
            {"id": post.id, "customer": customer, "channel": post.channel, "role": post.role}
            | {"created_at": post.created_at, "text": post.text}
            for customer, said in records.posts.items()
            for post in said
        ]
        await keep_past(self._engine, PastWords(promises=promises, posts=posts))

    async def go_down(self) -> None:
        await self._engine.dispose()
        _put_a_folder_in_its_place(Path(str(self._engine.url.database)))


def _put_a_folder_in_its_place(database: Path) -> None:
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    database.mkdir()


@asynccontextmanager
async def open_shop(kind: str, template: Path, folder: Path) -> AsyncIterator[Shop]:
    """An empty shop of this kind."""
    if kind == "memory":
        yield MemoryShop()
        return
    engine = await open_copy(template, folder / "shop.db")
    try:
        yield SqlShop(engine, folder)
    finally:
        await engine.dispose()
