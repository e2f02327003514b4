"""Approved parts on their way out, and who stopped what."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime

_COUNTS = text("state != 'withdrawn'")


class PublicationRow(SQLModel, table=True):
    """The posting of one approved part, at most once. `state` moves by server/publications/states.py alone.

    `text` is what is sent, with `signature` at its end: the initials of who approved it. `digest` is the approval's;
    `key` is ours, chosen before sending, for networks that take one; `waits_for` is the private part that must be sent
    first. `send_after` is the end of the undo time or the scheduled moment. `attempt` counts intents: it is raised and
    committed before every call to the network.
    """

    __tablename__ = "publications"
    __table_args__ = (
        # what was taken back may be approved again, in the same words
        Index("uq_publications_part", "draft", "part", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        Index(None, "brand", "state"),
        Index(None, "account", "state"),
    )

    id: str = Field(primary_key=True)
    brand: str
    account: str = Field(foreign_key="accounts.id")
    case: str = Field(foreign_key="cases.id", index=True)
    draft: str = Field(foreign_key="drafts.id", index=True)
    part: str
    text: str
    signature: str = ""
    digest: str
    key: str = Field(unique=True)
    reply_to: str
    recipient: str
    state: str
    waits_for: str | None = Field(default=None, foreign_key="publications.id")
    corrects: str | None = Field(default=None, foreign_key="publications.id")
    send_after: datetime = Field(sa_type=UtcTime)
    scheduled: bool = False
    attempt: int = 0
    attempted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    network_id: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    error: str | None = None
    withdrawn_by: str | None = None
    withdraw_reason: str | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)

    @property
    def words(self) -> str:
        """The draft's own, without the initials."""
        return self.text.removesuffix(self.signature)


class PauseRow(SQLModel, table=True):
    """Nothing is sent while a pause stands. `scope` is "all", "channel:x" or "account:…"."""

    __tablename__ = "pauses"

    id: str = Field(primary_key=True)
    scope: str = Field(index=True)
    brand: str | None = None
    paused_by: str
    paused_at: datetime = Field(sa_type=UtcTime)
    reason: str
    lifted_by: str | None = None
    lifted_at: datetime | None = Field(default=None, sa_type=UtcTime)
