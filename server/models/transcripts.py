"""What was seen and done in a case or a panel session: kept as it was, found by its words, commented and scored."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column

WORDS = "transcript_words"
"""The full-text index itself: an FTS5 table on SQLite, a table with a tsvector on Postgres. Made by its migration."""


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is one of our models': the full-text index, with what FTS5 keeps beside it, is not."""
    return kind != "table" or name is None or not name.startswith(WORDS)


class KeptTurnRow(SQLModel, table=True):
    """A turn of the assistant as it ended, whatever people made of its text since; `id` is the draft's or the turn's.

    `record` is the turn as server/drafts/writing.py writes it, with every tool call and the passages that were read.
    `case` or `conversation` says where it belongs, `customer` whose records it read.
    """

    __tablename__ = "kept_turns"

    id: str = Field(primary_key=True)
    brand: str
    case: str | None = Field(default=None, index=True)
    conversation: str | None = Field(default=None, index=True)
    customer: str | None = Field(default=None, index=True)
    at: datetime = Field(sa_type=UtcTime)
    record: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))


class ModelRequestRow(SQLModel, table=True):
    """A request as it left for the model endpoint, masked, byte for byte. `digest` is the SHA-256 of `body`."""

    __tablename__ = "model_requests"

    turn: str = Field(primary_key=True, foreign_key="kept_turns.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    brand: str
    at: datetime = Field(sa_type=UtcTime)
    digest: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PostVersionRow(SQLModel, table=True):
    """What a post said before it was edited; `until` is when that was told. Goes with the post's text."""

    __tablename__ = "post_versions"

    post: str = Field(primary_key=True, foreign_key="posts.id", ondelete="CASCADE")
    version: int = Field(primary_key=True)
    brand: str
    text: str
    until: datetime = Field(sa_type=UtcTime)


class TranscriptRow(SQLModel, table=True):
    """A transcript as searches find it; `id` is the case's, or the conversation's that names no case.

    `place` grows with `last_at` and is the row's number in the full-text index, so that the newest is found first.
    `facts` is what it is filtered by, as server/transcripts/documents.py gathers it.
    """

    __tablename__ = "transcripts"

    place: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    id: str = Field(unique=True)
    brand: str
    channel: str
    customer: str | None = Field(default=None, index=True)
    author: str | None = None
    opened_at: datetime = Field(sa_type=UtcTime)
    last_at: datetime = Field(sa_type=UtcTime)
    facts: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))


class TranscriptTextRow(SQLModel, table=True):
    """The words of one entry of a transcript, to show where a search found them."""

    __tablename__ = "transcript_texts"
    __table_args__ = (Index(None, "transcript", "at"),)

    transcript: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    brand: str
    kind: str
    at: datetime = Field(sa_type=UtcTime)
    staff: str | None = None
    text: str


class TranscriptProgressRow(SQLModel, table=True):
    """How far the index has followed the events.

    `made_until` is how far it has been made from the records themselves, where that had to be; None: all of it.
    """

    __tablename__ = "transcript_progress"

    id: int = Field(default=1, primary_key=True)
    position: int
    made_until: str | None = ""


class CommentRow(SQLModel, table=True):
    """What somebody says of an entry of a transcript. `to` is whose work it is about: they see it, and may answer."""

    __tablename__ = "transcript_comments"
    __table_args__ = (Index(None, "transcript", "at"), Index(None, "to", "at"))

    id: str = Field(primary_key=True)
    brand: str
    transcript: str
    entry: str
    staff: str
    to: str | None = None
    text: str
    at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    answer: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcTime)


_OPEN = text("state = 'assigned'")


class ScorecardRow(SQLModel, table=True):
    """One person's work in one transcript, looked at by another. `state` moves by server/transcripts/scorecards.py.

    `form` is the form as it stood then. `automatic` is what can be counted, `answers` what a person judged, each with a
    share of 0 to 100 of its own: they are never one figure. `why` is what had it looked at.
    """

    __tablename__ = "scorecards"
    __table_args__ = (
        Index(None, "transcript"),
        Index(None, "person", "at"),
        Index(None, "assigned_to", "state"),
        Index("uq_scorecards_open", "transcript", "person", "form_id", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
    )  # fmt: skip

    id: str = Field(primary_key=True)
    brand: str
    transcript: str
    person: str
    form_id: str
    form: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    state: str
    version: int = 1
    why: str
    assigned_by: str
    assigned_to: str | None = None
    at: datetime = Field(sa_type=UtcTime)
    automatic: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    automatic_share: int | None = None
    answers: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    human_share: int | None = None
    comment: str | None = None
    scored_by: str | None = None
    scored_at: datetime | None = Field(default=None, sa_type=UtcTime)
    dispute: str | None = None
    disputed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    settled_by: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UtcTime)
    settled_words: str | None = None
