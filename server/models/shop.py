"""The shop's records as imported. A row belongs to the import that brought it.

A row counts once its import has switched, and until a later import that has switched brings the same id again
(docs/decisions/0002-import-switch.md). What is looked up is a column with an index; what is only read with its record
(address, lines, shipments, …) is JSON in the import format's own words.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class ImportRow(SQLModel, table=True):
    """One import: loading until it has switched or was given up; tidied when what it made useless is deleted."""

    __tablename__ = "imports"

    id: int | None = Field(default=None, primary_key=True)
    source: str
    started_at: datetime = Field(sa_type=UtcTime)
    switched_at: datetime | None = Field(default=None, sa_type=UtcTime)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcTime)
    tidied_at: datetime | None = Field(default=None, sa_type=UtcTime)


class CustomerRow(SQLModel, table=True):
    """A customer; handles, and addresses folded, stand in tables of their own: people are looked up by them."""

    __tablename__ = "customers"

    import_id: int = Field(primary_key=True, foreign_key="imports.id")
    id: str = Field(primary_key=True, index=True)
    brand: str | None = None
    name: str
    emails: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    phones: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    language: str | None = None
    since: date | None = None
    tier: str | None = None
    organisation: str | None = None
    address: dict[str, str] | None = Field(default=None, sa_column=Column(json_column()))
    payment_methods: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
    consent: dict[str, bool] = Field(sa_column=Column(json_column(), nullable=False))
    facts: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))


class HandleRow(SQLModel, table=True):
    """A customer's name on a channel: as written, and folded for looking up."""

    __tablename__ = "customer_handles"
    __table_args__ = (
        ForeignKeyConstraint(["import_id", "customer"], ["customers.import_id", "customers.id"], ondelete="CASCADE"),
        Index(None, "folded_handle", "folded_channel"),
    )

    import_id: int = Field(primary_key=True)
    customer: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    brand: str | None = None
    channel: str
    handle: str
    known: str
    folded_channel: str
    folded_handle: str


class EmailRow(SQLModel, table=True):
    """A customer's e-mail address, folded for looking up; as it is written it stands with the customer."""

    __tablename__ = "customer_emails"
    __table_args__ = (
        ForeignKeyConstraint(["import_id", "customer"], ["customers.import_id", "customers.id"], ondelete="CASCADE"),
    )

    import_id: int = Field(primary_key=True)
    customer: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    folded_email: str = Field(index=True)


class ProductRow(SQLModel, table=True):
    """A product with its variants."""

    __tablename__ = "products"

    import_id: int = Field(primary_key=True, foreign_key="imports.id")
    id: str = Field(primary_key=True, index=True)
    brand: str | None = None
    title: str
    family: str | None = None
    public_url: str | None = None
    variants: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))


class OrderRow(SQLModel, table=True):
    """An order. `is_open` follows from `status`; it is a column because a customer's open orders come first."""

    __tablename__ = "orders"
    __table_args__ = (Index(None, "customer", "is_open", "placed_at"),)

    import_id: int = Field(primary_key=True, foreign_key="imports.id")
    id: str = Field(primary_key=True)
    folded_id: str = Field(index=True)
    customer: str
    is_open: bool
    placed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    brand: str | None = None
    status: str
    status_note: str | None = None
    currency: str
    gift: bool
    ship_to: dict[str, str] | None = Field(default=None, sa_column=Column(json_column()))
    lines: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
    shipments: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
    payments: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
    returns: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
