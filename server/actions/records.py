"""The shop's records that an action is about, as they stand now."""

from collections.abc import Iterable, Sequence

from server.actions.arguments import Arguments
from server.actions.broken import ActionBreaksRules, Broken
from server.actions.kinds import ActionKind
from server.actions.shop import Earlier, Shop
from server.models import ActionRow
from tools.ports import Ports
from tools.records import Order, Product


async def read_shop(ports: Ports, customer: str, arguments: Arguments, earlier: Iterable[ActionRow] = ()) -> Shop:
    """What the shop has, and what is on its way there.

    Args:
        ports: The shop.
        customer: Whom the action is for.
        arguments: What it is told.
        earlier: The customer's other actions that count.

    Raises:
        ActionBreaksRules: There is no such customer.
        PortUnavailable: The shop does not answer.
    """
    found = await ports.customers.get(customer)
    if found is None:
        raise no_such_customer()
    number = order_of(arguments)
    order = await ports.orders.get(customer, number) if number is not None else None
    products = await _products(ports, order) if order is not None else {}
    return Shop(found, order, products, earlier_of(earlier))


def no_such_customer() -> ActionBreaksRules:
    """None of the caller's brands, or none at all: the two are told in the same words."""
    return ActionBreaksRules([Broken("customer", "there is no such customer; look at the id")])


def order_of(arguments: Arguments) -> str | None:
    """The order that an action is about, by the number it was told."""
    number: str | None = getattr(arguments, "order", None)
    return number


def earlier_of(rows: Iterable[ActionRow]) -> Sequence[Earlier]:
    """Actions as the rules look at them: those under way count as if they were done."""
    return tuple(
        Earlier(
            action=row.id,
            kind=ActionKind(row.kind),
            at=row.done_at or row.approved_at or row.updated_at,
            order=row.order_id,
            result=row.result or {"amount": row.amount, "currency": row.currency},
        )
        for row in rows
    )


async def _products(ports: Ports, order: Order) -> dict[str, Product]:
    found = [await ports.orders.product(id_) for id_ in {line.product for line in order.lines if line.product}]
    return {product.id: product for product in found if product is not None}
