"""Cases, their drafts, and what people decided about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class CaseRow(SQLModel, table=True):
    """What one person wants in one thread: other people in the thread have cases of their own.

    `draft_after` is when the burst of posts is over (None: nothing to draft). A claim is a lease: `claimed_by` counts
    until `claimed_until`. `due_at` is when an answer is due by the account's hours. `danger` is the category the screen
    named, until somebody dismisses it. `emptied_at` is when its words were erased, or had been kept long enough.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("thread", "folded_author"),
        Index(None, "brand", "open", "due_at"),
        Index(None, "folded_author", "updated_at"),
    )

    id: str = Field(primary_key=True)
    brand: str
    account: str = Field(foreign_key="accounts.id")
    thread: str = Field(foreign_key="threads.id")
    author: str
    folded_author: str
    open: bool = True
    team: str | None = None
    assigned_to: str | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=UtcTime)
    draft_after: datetime | None = Field(default=None, sa_type=UtcTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcTime)
    danger: str | None = None
    opened_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)
    emptied_at: datetime | None = Field(default=None, sa_type=UtcTime)


class NoteRow(SQLModel, table=True):
    """What staff tell one another about a case. Never sent."""

    __tablename__ = "notes"

    id: str = Field(primary_key=True)
    brand: str
    case: str = Field(foreign_key="cases.id", index=True)
    staff: str
    at: datetime = Field(sa_type=UtcTime)
    text: str


def _queue_of(whose: str, column: str) -> Index:
    """The queue of those drafts that are somebody's: most are nobody's, and cost nothing here."""
    given = text(f"{column} IS NOT NULL")
    columns = ("brand", "state", column, "rank", "due_at", "id")
    return Index(f"ix_drafts_queue_of_{whose}", *columns, sqlite_where=given, postgresql_where=given)


class DraftRow(SQLModel, table=True):
    """A proposed answer and where it stands. `state` moves by the table in server/drafts/states.py alone.

    `version` rises with every change: a decision names the version it was made on. `record` is the turn as
    server/drafts/writing.py writes it; texts, claims and findings that people change stand in columns of their own.
    `danger` and `due_at` repeat the case's; so do `assigned_to` and `case_team`, which
    server/drafts/queue_repository.py keeps in step: each filter of the queue is then an index in the queue's order.
    `corrects` is the publication that is withdrawn once this draft is sent.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index(None, "case", "created_at"),
        Index("ix_drafts_queue", "brand", "state", "rank", "due_at", "id"),
        Index("ix_drafts_queue_of_account", "brand", "state", "account", "rank", "due_at", "id"),
        _queue_of("team", "case_team"),
        _queue_of("person", "assigned_to"),
    )

    id: str = Field(primary_key=True)
    brand: str
    case: str = Field(foreign_key="cases.id")
    account: str = Field(foreign_key="accounts.id")
    state: str
    version: int = 1
    rank: int = 2
    due_at: datetime | None = Field(default=None, sa_type=UtcTime)
    target_post: str
    target_version: int
    outcome: str | None = None
    reason_code: str | None = None
    reason_words: str | None = None
    team: str | None = None
    danger: str | None = None
    assigned_to: str | None = None
    case_team: str | None = None
    language: str | None = None
    reach: int | None = None
    public_text: str | None = None
    private_text: str | None = None
    claims: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
    findings: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
    one_click: bool = False
    written_by: str | None = None
    wish: str | None = None
    edited_by: str | None = None
    corrects: str | None = None
    record: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)


class RestRow(SQLModel, table=True):
    """What a draft rests on: when it changes, the draft is void.

    `kind` is "post" (ref: our post id), "order", "policy" (ref: document id) or "link" (ref: link id); `digest` what it
    was then. Of kind "action" (ref: its id) it is how far that must have come for the words to be true.
    """

    __tablename__ = "draft_rests"
    __table_args__ = (Index(None, "kind", "ref"),)

    draft: str = Field(primary_key=True, foreign_key="drafts.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    digest: str


class ApprovalRow(SQLModel, table=True):
    """A person's yes to exactly this: `digest` covers text, part, account, target and visibility. `step` is 1 or 2.

    `signature` is what the text has after the draft's words: the first person's initials, or nothing. Of each part and
    step one approval stands at a time.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        Index(
            "uq_approvals_standing",
            "draft",
            "part",
            "step",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index(None, "draft"),
    )

    id: str = Field(primary_key=True)
    brand: str
    draft: str = Field(foreign_key="drafts.id")
    part: str
    step: int
    digest: str
    signature: str = ""
    staff: str
    at: datetime = Field(sa_type=UtcTime)
    voided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    void_reason: str | None = None


class DecisionRow(SQLModel, table=True):
    """What a person or the system did to a draft, in order; never changed.

    `kind` is a move of server/drafts/states.py or "edit", "note", "dismiss", …; `before` and `after` are texts where
    they changed.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "draft", "at"),)

    id: str = Field(primary_key=True)
    brand: str
    case: str = Field(foreign_key="cases.id", index=True)
    draft: str | None = Field(default=None, foreign_key="drafts.id")
    kind: str
    staff: str | None = None
    at: datetime = Field(sa_type=UtcTime)
    reason: str | None = None
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
