"""The people who work with Deskside, the brands they serve, and what they sign in with."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class StaffRow(SQLModel, table=True):
    """A person. `role` is one of server/staff/roles.py; `time_zone` an IANA name; `initials` end their replies."""

    __tablename__ = "staff"

    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    initials: str
    role: str
    languages: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    time_zone: str = "UTC"
    password_hash: str | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcTime)


class StaffBrandRow(SQLModel, table=True):
    """A brand that a person serves. Who has none of a record's brand does not see that it exists."""

    __tablename__ = "staff_brands"

    staff: str = Field(primary_key=True, foreign_key="staff.id", ondelete="CASCADE")
    brand: str = Field(primary_key=True)


class SessionRow(SQLModel, table=True):
    """A browser that is signed in. The cookie's secret is stored hashed."""

    __tablename__ = "sessions"

    id_hash: str = Field(primary_key=True)
    staff: str = Field(foreign_key="staff.id", index=True, ondelete="CASCADE")
    csrf: str
    created_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)


class TokenRow(SQLModel, table=True):
    """A secret that stands for a person or a machine, stored hashed and shown once.

    `kind` is "personal" (acts as its person, at most with `scopes`), "machine" (no person; `scopes` for `brands`),
    "sign_in" (a link, used once, for a session), "panel_link" (one used once by the panel in a frame of `origin`) or
    "panel" (what it is given for that: acts as its person for minutes, with `scopes` for `brands`).
    """

    __tablename__ = "tokens"

    id: str = Field(primary_key=True)
    kind: str
    name: str
    secret_hash: str = Field(unique=True)
    staff: str | None = Field(default=None, foreign_key="staff.id", index=True, ondelete="CASCADE")
    scopes: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    brands: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    origin: str | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class FailedSignInRow(SQLModel, table=True):
    """A sign-in that failed, for throttling; `who` is the email or the address it came from, hashed."""

    __tablename__ = "failed_sign_ins"

    id: int | None = Field(default=None, primary_key=True)
    who: str = Field(index=True)
    at: datetime = Field(sa_type=UtcTime)
