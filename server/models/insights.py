"""What figures are made of: facts of drafts and of sent answers, narrow and indexed by time; and what people rated."""

from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class DraftFactsRow(SQLModel, table=True):
    """Of a draft that was written for a post: what it was about, what it cost, whether it was shown and used. No text.

    `post` is the one that it answers, `posted_at` the network's time of that. `proposed`: it had a text when it was
    written. `danger` and `reason` are codes, as they were then. `shown_at` is when a person first opened it while it
    waited. `used` is told when an answer was sent with it: server/insights/changes.py.
    """

    __tablename__ = "draft_facts"
    __table_args__ = (Index(None, "brand", "posted_at"), Index(None, "brand", "written_at"))

    draft: str = Field(primary_key=True, foreign_key="drafts.id", ondelete="CASCADE")
    brand: str
    account: str = Field(foreign_key="accounts.id")
    case: str = Field(foreign_key="cases.id", index=True, ondelete="CASCADE")
    post: str = Field(foreign_key="posts.id", index=True, ondelete="CASCADE")
    posted_at: datetime = Field(sa_type=UtcTime)
    written_at: datetime = Field(sa_type=UtcTime)
    written_by: str | None = None
    outcome: str
    intent: str | None = None
    customer: str | None = Field(default=None, index=True)
    reason: str | None = None
    danger: str | None = None
    proposed: bool
    tokens: int = 0
    cost: float = 0.0
    shown_at: datetime | None = Field(default=None, sa_type=UtcTime)
    shown_to: str | None = None
    used: str | None = None


class AnswerRow(SQLModel, table=True):
    """A text that stands, or stood, on a network: what figures need to know of it. No text.

    `posted_at` is the network's time of the newest post that it answers. `holding`: it says nothing but words that are
    approved for everybody while somebody looks. `incident` is the one whose text it is. `asked_in_private`: so was the
    post. `points_to` are the ids of destinations that it cites. `repeats`: the checks found in it what the customer had
    tried or been told before. `staff` is who gave the last approval.
    """

    __tablename__ = "answers"
    __table_args__ = (Index(None, "brand", "sent_at"), Index(None, "brand", "posted_at"))

    publication: str = Field(primary_key=True, foreign_key="publications.id", ondelete="CASCADE")
    brand: str
    account: str = Field(foreign_key="accounts.id")
    case: str = Field(foreign_key="cases.id", index=True, ondelete="CASCADE")
    draft: str = Field(foreign_key="drafts.id", index=True, ondelete="CASCADE")
    post: str = Field(foreign_key="posts.id", index=True, ondelete="CASCADE")
    part: str
    posted_at: datetime = Field(sa_type=UtcTime)
    sent_at: datetime = Field(sa_type=UtcTime)
    holding: bool
    incident: str | None = None
    corrects: str | None = None
    asked_in_private: bool
    points_to: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    repeats: bool
    staff: str | None = None


class SampleRow(SQLModel, table=True):
    """A random sample of a week's sent replies or unflagged posts, for people to rate.

    `kind` is "sent_replies" or "unflagged_posts"; `week` its Monday, in UTC. `candidates` is what it was drawn from:
    `seed` and the candidates' ids alone decide what is in it.
    """

    __tablename__ = "samples"
    __table_args__ = (UniqueConstraint("brand", "kind", "week"),)

    id: str = Field(primary_key=True)
    brand: str
    kind: str
    week: date
    seed: str
    candidates: int
    drawn_by: str | None = None
    drawn_at: datetime = Field(sa_type=UtcTime)


class SampleItemRow(SQLModel, table=True):
    """A reply (`subject` is its publication) or a post (its id) of a sample; `position` is the order of the draw."""

    __tablename__ = "sample_items"
    __table_args__ = (UniqueConstraint("sample", "position"),)

    id: str = Field(primary_key=True)
    sample: str = Field(foreign_key="samples.id")
    brand: str
    position: int
    subject: str = Field(index=True)
    case: str = Field(foreign_key="cases.id", index=True, ondelete="CASCADE")


class RatingRow(SQLModel, table=True):
    """What one person found in an item of a sample. Of each item there are at most two, by two people; none changes."""

    __tablename__ = "ratings"

    item: str = Field(primary_key=True, foreign_key="sample_items.id", ondelete="CASCADE")
    rater: str = Field(primary_key=True)
    brand: str
    found: bool
    kinds: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    at: datetime = Field(sa_type=UtcTime)
