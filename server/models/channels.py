"""Accounts on channels, and what came in on them: threads, posts, attachments, and who a handle is."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class AccountRow(SQLModel, table=True):
    """A login of a brand on a channel.

    `channel` names the network, whose rules count characters ("x", "bluesky", …); `adapter` the code that speaks to it
    (server/channels/adapters.py); `settings` what that code needs, never a secret. `cursor` is how far was polled.
    `hours` holds opening hours, holidays and the answer goal (server/channels/hours.py); `initials` how texts end with
    those of who approves them ("^{initials}"), None: they do not.
    """

    __tablename__ = "accounts"

    id: str = Field(primary_key=True)
    brand: str = Field(index=True)
    channel: str
    adapter: str
    handle: str
    settings: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    hours: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    initials: str | None = None
    cursor: str | None = None
    secret_version: int = 1
    created_at: datetime = Field(sa_type=UtcTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ThreadRow(SQLModel, table=True):
    """The posts that answer one another, by the network's id of the first."""

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("account", "network_id"),)

    id: str = Field(primary_key=True)
    brand: str = Field(index=True)
    account: str = Field(foreign_key="accounts.id")
    network_id: str
    created_at: datetime = Field(sa_type=UtcTime)


class PostRow(SQLModel, table=True):
    """A post, in or out, as it stands on the network now. `role` is "customer" or "brand".

    `folded_author` is the handle as people are looked up by it; `sent_at` the network's time, `received_at` ours;
    `version` rises with every edit. A deleted post keeps its row and loses its text. `private_to` is the folded handle
    of the only person who sees it; None: everyone does.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("account", "network_id"),
        Index(None, "thread", "sent_at"),
        Index(None, "brand", "sent_at"),
    )

    id: str = Field(primary_key=True)
    brand: str
    account: str = Field(foreign_key="accounts.id")
    thread: str = Field(foreign_key="threads.id")
    network_id: str
    in_reply_to: str | None = None
    author: str
    folded_author: str
    role: str
    text: str
    language: str | None = None
    reach: int | None = None
    private_to: str | None = None
    sent_at: datetime = Field(sa_type=UtcTime)
    received_at: datetime = Field(sa_type=UtcTime)
    version: int = 1
    edited_at: datetime | None = Field(default=None, sa_type=UtcTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcTime)


class AttachmentRow(SQLModel, table=True):
    """Something that came with a post. `state` is waiting, kept, refused or failed; `file` its name in the home."""

    __tablename__ = "attachments"

    id: str = Field(primary_key=True)
    brand: str
    post: str = Field(foreign_key="posts.id", index=True)
    type: str
    alt: str | None = None
    url: str | None = None
    state: str = "waiting"
    reason: str | None = None
    media_type: str | None = None
    size: int | None = None
    file: str | None = None


class LinkRow(SQLModel, table=True):
    """Staff's word that a handle is a customer, until it is taken back.

    Of each handle one stands; `channel` is folded.
    """

    __tablename__ = "customer_links"
    __table_args__ = (
        Index(
            "uq_customer_links_standing",
            "brand",
            "channel",
            "folded_handle",
            unique=True,
            sqlite_where=text("unlinked_at IS NULL"),
            postgresql_where=text("unlinked_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    brand: str
    channel: str
    handle: str
    folded_handle: str
    customer: str = Field(index=True)
    linked_by: str
    linked_at: datetime = Field(sa_type=UtcTime)
    reason: str
    unlinked_by: str | None = None
    unlinked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    unlink_reason: str | None = None


class PrivacyIncidentRow(SQLModel, table=True):
    """Something may have been told to the wrong person: what rested on a link that was taken back."""

    __tablename__ = "privacy_incidents"

    id: str = Field(primary_key=True)
    brand: str = Field(index=True)
    link: str = Field(foreign_key="customer_links.id")
    opened_by: str
    opened_at: datetime = Field(sa_type=UtcTime)
    reason: str
    drafts: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    publications: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    closed_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    outcome: str | None = None
