"""Folders of an import, written from records or from plain lines."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from tools.records import Customer, Money, Order, Product

Line = Mapping[str, Any] | str


def write_shop(
    folder: Path,
    *,
    customers: Iterable[Line] | None = None,
    products: Iterable[Line] | None = None,
    orders: Iterable[Line] | None = None,
) -> Path:
    """The three files (those that are given); a line that is text is written as it stands."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, lines in (("customers", customers), ("products", products), ("orders", orders)):
        if lines is not None:
            written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
            (folder / f"{kind}.jsonl").write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    return folder


def as_line(record: Customer | Product | Order) -> dict[str, Any]:
    """A record in the import format."""
    return _plain(record)


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if is_dataclass(value):
        line = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        for name in ("price", "balance"):
            if isinstance(getattr(value, name, None), Money):
                line["currency"] = getattr(value, name).currency
        return {name: item for name, item in line.items() if item is not None}
    return value
