"""Changes to the shop's records: proposed, approved, carried out once; and what was promised to customers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column

_STANDING = text("voided_at IS NULL")


class ActionRow(SQLModel, table=True):
    """A change or a gesture for one customer. `state` moves by the table in server/actions/states.py alone.

    `arguments` are those of its kind, checked, in the import format's words. `amount` is what it costs the company as a
    gesture or gives back, in minor units of `currency`; None where it costs nothing; `difference` what other variants
    cost more. `consent_*` is the customer's yes: their words, where they were said, and our post if it was one. `draft`
    is the draft it was proposed with. `attempt` counts intents: it is raised and committed before every call to the
    shop. `result` is what the shop's records say of it afterwards.
    """

    __tablename__ = "actions"
    __table_args__ = (
        Index(None, "brand", "state", "updated_at"),
        Index(None, "customer", "kind", "done_at"),
        Index(None, "approved_by", "approved_at"),
    )

    id: str = Field(primary_key=True)
    brand: str
    customer: str
    kind: str
    order_id: str | None = Field(default=None, index=True)
    case: str | None = Field(default=None, foreign_key="cases.id", index=True)
    draft: str | None = Field(default=None, foreign_key="drafts.id", index=True)
    arguments: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    amount: int | None = None
    currency: str | None = None
    difference: int | None = None
    reason: str | None = None
    evidence: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    consent_quote: str | None = None
    consent_source: str | None = None
    consent_post: str | None = Field(default=None, foreign_key="posts.id", index=True)
    consent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    state: str
    version: int = 1
    proposed_by: str | None = None
    proposed_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcTime)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UtcTime)
    attempt: int = 0
    attempted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))
    error: str | None = None
    updated_at: datetime = Field(sa_type=UtcTime)


class ActionApprovalRow(SQLModel, table=True):
    """A person's yes to exactly this action: `digest` covers kind, customer, arguments, amount and the consent.

    Of each step one stands at a time.
    """

    __tablename__ = "action_approvals"
    __table_args__ = (
        Index(
            "uq_action_approvals_standing",
            "action",
            "step",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: str = Field(primary_key=True)
    brand: str
    action: str = Field(foreign_key="actions.id")
    step: int
    digest: str
    staff: str
    at: datetime = Field(sa_type=UtcTime)
    voided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    void_reason: str | None = None


class ActionDecisionRow(SQLModel, table=True):
    """What a person or the system did to an action, in order; never changed. `kind` is a move of its state table."""

    __tablename__ = "action_decisions"
    __table_args__ = (Index(None, "action", "at"),)

    id: str = Field(primary_key=True)
    brand: str
    action: str = Field(foreign_key="actions.id")
    kind: str
    staff: str | None = None
    at: datetime = Field(sa_type=UtcTime)
    reason: str | None = None
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(json_column()))


class CarriedOutRow(SQLModel, table=True):
    """The shop's own word that it has carried out an action: written with the change itself, once per action id."""

    __tablename__ = "carried_out"
    __table_args__ = (Index(None, "order_id", "kind"),)

    action: str = Field(primary_key=True)
    customer: str
    order_id: str | None = None
    kind: str
    at: datetime = Field(sa_type=UtcTime)
    result: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))


class PromiseRow(SQLModel, table=True):
    """A commitment that was sent: what, to whom, due when. `state` is open until it was kept or withdrawn.

    `customer` is None for a handle nobody knows; `author` is the handle it was sent to. `first_due` is the due time as
    it was sent, whatever it was moved to later; `due_said` the words that name it, None where the account's goal for
    answers counts instead. `action` is the one that carries it out, if one does; what was promised and what was carried
    out are facts of their own. `said` is the sentence as it was sent, `sentence` its number in the publication.
    `kept_with` is the action or the publication that kept it.
    """

    __tablename__ = "promises"
    __table_args__ = (
        UniqueConstraint("publication", "sentence"),
        Index(None, "customer", "state", "made_at"),
        Index(None, "brand", "state", "due"),
        Index(None, "brand", "first_due"),
    )

    id: str = Field(primary_key=True)
    brand: str | None = None
    customer: str | None = None
    author: str | None = None
    order_id: str | None = None
    what: str
    said: str | None = None
    case: str | None = Field(default=None, foreign_key="cases.id", index=True)
    draft: str | None = Field(default=None, foreign_key="drafts.id")
    publication: str | None = Field(default=None, foreign_key="publications.id")
    sentence: int | None = None
    action: str | None = Field(default=None, foreign_key="actions.id", index=True)
    incident: str | None = Field(default=None, foreign_key="incidents.id", index=True)
    made_at: datetime = Field(sa_type=UtcTime)
    first_due: datetime | None = Field(default=None, sa_type=UtcTime)
    due: datetime | None = Field(default=None, sa_type=UtcTime)
    due_said: str | None = None
    state: str = "open"
    settled_at: datetime | None = Field(default=None, sa_type=UtcTime)
    settled_by: str | None = None
    kept_with: str | None = None
    reason: str | None = None
