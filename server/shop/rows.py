"""A line of the import format as rows of the tables. The line has been checked."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from server.shop.folding import fold_channel, fold_email, fold_handle, fold_order_id
from server.shop.schema import parse_time
from tools.records import OrderStatus

Row = dict[str, Any]

_OPEN = frozenset(OrderStatus) - {
    OrderStatus.DELIVERED,
    OrderStatus.CANCELLED,
    OrderStatus.RETURNED,
    OrderStatus.EXCHANGED,
}


def is_open(status: str) -> bool:
    """Whether anything is still to come of an order in this state."""
    return status in _OPEN


def customer_row(line: Row, import_id: int) -> Row:
    """A customer, without the handles."""
    return {
        "import_id": import_id,
        "id": line["id"],
        "brand": line.get("brand"),
        "name": line["name"],
        "emails": line.get("emails", []),
        "phones": line.get("phones", []),
        "language": line.get("language"),
        "since": date.fromisoformat(line["since"]) if "since" in line else None,
        "tier": line.get("tier"),
        "organisation": line.get("organisation"),
        "address": line.get("address"),
        "payment_methods": line.get("payment_methods", []),
        "consent": line.get("consent", {}),
        "facts": line.get("facts", {}),
    }


def handle_rows(line: Row, import_id: int) -> Iterable[Row]:
    """A customer's handles."""
    for position, name in enumerate(line.get("handles", ())):
        yield {
            "import_id": import_id,
            "customer": line["id"],
            "position": position,
            "brand": line.get("brand"),
            "channel": name["channel"],
            "handle": name["handle"],
            "known": name["known"],
            "folded_channel": fold_channel(name["channel"]),
            "folded_handle": fold_handle(name["handle"]),
        }


def email_rows(line: Row, import_id: int) -> Iterable[Row]:
    """A customer's e-mail addresses, to be looked up by."""
    for position, email in enumerate(line.get("emails", ())):
        yield {
            "import_id": import_id,
            "customer": line["id"],
            "position": position,
            "folded_email": fold_email(email),
        }


def product_row(line: Row, import_id: int) -> Row:
    """A product."""
    return {
        "import_id": import_id,
        "id": line["id"],
        "brand": line.get("brand"),
        "title": line["title"],
        "family": line.get("family"),
        "public_url": line.get("public_url"),
        "variants": line["variants"],
    }


def order_row(line: Row, import_id: int) -> Row:
    """An order."""
    return {
        "import_id": import_id,
        "id": line["id"],
        "folded_id": fold_order_id(line["id"]),
        "customer": line["customer"],
        "is_open": is_open(line["status"]),
        "placed_at": parse_time(line["placed_at"]) if "placed_at" in line else None,
        "brand": line.get("brand"),
        "status": line["status"],
        "status_note": line.get("status_note"),
        "currency": line["currency"],
        "gift": line.get("gift", False),
        "ship_to": line.get("ship_to"),
        "lines": line["lines"],
        "shipments": line.get("shipments", []),
        "payments": line.get("payments", []),
        "returns": line.get("returns", []),
    }
