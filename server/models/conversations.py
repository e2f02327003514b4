"""What a rep works on while a customer is on the line: sessions, their turns, what was offered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column

_RUNNING = text("state = 'running'")
_OF_A_SAVED_REPLY = text("saved_reply IS NOT NULL")


class ConversationRow(SQLModel, table=True):
    """A rep's session about one customer. `found_by` is what the customer was found with, `known` how sure that is.

    `channel` is where the customer speaks: "phone", "chat" or a network; `case` the thread's case that it is about, if
    there is one. `confirmed_by` is how the rep made sure who is speaking, in their words.
    """

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "brand", "customer", "opened_at"), Index(None, "staff", "opened_at"))

    id: str = Field(primary_key=True)
    brand: str
    customer: str
    channel: str
    case: str | None = Field(default=None, foreign_key="cases.id", index=True)
    staff: str
    found_by: str
    known: str
    confirmed_by: str | None = None
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    opened_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class TurnRow(SQLModel, table=True):
    """One thing that a rep asked of the assistant, and what it came to.

    `kind` is "question", "reply", "offers", "summary" or "rewrite"; `asked` the rep's or the customer's words. `state`
    moves by server/conversations/states.py. `runs_until` is renewed by the process that writes it: a turn that is
    "running" after that moment has lost its process. `record` is the turn as server/drafts/writing.py writes it, `text`
    what stands there at the end.
    """

    __tablename__ = "turns"
    __table_args__ = (
        Index(None, "conversation", "started_at"),
        Index(None, "brand", "started_at"),
        Index("ix_turns_running", "runs_until", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    id: str = Field(primary_key=True)
    brand: str
    conversation: str = Field(foreign_key="conversations.id")
    staff: str
    kind: str
    asked: str
    state: str
    text: str | None = None
    written_by: str | None = None
    record: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    runs_until: datetime | None = Field(default=None, sa_type=UtcTime)
    started_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class TurnPartRow(SQLModel, table=True):
    """A piece of a turn's stream as it was sent, so that a reader who lost the connection reads on behind `number`."""

    __tablename__ = "turn_parts"

    turn: str = Field(primary_key=True, foreign_key="turns.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    kind: str
    data: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))


class SuggestionRow(SQLModel, table=True):
    """Something offered to a rep, and what they did with it.

    `kind` is "reply", "saved_reply", "question" or "offer", `ref` a reply's part, the question's or the action's name,
    `saved_reply` the one that it was before it was filled in. `state` is "offered", "copied", "inserted", "edited" or
    "dismissed"; `used` is the text that was taken where it differs.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        Index(None, "conversation", "offered_at"),
        Index(
            "ix_suggestions_saved_reply",
            "saved_reply",
            "decided_at",
            sqlite_where=_OF_A_SAVED_REPLY,
            postgresql_where=_OF_A_SAVED_REPLY,
        ),
    )

    id: str = Field(primary_key=True)
    brand: str
    conversation: str = Field(foreign_key="conversations.id")
    turn: str | None = Field(default=None, foreign_key="turns.id")
    kind: str
    ref: str | None = None
    saved_reply: str | None = None
    text: str
    state: str = "offered"
    used: str | None = None
    reason: str | None = None
    offered_at: datetime = Field(sa_type=UtcTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
