"""Sign-in links: for somebody new, for a forgotten password, and for the demo."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotAllowed, NotSignedIn
from server.events.log import record
from server.staff import repository
from server.staff.people import managed
from server.staff.person import Person, person_of
from server.staff.roles import Caller
from server.staff.sessions import hash_of
from server.staff.tokens import Made, put_down

LASTS = timedelta(hours=24)
KINDS = ("sign_in", "local_sign_in")


class PersonIsDisabled(Conflict):
    """Nobody makes a way in for somebody who may not come in."""


class LinkDoesNotCount(NotSignedIn):
    """Never made, used, expired, replaced by a newer one, or its person is disabled; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("this link does not count any more: each is used once; ask for a new one")


class LinkOnlyHere(NotAllowed):
    """A link of the demo, opened from elsewhere."""

    def __init__(self) -> None:
        super().__init__("this link works only in a browser on the machine that Deskside runs on")


def address_of(public_url: str, secret: str) -> str:
    """The link to open. The secret is behind #: browsers send that to nobody, so that no log has it."""
    return f"{public_url.rstrip('/')}/sign-in#{secret}"


async def make_link(session: AsyncSession, person: Person, *, local: bool, now: datetime) -> Made:
    """A sign-in link's secret, used once; links made before no longer count. A local one works on this machine only."""
    if person.disabled_at is not None:
        raise PersonIsDisabled(f"{person.name} is disabled; enable them first")
    await repository.revoke_tokens(session, person.id, now, kinds=KINDS)
    kind = "local_sign_in" if local else "sign_in"
    ends = now + LASTS
    return put_down(session, kind, "sign-in link", staff=person.id, scopes=(), brands=(), ends=ends, now=now)


async def begin_anew(session: AsyncSession, by: Caller, staff: str, now: datetime) -> tuple[Person, Made]:
    """A link for who lost theirs or forgot the password: it is taken away, and they are signed out. Tokens stay.

    Raises:
        NoSuchPerson, ServesOtherBrands, MoreThanOnesOwn: if `by` may not.
        PersonIsDisabled: if they are.
    """
    person, row = await managed(session, by, staff)
    made = await make_link(session, person, local=False, now=now)
    row.password_hash = None
    session.add(row)
    await repository.end_sessions(session, staff)
    for brand in sorted(person.brands):
        record(session, "staff.link_made", staff, brand=brand, at=now, by=by.id)
    return person_of(row, person.brands), made


async def use_link(session: AsyncSession, secret: str, *, local: bool, now: datetime) -> Person:
    """Whom the link is for; it is used up with this transaction.

    Raises:
        LinkDoesNotCount: if it does not, or not any more.
        LinkOnlyHere: if it is for this machine and `local` is not so; it stays unused.
    """
    row = await repository.find_token_by_secret(session, hash_of(secret))
    if row is None or row.staff is None or row.kind not in KINDS:
        raise LinkDoesNotCount
    if row.kind == "local_sign_in" and not local:
        raise LinkOnlyHere
    found = await repository.find_person(session, row.staff)
    if found is None or found[0].disabled_at is not None or not await repository.use_once(session, row.id, now):
        raise LinkDoesNotCount
    return person_of(*found)
