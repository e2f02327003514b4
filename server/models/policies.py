"""Policy documents with their versions, and what was asked that none of them answers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class PolicyRow(SQLModel, table=True):
    """A document by its id. `newest` is the number of its newest version that is no sketch; 0: there is none yet.

    `file` and `file_digest` are its file's as the folder was last read, None without one. `changed_here` says that
    somebody has changed it in the database since both said the same: then the file decides nothing, and `file_differs`
    that it says something else and was left.
    """

    __tablename__ = "policies"

    id: str = Field(primary_key=True)
    newest: int = 0
    changed_here: bool = False
    file: str | None = None
    file_digest: str | None = None
    file_differs: bool = False
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)


class PolicyBrandRow(SQLModel, table=True):
    """A brand for which a document holds; a document without any holds for all."""

    __tablename__ = "policy_brands"

    document: str = Field(primary_key=True, foreign_key="policies.id", ondelete="CASCADE")
    brand: str = Field(primary_key=True, index=True)


class PolicyVersionRow(SQLModel, table=True):
    """What a document said: never changed but for `ends`, which a later version brings forward.

    `text` is the whole file, `front` its front matter as read, `digest` the text's. `kind` is "file", "upload",
    "restored", "retired", "gone" (its file is) or "sketch" (in effect never). `begins` and `ends` are the first and
    last day on which it holds, None without limit; `replaced_by` is the number of the version that ended it.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (Index(None, "category", "audience"),)

    document: str = Field(primary_key=True, foreign_key="policies.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    file: str
    text: str
    front: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    digest: str
    kind: str
    title: str
    category: str | None = None
    audience: str
    begins: date | None = None
    ends: date | None = None
    replaced_by: int | None = None
    staff: str | None = None
    at: datetime = Field(sa_type=UtcTime)
    why: str


class PolicyStateRow(SQLModel, table=True):
    """One row, which every change of the documents locks: `revision` counts them, `indexed` is the one searched."""

    __tablename__ = "policy_state"

    id: int = Field(default=1, primary_key=True)
    revision: int = 0
    indexed: int = 0
    changed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class MissingPolicyRow(SQLModel, table=True):
    """A question for which no policy was found. It goes with its case or its conversation.

    `words` are what was asked, without names, numbers and addresses; `vector` is how likeness to others is told.
    `document` is the one that was begun to answer it.
    """

    __tablename__ = "missing_policies"
    __table_args__ = (Index(None, "brand", "at"),)

    id: str = Field(primary_key=True)
    brand: str
    case: str | None = Field(default=None, foreign_key="cases.id", index=True, ondelete="CASCADE")
    conversation: str | None = Field(default=None, foreign_key="conversations.id", index=True, ondelete="CASCADE")
    draft: str | None = None
    turn: str | None = None
    intent: str | None = None
    language: str
    words: str
    vector: list[float] = Field(sa_column=Column(json_column(), nullable=False))
    document: str | None = Field(default=None, foreign_key="policies.id", index=True)
    at: datetime = Field(sa_type=UtcTime)
