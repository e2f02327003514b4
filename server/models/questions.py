"""What the company wants to learn, what was asked of whom, and what customers have told us."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column

_ASKED = text("asked_at IS NOT NULL")
_WITH_CASE = text('"case" IS NOT NULL')


class QuestionRow(SQLModel, table=True):
    """Something the company wants to learn, one at a time: the fields of `assistant.guidance.Question`.

    `brand` is None for a question of every brand. `version` rises with every change; a retired one is asked no more and
    its id is not used again.
    """

    __tablename__ = "questions"

    id: str = Field(primary_key=True)
    brand: str | None = None
    text: dict[str, str] = Field(sa_column=Column(json_column(), nullable=False))
    why: str
    fact: str = Field(index=True)
    purpose: str
    worth: int
    ask_when: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    never_when: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    cap_per_day: int
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 1
    created_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)
    changed_by: str | None = None
    retired_at: datetime | None = Field(default=None, sa_type=UtcTime)
    retire_reason: str | None = None


class QuestionOfferRow(SQLModel, table=True):
    """A question that was put before a rep for one customer, and what became of it.

    `state` moves by server/questions/states.py. `text` is the question as it was worded for this customer, `asked_text`
    as the rep asked it. `day` is the one whose cap it counts for. `because` says in words which conditions held,
    `others` why no other question was worth more: question id to words. It is judged by what it was offered under as
    long as it stands: `solved_at` is when the rep said that what the customer had come for is solved, `read_turn` the
    turn whose words were read and no complaint. Of each conversation there is one, of each case too; one that was asked
    is never asked of this customer again.
    """

    __tablename__ = "question_offers"
    __table_args__ = (
        Index("uq_question_offers_case", "case", unique=True, sqlite_where=_WITH_CASE, postgresql_where=_WITH_CASE),
        Index(
            "uq_question_offers_asked",
            "customer",
            "question",
            unique=True,
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
        UniqueConstraint("conversation"),
        Index(None, "customer", "offered_at"),
        Index(None, "question", "offered_at"),
    )

    id: str = Field(primary_key=True)
    brand: str
    question: str = Field(foreign_key="questions.id")
    fact: str
    customer: str
    conversation: str = Field(foreign_key="conversations.id")
    case: str | None = Field(default=None, foreign_key="cases.id")
    suggestion: str = Field(foreign_key="suggestions.id")
    channel: str
    staff: str
    language: str
    text: str
    because: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    others: dict[str, str] = Field(sa_column=Column(json_column(), nullable=False))
    day: date
    state: str = "offered"
    offered_at: datetime = Field(sa_type=UtcTime)
    solved_at: datetime | None = Field(default=None, sa_type=UtcTime)
    read_turn: str | None = None
    asked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    asked_text: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    decided_by: str | None = None
    skip_reason: str | None = None
    skip_words: str | None = None


class QuestionSpacingRow(SQLModel, table=True):
    """Until when a person is left alone, and by which offer.

    A person has a row for each customer id and one for each email address of theirs (a keyed digest), so that who is a
    customer of two brands is one person. Whoever offers or asks holds these rows until the commit.
    """

    __tablename__ = "question_spacings"

    key: str = Field(primary_key=True)
    customer: str = Field(index=True)
    offer: str | None = None
    until: datetime | None = Field(default=None, sa_type=UtcTime)


class QuestionDayRow(SQLModel, table=True):
    """How often a question was given out for a day (UTC), which its cap bounds."""

    __tablename__ = "question_days"

    question: str = Field(primary_key=True, foreign_key="questions.id")
    day: date = Field(primary_key=True)
    taken: int


class CustomerFactRow(SQLModel, table=True):
    """What a customer answered to a question, for the purpose it was asked for and no other.

    `brand` is the one that asked. Forgetting a fact deletes its row.
    """

    __tablename__ = "customer_facts"
    __table_args__ = (UniqueConstraint("customer", "fact"),)

    id: str = Field(primary_key=True)
    brand: str
    customer: str
    fact: str
    value: Any = Field(sa_column=Column(json_column(), nullable=False))
    purpose: str
    offer: str | None = Field(default=None, foreign_key="question_offers.id", index=True)
    learned_at: datetime = Field(sa_type=UtcTime)
    learned_by: str
    changed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    changed_by: str | None = None
    change_reason: str | None = None
