"""Secrets that stand for a person or a machine: made, shown once, found again, revoked."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import NotAllowed, NotFound, NotSignedIn, Unprocessable
from server.events.log import record
from server.models import TokenRow
from server.models.ids import new_id
from server.staff import repository
from server.staff.granting import check_has_brands, check_has_permissions
from server.staff.person import Person, person_of
from server.staff.roles import ONLY_PEOPLE, PERMISSIONS, Caller, Permission
from server.staff.sessions import TOUCH_EVERY, hash_of

PREFIX = "dsk_"
LONGEST = timedelta(days=366)
_ID = "token_"
_KNOWN = frozenset(Permission)
_OF_PEOPLE = ("personal", "panel")


class TokenDoesNotCount(NotSignedIn):
    """Never made, revoked, expired, or its person may not sign in; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("this token does not count, or not any more; a person's tokens are under GET /api/v1/tokens")


class NoSuchToken(NotFound):
    """There is none of this id, or it is none of the caller's."""

    def __init__(self, token: str) -> None:
        super().__init__(f"there is no token {token}", token=token)


class NeedsABrowser(NotAllowed):
    """A token that could make tokens would outlive its end."""

    def __init__(self) -> None:
        super().__init__("tokens are made by people who are signed in, not by means of a token")


class ScopeBeyondRole(NotAllowed):
    """A token allows at most what its person may do."""

    def __init__(self, person: Person, beyond: Collection[Permission]) -> None:
        named = sorted(beyond)
        super().__init__(f"a {person.role} may not: {', '.join(named)}", beyond=named)


class NotForMachines(Unprocessable):
    """A machine takes no decisions that a person answers for."""

    def __init__(self, scopes: Collection[Permission]) -> None:
        named = sorted(scopes)
        super().__init__(f"only people may: {', '.join(named)}", scopes=named)


class BadTokenTerms(Unprocessable):
    """A token that cannot be so."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new token, and its secret, which is nowhere else."""

    row: TokenRow
    secret: str


def hint_of(token: str) -> str:
    """How the secret of this token begins: whoever finds one can say which it is."""
    return f"{PREFIX}{token.removeprefix(_ID)}_"


async def make_personal(
    session: AsyncSession,
    person: Person,
    *,
    name: str,
    scopes: Collection[Permission] | None,
    lasts: timedelta,
    now: datetime,
) -> Made:
    """A token that acts as this person, at most with these scopes; None means all that the role allows today.

    Raises:
        ScopeBeyondRole: if a scope is not the role's.
        BadTokenTerms: if it would last too long, or allow nothing.
    """
    allowed = PERMISSIONS[person.role]
    wanted = allowed if scopes is None else frozenset(scopes)
    if not wanted <= allowed:
        raise ScopeBeyondRole(person, wanted - allowed)
    made = _make(session, "personal", name, staff=person.id, scopes=wanted, brands=(), lasts=lasts, now=now)
    _tell(session, "token.made", made.row, person.as_caller(), now)
    return made


async def make_machine(
    session: AsyncSession,
    by: Caller,
    *,
    name: str,
    scopes: Collection[Permission],
    brands: Collection[str],
    lasts: timedelta,
    now: datetime,
) -> Made:
    """A token of no person, for these brands.

    Raises:
        NotForMachines: if a scope is a person's judgement.
        MoreThanOnesOwn: if scopes or brands are beyond those of `by`.
        BadTokenTerms: if it would last too long, or allow nothing.
    """
    if not brands:
        raise BadTokenTerms("a machine's token is for at least one brand")
    if ONLY_PEOPLE.intersection(scopes):
        raise NotForMachines(ONLY_PEOPLE.intersection(scopes))
    check_has_permissions(by, scopes, what="this token")
    check_has_brands(by, brands)
    made = _make(session, "machine", name, staff=None, scopes=scopes, brands=brands, lasts=lasts, now=now)
    _tell(session, "token.made", made.row, by, now)
    return made


