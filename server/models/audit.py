"""What was done by whom, in a chain that shows every change to it; and whose records were erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class AuditRow(SQLModel, table=True):
    """Something that was done: ids, numbers and digests, no text and nobody's name. Never changed.

    `number` rises by one with each row; `event` is the position of the event that it tells. `caller` is the person or
    the machine's token that did it, None for Deskside itself; `token` what they showed, None for a browser. In `facts`
    a customer or an order stands as a keyed digest (server/audit/seals.py). `before` is the seal of the row before,
    `seal` that of this one.
    """

    __tablename__ = "audit_rows"
    __table_args__ = (Index(None, "brand", "number"), Index(None, "subject", "number"), Index(None, "at"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    event: int
    at: datetime = Field(sa_type=UtcTime)
    brand: str
    kind: str
    subject: str
    caller: str | None = None
    token: str | None = None
    facts: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    before: str
    seal: str


class AuditCutRow(SQLModel, table=True):
    """Where the chain's old end was cut: rows up to and with `number` are gone, the last of them sealed `last_seal`.

    The table holds the newest cut alone; `seal` says that it is ours.
    """

    __tablename__ = "audit_cuts"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last_seal: str
    at: datetime = Field(sa_type=UtcTime)
    seal: str


class ErasureRow(SQLModel, table=True):
    """An erasure: who asked for it and why, and what it did. `pseudonym` stands where the customer's id stood.

    `report` holds counts by table. `scrubbed_at` is when what was deleted had also left the database's files.
    """

    __tablename__ = "erasures"

    id: str = Field(primary_key=True)
    brand: str = Field(index=True)
    pseudonym: str
    reason: str
    erased_by: str
    erased_at: datetime = Field(sa_type=UtcTime)
    report: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    scrubbed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ErasedRow(SQLModel, table=True):
    """That a customer of the shop, or a post, was erased and is not taken in again; `digest` is keyed, of its id."""

    __tablename__ = "erased"

    digest: str = Field(primary_key=True)
    erasure: str = Field(foreign_key="erasures.id", index=True)
