"""The people: who they are, adding and changing them, and who may no longer sign in."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotAllowed, NotFound
from server.events.log import record
from server.models import StaffRow
from server.models.ids import new_id
from server.staff import repository
from server.staff.granting import check_grants_role, check_has_brands
from server.staff.person import (
    BadParticulars,
    Particulars,
    Person,
    apply,
    checked_email,
    fold_email,
    initials_of,
    person_of,
)
from server.staff.roles import Caller, Permission, Role


class NoSuchPerson(NotFound):
    """There is nobody of this id, or they serve none of the caller's brands."""

    def __init__(self, staff: str) -> None:
        super().__init__(f"there is nobody {staff}", staff=staff)


class EmailTaken(Conflict):
    """An email is one person's."""

    def __init__(self, email: str) -> None:
        super().__init__(f"somebody with the email {email} is there already, perhaps of another brand or disabled")


class LastAdmin(Conflict):
    """Without an admin nobody could let anybody in."""

    def __init__(self, brands: Iterable[str]) -> None:
        named = sorted(brands)
        words = f"this is the last admin of {' and '.join(named)}; make somebody else one first"
        super().__init__(words, brands=named)


class ServesOtherBrands(NotAllowed):
    """Changing a person changes them for all their brands."""

    def __init__(self) -> None:
        super().__init__("they also serve brands that are not yours; an admin of all of them can do this")


def operator(brands: frozenset[str]) -> Caller:
    """Whoever runs commands on the machine: the database is theirs, so nothing is kept from them."""
    everything = frozenset(Permission)
    return Caller(id="operator", name="the operator", role=Role.ADMIN, brands=brands, permissions=everything)


async def add_person(
    session: AsyncSession,
    by: Caller,
    *,
    email: str,
    particulars: Particulars,
    now: datetime,
    password_hash: str | None = None,
) -> Person:
    """Add somebody. Without a password they sign in with a link first (links.make_link).

    Raises:
        MoreThanOnesOwn: if role or brands are beyond those of `by`.
        EmailTaken: if the email is somebody's.
        BadParticulars: saying what cannot be so.
    """
    folded = checked_email(email)
    name, role = (particulars.name or "").strip(), particulars.role
    if not name or role is None or not particulars.brands:
        raise BadParticulars("a person has a name, a role and at least one brand")
    check_grants_role(by, role)
    check_has_brands(by, particulars.brands)
    if await repository.find_by_email(session, folded) is not None:
        raise EmailTaken(folded)
    row = StaffRow(
        id=new_id("staff"),
        email=folded,
        name=name,
        initials="",
        role=role,
        languages=["en"],
        password_hash=password_hash,
        created_at=now,
    )
    apply(particulars, row)
    row.initials = row.initials or initials_of(name)
    session.add(row)
    await session.flush()
    await repository.set_brands(session, row.id, particulars.brands)
    person = person_of(row, particulars.brands)
    _tell(session, "staff.added", person, by, now, role=role)
    return person


async def get_person(session: AsyncSession, by: Caller, staff: str) -> Person:
    """Somebody who shares a brand with `by`.

    Raises:
        NoSuchPerson: if there is nobody of this id among them.
    """
    found = await repository.find_person(session, staff)
    if found is None or not found[1] & by.brands:
        raise NoSuchPerson(staff)
    return person_of(*found)


async def get_by_email(session: AsyncSession, by: Caller, email: str) -> Person:
    """Somebody who shares a brand with `by`, by their email.

    Raises:
        NoSuchPerson: if there is nobody of this email among them.
    """
    row = await repository.find_by_email(session, fold_email(email))
    if row is None:
        raise NoSuchPerson(email)
    return await get_person(session, by, row.id)


async def list_people(
    session: AsyncSession, by: Caller, *, after: str | None = None, limit: int | None = None
) -> Sequence[Person]:
    """Everybody who shares a brand with `by`, by id, disabled ones too."""
    found = await repository.find_people(session, brands=by.brands, after=after, limit=limit)
    return [person_of(row, brands) for row, brands in found]


