"""Records as plain JSON values, field for field, so that whatever the shop knows can be reached."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from tools.saying import hide_payment_numbers

_NUMBERS_OF_PARCELS = frozenset({"tracking"})


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON values have no narrower type
    """A record (or a value of one) as dicts, lists, strings and numbers; empty fields are left out.

    Card and bank account numbers that somebody put into a note are hidden; tracking numbers, which may look like
    them, are not.
    """
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return plain({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, Mapping):
        return {
            str(name): list(item) if name in _NUMBERS_OF_PARCELS else plain(item)
            for name, item in value.items()
            if item is not None and item != () and item != {}
        }
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return hide_payment_numbers(value) if isinstance(value, str) else value
