"""What happened, in order, for everybody who watches; and answers that are given again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class EventRow(SQLModel, table=True):
    """Something that happened to a record, without its text.

    `position` is the event's id for readers. It is given when the event is committed and not when it is written
    (server/events/feed.py), because transactions end in another order than they begin, and a reader that has seen 8
    never asks for 7 again. `caller` and `token` are whoever did it and what they showed, for the audit.
    """

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_unplaced", "position", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    position: int | None = Field(default=None, unique=True)
    brand: str
    kind: str
    subject: str
    at: datetime = Field(sa_type=UtcTime)
    caller: str | None = None
    token: str | None = None
    data: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))


class AnsweredRow(SQLModel, table=True):
    """The answer that was given to a request with an idempotency key, to be given again."""

    __tablename__ = "answered_requests"

    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    status: int | None = None
    body: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    at: datetime = Field(sa_type=UtcTime, index=True)


class IndexRow(SQLModel, table=True):
    """The generation of the policies' index that searches use, where several processes share one.

    `name` is what it is called in the index, `digest` what it was made of.
    """

    __tablename__ = "index_generation"

    id: int = Field(default=1, primary_key=True)
    generation: int
    name: str
    digest: str
    made_at: datetime = Field(sa_type=UtcTime)