async def caller_by_token(session: AsyncSession, secret: str, now: datetime) -> tuple[Caller, bool]:
    """Who acts by this token, and whether its use is to be written down.

    A personal token never allows what its person may not do at this moment, and nothing once they are disabled; no
    more does a panel's, which is for some of their brands.

    Raises:
        TokenDoesNotCount: if it does not, or not any more.
    """
    row = await repository.find_token_by_secret(session, hash_of(secret))
    if row is None or row.revoked_at is not None or (row.expires_at is not None and now >= row.expires_at):
        raise TokenDoesNotCount
    scopes = frozenset(Permission(scope) for scope in row.scopes if scope in _KNOWN)
    due = row.used_at is None or now >= row.used_at + TOUCH_EVERY
    if row.kind == "machine":
        brands = frozenset(row.brands)
        return Caller(row.id, row.name, None, brands, scopes - ONLY_PEOPLE, token=row.id), due
    found = await repository.find_person(session, row.staff) if row.kind in _OF_PEOPLE and row.staff else None
    if found is None or found[0].disabled_at is not None:
        raise TokenDoesNotCount
    person = person_of(*found)
    caller = Caller(
        id=person.id,
        name=person.name,
        role=person.role,
        brands=person.brands if row.kind == "personal" else person.brands.intersection(row.brands),
        permissions=PERMISSIONS[person.role] & scopes,
        languages=person.languages,
        initials=person.initials,
        token=row.id,
    )
    return caller, due


async def list_tokens(session: AsyncSession, by: Caller) -> Sequence[TokenRow]:
    """The caller's own tokens and, for who manages staff, those of machines that share a brand with them."""
    rows = await repository.find_tokens(session, staff=by.id, machines=by.may(Permission.MANAGE_STAFF))
    return [row for row in rows if row.kind == "personal" or by.brands.intersection(row.brands)]


async def revoke_token(session: AsyncSession, by: Caller, token: str, now: datetime) -> None:
    """End one of the caller's own tokens or, for who manages staff, a machine's of their brands. Twice is once.

    Raises:
        NoSuchToken: if it is none of those.
        MoreThanOnesOwn: if the machine serves brands that `by` does not.
    """
    row = await repository.find_token(session, token)
    if row is None or not _may_see(by, row):
        raise NoSuchToken(token)
    if row.kind == "machine":
        check_has_brands(by, row.brands)
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(row)
        _tell(session, "token.revoked", row, by, now)


def put_down(
    session: AsyncSession,
    kind: str,
    name: str,
    *,
    staff: str | None,
    scopes: Collection[Permission],
    brands: Collection[str],
    ends: datetime,
    now: datetime,
    origin: str | None = None,
) -> Made:
    """Make a secret and store its hash, whatever it is for; the kinds' own functions say what may be."""
    token = new_id(_ID.rstrip("_"))
    secret = hint_of(token) + secrets.token_urlsafe(32)
    row = TokenRow(
        id=token,
        kind=kind,
        name=name,
        secret_hash=hash_of(secret),
        staff=staff,
        scopes=sorted(set(scopes)),
        brands=sorted(set(brands)),
        origin=origin,
        created_at=now,
        expires_at=ends,
    )
    session.add(row)
    return Made(row, secret)


def _may_see(by: Caller, row: TokenRow) -> bool:
    if row.kind == "machine":
        return by.may(Permission.MANAGE_STAFF) and bool(by.brands.intersection(row.brands))
    # a token that leaked may end itself, and no other
    return row.kind == "personal" and row.staff == by.id and by.token in (None, row.id)


def _make(
    session: AsyncSession,
    kind: str,
    name: str,
    *,
    staff: str | None,
    scopes: Collection[Permission],
    brands: Collection[str],
    lasts: timedelta,
    now: datetime,
) -> Made:
    if not name.strip():
        raise BadTokenTerms("a token has a name that says what it is for")
    if not scopes:
        raise BadTokenTerms("a token has at least one scope")
    if not timedelta(0) < lasts <= LONGEST:
        raise BadTokenTerms(f"a token lasts at most {LONGEST.days} days")
    return put_down(session, kind, name.strip(), staff=staff, scopes=scopes, brands=brands, ends=now + lasts, now=now)


def _tell(session: AsyncSession, kind: str, row: TokenRow, by: Caller, now: datetime) -> None:
    for brand in row.brands or sorted(by.brands):
        record(session, kind, row.id, brand=brand, at=now, by=by.id)
