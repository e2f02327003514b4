"""Replies that teams keep ready: what they say, each of their versions, and the drafts in which they were used."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column
from server.models.filed import FiledRow

_STANDING = text("retired_at IS NULL")


class SavedReplyRow(FiledRow, table=True):
    """A reply that a team keeps ready: the fields of server/saved_replies/entries.py.

    `texts` holds by language what everyone and what only the customer is told. `expires_on` is the last day on which it
    is offered. A retired one is offered no more, and another may be given its `shortcut`.
    """

    __tablename__ = "saved_replies"
    __table_args__ = (
        Index(None, "brand", "retired_at"),
        Index(
            "uq_saved_replies_shortcut",
            "brand",
            "shortcut",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    brand: str
    team: str
    title: str
    texts: dict[str, dict[str, str | None]] = Field(sa_column=Column(json_column(), nullable=False))
    channels: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    tags: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    shortcut: str | None = None
    expires_on: date | None = None


class SavedReplyVersionRow(SQLModel, table=True):
    """What a saved reply said from `at` on, who changed it and why; `said` None: it was retired."""

    __tablename__ = "saved_reply_versions"

    saved_reply: str = Field(primary_key=True, foreign_key="saved_replies.id")
    number: int = Field(primary_key=True)
    said: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    at: datetime = Field(sa_type=UtcTime)
    staff: str | None = None
    why: str


class SavedReplyUseRow(SQLModel, table=True):
    """A saved reply was put into a part of a draft, in this version and language. No text.

    `sent_at` is when that part was sent with at least half of its words, `changed` whether with others than it says.
    """

    __tablename__ = "saved_reply_uses"
    __table_args__ = (Index(None, "saved_reply", "sent_at"),)

    draft: str = Field(primary_key=True, foreign_key="drafts.id", ondelete="CASCADE")
    part: str = Field(primary_key=True)
    saved_reply: str = Field(primary_key=True, foreign_key="saved_replies.id")
    brand: str
    version: int
    language: str
    staff: str
    at: datetime = Field(sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    changed: bool | None = None
