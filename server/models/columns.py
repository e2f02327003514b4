"""Column types that behave the same on SQLite and Postgres."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class NaiveTime(ValueError):
    """A time without a zone was to be stored; nobody could tell later which moment it meant."""


class UtcTime(TypeDecorator[datetime]):
    """A moment. Stored in UTC and given back with its zone, which SQLite by itself forgets."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In: any zone, but never none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveTime(f"{value} has no zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out: UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def json_column() -> TypeEngine[Any]:
    """A structure that is only ever read whole; an absent one is NULL."""
    return JSON(none_as_null=True)
