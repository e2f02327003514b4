"""The people of the demo: one for each role, and a link for each to try it with."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import writing
from server.errors import NotFound
from server.staff import repository
from server.staff.links import LASTS, address_of, make_link
from server.staff.people import add_person, get_person, operator
from server.staff.person import Particulars, Person
from server.staff.roles import Role
from server.staff.tokens import put_down

BRANDS = frozenset({"fernhollow", "tarnlight"})

_NAMES = {
    Role.DRAFTS_ONLY: ("Dilys Marsh", ("en",)),
    Role.REP: ("Robin Vale", ("en", "de")),
    Role.SOCIAL: ("Sol Pereira", ("en", "es")),
    Role.SUPERVISOR: ("Sunniva Holt", ("en", "de", "fr")),
    Role.ADMIN: ("Ada Quill", ("en", "fr")),
}


class NobodyThere(NotFound):
    """The person of the demo was given another address."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not here any more")


async def demo_people(
    engine: AsyncEngine, now: datetime, *, address: str = "http://127.0.0.1:8000"
) -> list[tuple[Person, str]]:
    """One person per role, the least of them first, with a new sign-in link each, for this machine and once.

    Those who are there from an earlier time stay as they are, and their earlier links no longer count; who was disabled
    stays so and is left out.
    """
    by = operator(BRANDS)
    links = []
    async with writing(engine) as session:
        for role, (name, languages) in _NAMES.items():
            email = _email(name)
            row = await repository.find_by_email(session, email)
            if row is None:
                particulars = Particulars(
                    name=name, role=role, brands=BRANDS, languages=languages, time_zone="Europe/London"
                )
                person = await add_person(session, by, email=email, particulars=particulars, now=now)
            else:
                person = await get_person(session, by, row.id)
            if person.disabled_at is None:
                made = await make_link(session, person, local=True, now=now)
                links.append((person, address_of(address, made.secret)))
    return links


async def come_in_as(session: AsyncSession, role: Role, now: datetime) -> str:
    """The address, on this server, of a further link for the demo's person of a role. The one that was printed stays.

    Raises:
        NobodyThere: The person was given another address.
    """
    name, _ = _NAMES[role]
    row = await repository.find_by_email(session, _email(name))
    if row is None:
        raise NobodyThere(name)
    made = put_down(
        session, "local_sign_in", "the demo's guide", staff=row.id, scopes=(), brands=(), ends=now + LASTS, now=now
    )
    return address_of("", made.secret)


def _email(name: str) -> str:
    return f"{name.split()[0].lower()}@fernhollow.example"
