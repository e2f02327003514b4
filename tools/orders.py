"""The customer's orders, read through their own id and nobody else's (rule 1)."""

import asyncio
from collections.abc import Sequence

from tools.context import ToolContext
from tools.evidence import Evidence
from tools.order_evidence import OrderNotes
from tools.plain import plain
from tools.ports import PortUnavailable
from tools.records import Order, PaymentMethod, Product
from tools.results import NO_CUSTOMER, NO_SUCH_ORDER, ToolResult, report

_ORDERS_READ = 50
_ORDERS_TOLD = 10


async def get_purchase_history(context: ToolContext) -> ToolResult:
    """What this customer has bought: their orders, newest first, with items, amounts and status.

    Takes no arguments; the customer is known from the conversation. Call it when the person names no order number
    ("where is my tent?"), then get_order_status for the one that fits. Example: get_purchase_history()
    """
    if context.identity.customer is None:
        return ToolResult(NO_CUSTOMER)
    found = await context.ports.orders.latest(context.identity.customer, limit=_ORDERS_READ)
    orders = sorted(
        (order for order in found if order.customer == context.identity.customer),
        key=lambda order: order.placed_at.timestamp() if order.placed_at else 0,
        reverse=True,
    )
    if not orders:
        return ToolResult("This customer has no orders.", data={"orders": [], "left_out": 0})
    told = orders[:_ORDERS_TOLD]
    left_out = len(orders) - len(told)
    evidence = [OrderNotes(context, order).head() for order in told]
    at_least = "at least " if len(found) >= _ORDERS_READ else ""
    notes = (f"{at_least}{left_out} older orders are left out; get_order_status reads them by number.",)
    data = {"orders": [_order_data(order) for order in told], "left_out": left_out}
    return report(context, evidence, data=data, notes=notes if left_out else ())


async def get_order_status(context: ToolContext, order_id: str) -> ToolResult:
    """Everything about one order of this customer: status, lines, parcels with tracking, payments, refunds, returns.

    `order_id` is the number as the customer wrote it or as get_purchase_history gave it. Also tells which other sizes
    and colours of the ordered products can be had now. Example: get_order_status(order_id="FH-10423")
    """
    customer = context.identity.customer
    if customer is None:
        return ToolResult(NO_CUSTOMER)
    order = await context.ports.orders.get(customer, order_id)
    if order is None or order.customer != customer:
        return ToolResult(NO_SUCH_ORDER)
    methods, products = await asyncio.gather(_payment_methods(context, customer), _products(context, order))
    used = {payment.method for payment in order.payments} | {item.method for item in order.returns}
    data = {
        "order": _order_data(order),
        "products": [plain(product) for product in products],
        "payment_methods": [plain(method) for method in methods if method.id in used],
    }
    return report(context, list(note_order(context, order, methods=methods, products=products).values()), data=data)


def note_order(
    context: ToolContext, order: Order, *, methods: Sequence[PaymentMethod] = (), products: Sequence[Product] = ()
) -> dict[str, Evidence]:
    """Note every fact of an order that was read already, by `ref`.

    Without the customer's payment `methods` and the `products` of the lines, ways to pay and other variants are left
    out.
    """
    by_method = {method.id: method for method in methods}
    by_product = {product.id: product for product in products}
    return {item.ref: item for item in OrderNotes(context, order, by_method, by_product).everything()}


def _order_data(order: Order) -> dict[str, object]:
    data: dict[str, object] = plain(order)
    return {**data, "total": plain(order.total)}


async def _payment_methods(context: ToolContext, customer: str) -> Sequence[PaymentMethod]:
    """The customer's ways to pay; none if the customers' records do not answer: the order can be told without."""
    try:
        record = await context.ports.customers.get(customer)
    except PortUnavailable:
        return ()
    return record.payment_methods if record else ()


async def _products(context: ToolContext, order: Order) -> Sequence[Product]:
    """The products of the order that are still known; none if the catalogue does not answer."""
    wanted = list(dict.fromkeys(line.product for line in order.lines if line.product))
    try:
        found = await asyncio.gather(*(context.ports.orders.product(product) for product in wanted))
    except PortUnavailable:
        return ()
    return [product for product in found if product]
