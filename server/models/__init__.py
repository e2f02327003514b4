"""The tables."""

from server.models.base import metadata
from server.models.history import PastPostRow, PromiseRow
from server.models.shop import CustomerRow, HandleRow, ImportRow, OrderRow, ProductRow

__all__ = [
    "CustomerRow",
    "HandleRow",
    "ImportRow",
    "OrderRow",
    "PastPostRow",
    "ProductRow",
    "PromiseRow",
    "metadata",
]
