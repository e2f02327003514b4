"""Browsers that are signed in: how long that counts, and that a request really comes from our pages."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import NotAllowed, NotSignedIn
from server.models import SessionRow
from server.staff import repository

COOKIE = "deskside_session"
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)  # a working day, with its overtime
# A use is written down this often at most: not every request that reads is to become one that writes.
TOUCH_EVERY = timedelta(minutes=5)


class SessionOver(NotSignedIn):
    """The browser was signed in, or never was; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("you are not signed in, or not any more; sign in again")


class CsrfValueMissing(NotAllowed):
    """A change by cookie without what only our own pages know: another site may have sent it."""

    def __init__(self) -> None:
        super().__init__("a change needs the header X-CSRF-Token with the value that GET /api/v1/me gives")


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser is given, once."""

    cookie: str
    csrf: str
    expires_at: datetime


def hash_of(secret: str) -> str:
    """How a secret of ours is stored.

    Plain SHA-256: slow hashes protect what people make up, but 256 random bits cannot be guessed at any speed, and this
    is worked out for every request.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


async def open_session(session: AsyncSession, staff: str, now: datetime) -> NewSession:
    """Sign this person's browser in."""
    await repository.forget_ended_sessions(session, now)
    new = NewSession(cookie=secrets.token_urlsafe(32), csrf=secrets.token_urlsafe(32), expires_at=now + LONGEST)
    session.add(
        SessionRow(
            id_hash=hash_of(new.cookie),
            staff=staff,
            csrf=new.csrf,
            created_at=now,
            used_at=now,
            expires_at=new.expires_at,
        )
    )
    return new


async def standing_session(session: AsyncSession, cookie: str, now: datetime) -> SessionRow:
    """The session of this cookie.

    Raises:
        SessionOver: if there is none, or it was not used for too long, or it is too old.
    """
    row = await repository.find_session(session, hash_of(cookie))
    if row is None or now >= row.expires_at or now >= row.used_at + IDLE:
        raise SessionOver
    return row


def check_csrf(row: SessionRow, given: str | None) -> None:
    """Refuse a change that does not carry the session's value.

    Raises:
        CsrfValueMissing: if it is not there or another one.
    """
    if given is None or not hmac.compare_digest(given.encode(), row.csrf.encode()):
        raise CsrfValueMissing
