"""Rows of the tables as the records that the tools see."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from server.models import CustomerRow, HandleRow, OrderRow, PastPostRow, ProductRow, PromiseRow
from server.shop.schema import parse_time
from tools.records import (
    Address,
    Customer,
    Handle,
    Known,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    PastPost,
    Payment,
    PaymentMethod,
    Product,
    Promise,
    Return,
    Shipment,
    ShipmentEvent,
    Variant,
)

Json = dict[str, Any]


def customer_record(row: CustomerRow, handles: Iterable[HandleRow]) -> Customer:
    """A customer with their handles."""
    return Customer(
        id=row.id,
        name=row.name,
        brand=row.brand,
        emails=tuple(row.emails),
        phones=tuple(row.phones),
        language=row.language,
        since=row.since,
        tier=row.tier,
        organisation=row.organisation,
        address=Address(**row.address) if row.address else None,
        handles=tuple(Handle(name.channel, name.handle, Known(name.known)) for name in handles),
        payment_methods=tuple(_payment_method(method) for method in row.payment_methods),
        consent=row.consent,
        facts=row.facts,
    )


def product_record(row: ProductRow) -> Product:
    """A product."""
    return Product(
        id=row.id,
        title=row.title,
        brand=row.brand,
        family=row.family,
        public_url=row.public_url,
        variants=tuple(
            Variant(
                sku=variant["sku"],
                price=Money(int(variant["price"]), variant["currency"]),
                options=variant.get("options", {}),
                available=variant.get("available"),
            )
            for variant in row.variants
        ),
    )


def order_record(row: OrderRow) -> Order:
    """An order with everything that happened to it."""
    return Order(
        id=row.id,
        customer=row.customer,
        status=OrderStatus(row.status),
        currency=row.currency,
        brand=row.brand,
        placed_at=row.placed_at,
        status_note=row.status_note,
        gift=row.gift,
        ship_to=Address(**row.ship_to) if row.ship_to else None,
        lines=tuple(_line(line, row.currency) for line in row.lines),
        shipments=tuple(_shipment(shipment) for shipment in row.shipments),
        payments=tuple(_payment(payment, row.currency) for payment in row.payments),
        returns=tuple(_return(returned, row.currency) for returned in row.returns),
    )


def promise_record(row: PromiseRow) -> Promise:
    """A promise."""
    return Promise(
        id=row.id,
        customer=row.customer,
        what=row.what,
        made_at=row.made_at,
        order=row.order_id,
        due=row.due,
        state=row.state,
    )


def past_post_record(row: PastPostRow) -> PastPost:
    """A post of an earlier case."""
    return PastPost(id=row.id, channel=row.channel, role=row.role, created_at=row.created_at, text=row.text)


def _payment_method(method: Json) -> PaymentMethod:
    # A balance without its currency is no amount of money and cannot be told to anybody.
    told = "balance" in method and "currency" in method
    return PaymentMethod(
        id=method["id"],
        kind=method["kind"],
        brand=method.get("brand"),
        last_four=method.get("last_four"),
        balance=Money(int(method["balance"]), method["currency"]) if told else None,
    )


def _line(line: Json, currency: str) -> OrderLine:
    return OrderLine(
        id=line["id"],
        title=line["title"],
        quantity=int(line["quantity"]),
        unit_price=Money(int(line["unit_price"]), currency),
        product=line.get("product"),
        sku=line.get("sku"),
        options=line.get("options", {}),
    )


def _shipment(shipment: Json) -> Shipment:
    return Shipment(
        id=shipment["id"],
        lines=tuple(shipment["lines"]),
        carrier=shipment.get("carrier"),
        service=shipment.get("service"),
        tracking=tuple(shipment.get("tracking", ())),
        promised=date.fromisoformat(shipment["promised"]) if "promised" in shipment else None,
        shipped_at=_time(shipment.get("shipped_at")),
        delivered_at=_time(shipment.get("delivered_at")),
        events=tuple(
            ShipmentEvent(at=parse_time(event["at"]), what=event["what"], where=event.get("where"))
            for event in shipment.get("events", ())
        ),
    )


def _payment(payment: Json, currency: str) -> Payment:
    return Payment(
        kind=payment["kind"],
        amount=Money(int(payment["amount"]), currency),
        id=payment.get("id"),
        method=payment.get("method"),
        at=_time(payment.get("at")),
        done=payment.get("done", True),
    )


def _return(returned: Json, currency: str) -> Return:
    return Return(
        id=returned["id"],
        kind=returned["kind"],
        lines=tuple(returned["lines"]),
        new_skus=tuple(returned.get("new_skus", ())),
        reason=returned.get("reason"),
        requested_at=_time(returned.get("requested_at")),
        received_at=_time(returned.get("received_at")),
        method=returned.get("method"),
        difference=Money(int(returned["difference"]), currency) if "difference" in returned else None,
    )


def _time(value: str | None) -> datetime | None:
    return parse_time(value) if value is not None else None
