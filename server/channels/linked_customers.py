"""The customers' port with staff's links: who a handle is, by the shop's records and by people's word."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine

from server.channels.link_repository import standing_link
from server.db import reading
from server.shop.ports import SqlCustomers
from tools.ports import Identity, PortUnavailable
from tools.records import Customer, Known


class LinkedCustomers:
    """The shop's customers, and those that staff has linked (`tools.ports.Customers`)."""

    def __init__(self, customers: SqlCustomers, engine: AsyncEngine) -> None:
        self._customers = customers
        self._engine = engine

    async def identify(self, *, brand: str | None, channel: str, handle: str) -> Identity:
        """Who this handle is. Where staff and the shop name different customers nobody is sure, so it is unknown."""
        try:
            async with reading(self._engine) as session:  # both in one: this is asked first in every turn
                shop = await self._customers.identify_in(session, brand=brand, channel=channel, handle=handle)
                if brand is None:
                    return shop
                link = await standing_link(session, brand=brand, channel=channel, handle=handle)
        except (DBAPIError, NoConnectionFree, OSError) as error:
            raise PortUnavailable("customers") from error
        if link is None or shop.customer == link.customer:
            return shop
        return Identity(Known.UNKNOWN) if shop.customer is not None else Identity(Known.LINKED, link.customer)

    async def get(self, customer: str) -> Customer | None:
        """The customer of this id."""
        return await self._customers.get(customer)