async def change_person(
    session: AsyncSession, by: Caller, staff: str, particulars: Particulars, now: datetime
) -> Person:
    """Change what is given; it holds from their next request on.

    Raises:
        NoSuchPerson, ServesOtherBrands, MoreThanOnesOwn: if `by` may not.
        LastAdmin: if a brand would be left without an admin.
        BadParticulars: saying what cannot be so.
    """
    admins = await repository.lock_active(session, Role.ADMIN)
    before, row = await managed(session, by, staff)
    role = particulars.role or before.role
    brands = before.brands if particulars.brands is None else particulars.brands
    if not brands:
        raise BadParticulars("a person serves at least one brand; somebody who serves none is disabled")
    check_grants_role(by, role)
    check_has_brands(by, brands)
    _check_admins_left(admins, staff, then=brands if role is Role.ADMIN else frozenset())
    apply(particulars, row)
    session.add(row)
    await repository.set_brands(session, staff, brands)
    after = person_of(row, brands)
    _tell(session, "staff.changed", after, by, now, role=role, brands=sorted(brands), was=before.role)
    return after


async def change_own(session: AsyncSession, by: Caller, particulars: Particulars, now: datetime) -> Person:
    """Change how one is called and where one is; what one may do and reads is for others to say.

    Raises:
        NoSuchPerson: if `by` is a machine.
        BadParticulars: saying what cannot be so.
    """
    found = await repository.find_person(session, by.id, to_change=True)
    if found is None:
        raise NoSuchPerson(by.id)
    row, brands = found
    own = Particulars(name=particulars.name, initials=particulars.initials, time_zone=particulars.time_zone)
    apply(own, row)
    session.add(row)
    person = person_of(row, brands)
    _tell(session, "staff.changed", person, by, now, role=person.role, brands=sorted(brands), was=person.role)
    return person


async def disable_person(session: AsyncSession, by: Caller, staff: str, now: datetime) -> Person:
    """End everything they sign in with, at once. What they did stays theirs; nothing is deleted.

    Raises:
        NoSuchPerson, ServesOtherBrands, MoreThanOnesOwn: if `by` may not.
        LastAdmin: if a brand would be left without an admin.
    """
    admins = await repository.lock_active(session, Role.ADMIN)
    person, row = await managed(session, by, staff)
    _check_admins_left(admins, staff, then=frozenset())
    if row.disabled_at is None:
        row.disabled_at = now
        session.add(row)
        _tell(session, "staff.disabled", person, by, now)
    await repository.end_sessions(session, staff)
    await repository.revoke_tokens(session, staff, now)
    return person_of(row, person.brands)


async def enable_person(session: AsyncSession, by: Caller, staff: str, now: datetime) -> Person:
    """Let them sign in again, with the password they had or a new link; their tokens stay revoked.

    Raises:
        NoSuchPerson, ServesOtherBrands, MoreThanOnesOwn: if `by` may not.
    """
    person, row = await managed(session, by, staff)
    if row.disabled_at is not None:
        row.disabled_at = None
        session.add(row)
        await repository.end_sessions(session, staff)  # one may have been opened while they were being disabled
        _tell(session, "staff.enabled", person, by, now)
    return person_of(row, person.brands)


async def managed(session: AsyncSession, by: Caller, staff: str) -> tuple[Person, StaffRow]:
    """Somebody over whom `by` has a say: who serves no other brands and may do nothing that `by` may not.

    Raises:
        NoSuchPerson, ServesOtherBrands, MoreThanOnesOwn: if it is nobody of those.
    """
    found = await repository.find_person(session, staff, to_change=True)
    if found is None or not found[1] & by.brands:
        raise NoSuchPerson(staff)
    person = person_of(*found)
    if not person.brands <= by.brands:
        raise ServesOtherBrands
    check_grants_role(by, person.role)
    return person, found[0]


def _check_admins_left(admins: repository.People, staff: str, *, then: frozenset[str]) -> None:
    """Refuse what leaves a brand without an admin; `then` are the brands that this person will be an admin of."""
    now_theirs = next((brands for row, brands in admins if row.id == staff), frozenset[str]())
    others = frozenset[str]().union(*(brands for row, brands in admins if row.id != staff))
    orphaned = now_theirs - then - others
    if orphaned:
        raise LastAdmin(orphaned)


def _tell(session: AsyncSession, kind: str, person: Person, by: Caller, now: datetime, **data: object) -> None:
    for brand in sorted(person.brands):
        record(session, kind, person.id, brand=brand, at=now, by=by.id, **data)
