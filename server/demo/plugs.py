"""Pulling plugs: between Deskside and the shop's orders, and between Deskside and the chat model."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ParamSpec

from assistant.rep_round import PanelWriters
from assistant.turn import Desk
from server.shop.outages import Outages, WatchedOrders
from tools.ports import Orders, PortUnavailable
from tools.records import Order, Product

if TYPE_CHECKING:
    from assistant.agent import Written

P = ParamSpec("P")
_Write = Callable[P, Coroutine[Any, Any, "Written"]]


@dataclass
class Plugs:
    """What is plugged in. Who asks what is not finds it unreachable, as if its machine did not answer."""

    shop: bool = True
    model: bool = True

    def over(self, desk: Desk, outages: Outages) -> Desk:
        """The desk, with these plugs in its lines; `outages` is told what does not answer."""
        ports = replace(desk.ports, orders=WatchedOrders(_PluggedOrders(desk.ports.orders, self), outages))
        if desk.model is None or desk.panel is None:
            return replace(desk, ports=ports)
        panel = PanelWriters(
            draft=self._asking(desk.panel.draft),
            answer=self._asking(desk.panel.answer),
            first_word=desk.panel.first_word,
        )
        return replace(desk, ports=ports, model=self._asking(desk.model), panel=panel)

    def reach_shop(self) -> None:
        """Get through to the shop's orders.

        Raises:
            PortUnavailable: Its plug is pulled.
        """
        if not self.shop:
            raise PortUnavailable("orders")

    def _asking(self, write: "_Write[P]") -> "_Write[P]":
        async def asked(*args: P.args, **named: P.kwargs) -> "Written":
            if self.model:
                return await write(*args, **named)
            # loaded already where there is a model
            from assistant.agent import Written
            from assistant.failures import ModelUnavailable

            return Written(failure=ModelUnavailable("the demo's guide has unplugged it"))

        return asked


class _PluggedOrders:
    def __init__(self, orders: Orders, plugs: Plugs) -> None:
        self._orders = orders
        self._plugs = plugs

    async def get(self, customer: str, order: str) -> Order | None:
        self._plugs.reach_shop()
        return await self._orders.get(customer, order)

    async def latest(self, customer: str, *, limit: int) -> Sequence[Order]:
        self._plugs.reach_shop()
        return await self._orders.latest(customer, limit=limit)

    async def product(self, product: str) -> Product | None:
        self._plugs.reach_shop()
        return await self._orders.product(product)
