"""Slowing down who guesses passwords, without locking out whose password is guessed.

Failures are counted by email and by address. Both can be filled up by a stranger, so a browser in which this person has
signed in before is counted by itself alone: it is remembered with a signed cookie, and the stranger does not have it.
Attempts that are refused are not counted, so that a wait ends.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import writing
from server.errors import TooMany
from server.models import FailedSignInRow
from server.secret import Secret
from server.staff import repository

WINDOW = timedelta(minutes=15)
PER_EMAIL = 5
PER_ADDRESS = 30  # an office shares one
BROWSER_COOKIE = "deskside_browser"
BROWSER_LASTS = timedelta(days=400)  # browsers keep no cookie longer


class TooManySignIns(TooMany):
    """Too many failed by this email, or from this address."""

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, ceil(wait.total_seconds()))
        words = (
            f"too many sign-ins failed; try again in {ceil(seconds / 60)} minutes, or in a browser in which you have "
            "signed in before, or ask an admin for a sign-in link"
        )
        super().__init__(words, retry_after=seconds)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was let through, counted as failed until `succeeded`."""

    rows: tuple[int, ...]
    own: str


async def begin_attempt(
    engine: AsyncEngine, secret: Secret, *, email: str, address: str | None, browser: str | None, now: datetime
) -> Attempt:
    """Count an attempt before its password is looked at, so that many at once do not pass together.

    Raises:
        TooManySignIns: with the time to wait.
    """
    key = secret.derive("failed sign-ins")
    by_email = (_who(key, "email", email), PER_EMAIL)
    by_address = (_who(key, "address", _network(address)), PER_ADDRESS)
    known = known_browser(secret, browser, email)
    async with writing(engine) as session:
        await repository.forget_failures(session, before=now - WINDOW)
        if known is not None:
            by_browser = (_who(key, "browser", known), PER_EMAIL)
            if await _wait(session, [by_browser], now) is None:
                return await _count(session, [by_browser], now)
        wait = await _wait(session, [by_email, by_address], now)
        if wait is None:
            return await _count(session, [by_email, by_address], now)
    raise TooManySignIns(wait)


async def succeeded(session: AsyncSession, attempt: Attempt) -> None:
    """It was no failure; and what failed before by this email, or in this browser, counts no more."""
    await repository.drop_failures(session, attempt.rows)
    await repository.forget_failures(session, whos=[attempt.own])


def remember_browser(secret: Secret, email: str) -> str:
    """The value of the cookie by which a browser shows that this person has signed in there."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_signed(secret, nonce, email)}"


def known_browser(secret: Secret, cookie: str | None, email: str) -> str | None:
    """What to count the browser by, if the cookie is ours and for this email."""
    nonce, _, signature = (cookie or "").partition(".")
    if not nonce or not hmac.compare_digest(signature.encode(), _signed(secret, nonce, email).encode()):
        return None
    return nonce


def _signed(secret: Secret, nonce: str, email: str) -> str:
    return hmac.new(secret.derive("remembered browsers"), f"{nonce}\n{email}".encode(), hashlib.sha256).hexdigest()


async def _wait(session: AsyncSession, limits: Sequence[tuple[str, int]], now: datetime) -> timedelta | None:
    """How long until each of these may try again; None if each may now."""
    await repository.one_at_a_time(session, [_number(who) for who, _ in limits])
    waits = []
    for who, limit in limits:
        failed = await repository.failures(session, who, since=now - WINDOW)
        if len(failed) >= limit:
            waits.append(failed[-limit] + WINDOW - now)
    return max(waits, default=None)


async def _count(session: AsyncSession, limits: Sequence[tuple[str, int]], now: datetime) -> Attempt:
    rows = [FailedSignInRow(who=who, at=now) for who, _ in limits]
    session.add_all(rows)
    await session.flush()
    return Attempt(rows=tuple(row.id for row in rows if row.id is not None), own=limits[0][0])


def _who(key: bytes, kind: str, value: str) -> str:
    """Hashed with a key: whoever reads the table learns neither emails nor addresses."""
    return hmac.new(key, f"{kind}\n{value}".encode(), hashlib.sha256).hexdigest()


def _number(who: str) -> int:
    return int.from_bytes(bytes.fromhex(who[:16]), signed=True)


def _network(address: str | None) -> str:
    """What one party can be taken to have: an IPv4 address, or the /64 that every IPv6 line is given."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))
    return str(parsed)
