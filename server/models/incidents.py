"""Many posts about one thing, answered with one approved text."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class IncidentRow(SQLModel, table=True):
    """Something that many write about. `state` is open or closed.

    `kind` is "incident" or "statement" (a company-conduct theme with an approved statement). `known` is what may be
    said of it in public, as whoever opened it vouches for it. `match` says which posts belong to it: intents, words,
    accounts, since when, and what posts they are like. `listed_at` is when all that waited had been looked through.
    `how` is "replies" (spread over `spread_minutes`) or "pinned" (one post of ours, everybody else is left unanswered).
    `update_due` is when everybody is promised an update.
    """

    __tablename__ = "incidents"
    __table_args__ = (Index(None, "brand", "state", "opened_at"),)

    id: str = Field(primary_key=True)
    brand: str
    kind: str = "incident"
    title: str
    known: str | None = None
    state: str = "open"
    version: int = 1
    match: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    listed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    how: str = "replies"
    spread_minutes: int = 60
    update_due: datetime | None = Field(default=None, sa_type=UtcTime)
    opened_by: str
    opened_at: datetime = Field(sa_type=UtcTime)
    closed_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    outcome: str | None = None


class IncidentTextRow(SQLModel, table=True):
    """What is answered to everybody, in one language. `digest` is what was approved; a changed text is another row.

    `purpose` is "answer" or "closing". `statement` says whose approved words these are, if they are. `checked` holds
    its statements, what they rest on and what the checks say, as drafts do. `override` is why it was approved although
    a check blocks it; `seconded_by` the second person, where the rules ask for one.
    """

    __tablename__ = "incident_texts"
    __table_args__ = (Index(None, "incident", "language", "written_at"),)

    id: str = Field(primary_key=True)
    brand: str
    incident: str = Field(foreign_key="incidents.id")
    language: str
    purpose: str = "answer"
    text: str
    statement: str | None = None
    promises_update: bool = False
    digest: str
    checked: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    written_by: str
    written_at: datetime = Field(sa_type=UtcTime)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UtcTime)
    override: str | None = None
    seconded_by: str | None = None
    seconded_at: datetime | None = Field(default=None, sa_type=UtcTime)
    replaced_at: datetime | None = Field(default=None, sa_type=UtcTime)


class IncidentCaseRow(SQLModel, table=True):
    """A case that matches an incident. `state` is listed, confirmed, kept (stays in the queue), answered or released.

    `why` is what made it match, or what else it holds that keeps it in the queue. `seen_version` is the draft's when
    it was listed. A case whose customer writes again is listed anew, under another id: who confirms names ids, and so
    confirms nothing that they have not seen.
    """

    __tablename__ = "incident_cases"
    __table_args__ = (UniqueConstraint("incident", "case"), Index(None, "incident", "state", "id"))

    id: str = Field(primary_key=True)
    brand: str
    incident: str = Field(foreign_key="incidents.id")
    case: str = Field(foreign_key="cases.id", index=True)
    draft: str | None = Field(default=None, foreign_key="drafts.id")
    seen_version: int | None = None
    post: str = Field(foreign_key="posts.id")
    state: str
    why: str | None = None
    likeness: float | None = None
    publication: str | None = Field(default=None, foreign_key="publications.id")
    listed_at: datetime = Field(sa_type=UtcTime)
    confirmed_by: str | None = None
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime)
