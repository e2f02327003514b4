"""Records as the import format writes them: the way back from `tools.records` to JSON (docs/shop-data.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from tools.records import Customer, Money, Order, Payment, PaymentMethod, Product, Return, Shipment, Variant

Json = dict[str, Any]

_ALWAYS = {(Shipment, "lines"), (Return, "lines"), (Product, "variants")}
_AS_USUAL = {(Payment, "done"): True, (Order, "gift"): False}


def as_imported(record: object) -> Json:
    """A record as a line, or a part of a line, of an import. What is empty, or as it is anyway, is left out."""
    assert is_dataclass(record), "records are dataclasses"
    written: Json = {}
    for field in fields(record):
        place, value = (type(record), field.name), getattr(record, field.name)
        if isinstance(value, Money):
            written[field.name] = value.amount
            if isinstance(record, PaymentMethod | Variant):
                written["currency"] = value.currency
        elif place in _ALWAYS or (value not in (None, (), {}) and value is not _AS_USUAL.get(place)):
            written[field.name] = _value(value)
    return written


def balances_as_imported(methods: Iterable[Mapping[str, Any]], before: Customer, after: Customer) -> list[Json]:
    """A customer's payment methods as they stand in the row, with what an action changed: other balances, new cards."""
    known = {method.id: method for method in before.payment_methods}
    changed = {method.id: as_imported(method) for method in after.payment_methods if method != known.get(method.id)}
    kept = [changed.pop(method["id"], dict(method)) for method in methods]
    return [*kept, *changed.values()]


def _value(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case tuple():
            return [_value(each) for each in value]
        case _:
            return as_imported(value) if is_dataclass(value) else value
