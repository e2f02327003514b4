"""Signing in, finding out who calls, and signing out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.errors import NotAllowed, NotSignedIn
from server.models import SessionRow
from server.secret import Secret
from server.staff import repository, throttle
from server.staff.links import use_link
from server.staff.passwords import check_good_enough, hash_password, is_outdated, is_right
from server.staff.person import Person, fold_email, person_of
from server.staff.roles import Caller
from server.staff.sessions import (
    TOUCH_EVERY,
    NewSession,
    SessionOver,
    check_csrf,
    hash_of,
    open_session,
    standing_session,
)
from server.staff.tokens import TokenDoesNotCount, caller_by_token


class WrongEmailOrPassword(NotSignedIn):
    """One of the two is wrong, or the person is disabled; which one, nobody is told."""

    def __init__(self) -> None:
        super().__init__("email or password is wrong")


class WrongPassword(NotAllowed):
    """Whoever sits at a browser that was left open cannot change the password."""

    def __init__(self) -> None:
        super().__init__("the current password is wrong")


class NeedsABearer(NotSignedIn):
    """Another way of naming oneself than ours."""

    def __init__(self) -> None:
        super().__init__('the header is "Authorization: Bearer dsk_…"')


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, what the browser keeps for it, and what it is known by next time."""

    person: Person
    session: NewSession
    browser: str


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a sign-in comes from: its address, and what it has of us from before."""

    address: str | None
    known: str | None = None
    cookie: str | None = None


async def sign_in(
    engine: AsyncEngine, secret: Secret, *, email: str, password: str, browser: Browser, now: datetime
) -> SignedIn:
    """Sign somebody in by password. No transaction is open while the password is worked on.

    Raises:
        TooManySignIns: if too many failed; the password is not looked at.
        WrongEmailOrPassword: as soon, and in the same words, if there is nobody of this email.
    """
    folded = fold_email(email)
    attempt = await throttle.begin_attempt(
        engine, secret, email=folded, address=browser.address, browser=browser.known, now=now
    )
    async with reading(engine) as session:
        row = await repository.find_by_email(session, folded)
    stored = None if row is None else row.password_hash
    if not await is_right(password, stored) or row is None or stored is None or row.disabled_at is not None:
        raise WrongEmailOrPassword
    renewed = await hash_password(password) if is_outdated(stored) else stored
    async with writing(engine) as session:
        found = await repository.find_person(session, row.id, to_change=True)
        if found is None or found[0].disabled_at is not None or found[0].password_hash != stored:
            raise WrongEmailOrPassword  # since it was looked at
        found[0].password_hash = renewed
        session.add(found[0])
        await throttle.succeeded(session, attempt)
        return await _let_in(session, secret, person_of(*found), browser, now)


async def sign_in_with_link(
    engine: AsyncEngine, secret: Secret, *, link: str, local: bool, browser: Browser, now: datetime
) -> SignedIn:
    """Sign in whom the link is for, once. Not throttled: nobody guesses 256 bits.

    Raises:
        LinkDoesNotCount: if it was used, replaced or never made.
        LinkOnlyHere: if it is for this machine alone and `local` is not so.
    """
    async with writing(engine) as session:
        person = await use_link(session, link, local=local, now=now)
        return await _let_in(session, secret, person, browser, now)


async def identify(
    engine: AsyncEngine,
    *,
    authorization: str | None,
    cookie: str | None,
    csrf: str | None,
    unsafe: bool,
    now: datetime,
    in_use: bool = True,
) -> Caller:
    """Who sends this request: by its token if it has one, else by its cookie.

    Args:
        engine: The database.
        authorization: The header of that name.
        cookie: The value of the cookie `deskside_session`.
        csrf: The header X-CSRF-Token.
        unsafe: Whether the request may change something (any method but GET, HEAD and OPTIONS).
        now: This moment.
        in_use: Whether somebody does something by it. A stream that stays open is no use: it would keep a browser
            signed in that nobody sits at.

    Raises:
        NotSignedIn: if nobody is named, or by something that does not count any more.
        CsrfValueMissing: if it is a change by cookie that may come from another site.
    """
    if authorization is not None:
        return await _by_token(engine, authorization, now, in_use=in_use)
    if not cookie:
        raise SessionOver
    async with reading(engine) as session:
        row = await standing_session(session, cookie, now)
        found = await repository.find_person(session, row.staff)
    if found is None or found[0].disabled_at is not None:
        raise SessionOver
    if unsafe:
        check_csrf(row, csrf)
    if in_use and now >= row.used_at + TOUCH_EVERY:
        async with writing(engine) as session:
            await repository.touch_session(session, row.id_hash, now)
    return person_of(*found).as_caller()


async def session_of(session: AsyncSession, cookie: str, now: datetime) -> SessionRow:
    """The standing session of a cookie, for its CSRF value.

    Raises:
        SessionOver: if there is none any more.
    """
    return await standing_session(session, cookie, now)


async def sign_out(session: AsyncSession, cookie: str) -> None:
    """End this browser's session."""
    await repository.end_session(session, hash_of(cookie))


async def change_password(
    engine: AsyncEngine,
    secret: Secret,
    caller: Caller,
    *,
    current: str | None,
    new: str,
    browser: Browser,
    now: datetime,
) -> None:
    """Set the caller's own password and sign them out everywhere but here.

    Raises:
        PasswordTooWeak: saying what is asked for.
        WrongPassword: if they have one and `current` is not it.
        TooManySignIns: if too many guesses failed.
    """
    async with reading(engine) as session:
        found = await repository.find_person(session, caller.id)
    if found is None or browser.cookie is None:
        raise SessionOver
    row = found[0]
    check_good_enough(new, email=row.email)
    attempt = await throttle.begin_attempt(
        engine, secret, email=row.email, address=browser.address, browser=browser.known, now=now
    )
    if row.password_hash is not None and not await is_right(current or "", row.password_hash):
        raise WrongPassword
    hashed = await hash_password(new)
    async with writing(engine) as session:
        await throttle.succeeded(session, attempt)
        again = await repository.find_person(session, row.id, to_change=True)
        if again is None or again[0].password_hash != row.password_hash:
            raise WrongPassword  # since it was looked at
        again[0].password_hash = hashed
        session.add(again[0])
        await repository.end_sessions(session, row.id, but=hash_of(browser.cookie))


async def _let_in(session: AsyncSession, secret: Secret, person: Person, browser: Browser, now: datetime) -> SignedIn:
    if browser.cookie:
        await sign_out(session, browser.cookie)
    opened = await open_session(session, person.id, now)
    return SignedIn(person, opened, throttle.remember_browser(secret, person.email))


async def _by_token(engine: AsyncEngine, authorization: str, now: datetime, *, in_use: bool) -> Caller:
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NeedsABearer
    async with reading(engine) as session:
        caller, due = await caller_by_token(session, secret.strip(), now)
    if caller.token is None:
        raise TokenDoesNotCount
    if due and in_use:
        async with writing(engine) as session:
            await repository.touch_token(session, caller.token, now)
    return caller
