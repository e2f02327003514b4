"""Whom somebody works with: enough to give them a case, and nothing that is theirs alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.staff import repository
from server.staff.person import Person, person_of
from server.staff.roles import Caller, Permission, roles_with

ON_DUTY = timedelta(hours=1)
"""Who has done something within this time is on duty."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can work on drafts, and whether they are at work."""

    person: Person
    on_duty: bool


async def list_colleagues(
    session: AsyncSession, caller: Caller, now: datetime, *, brand: str | None, after: str | None, limit: int
) -> Sequence[Colleague]:
    """Who can work on drafts of the caller's brands, or of one of them, by id; nobody who is disabled."""
    brands = caller.brands if brand is None else caller.brands & {brand}
    roles = roles_with(Permission.WORK_ON_DRAFTS)
    found = await repository.find_people(session, brands=brands, roles=roles, after=after, limit=limit)
    at_work = await repository.used_since(session, [row.id for row, _ in found], since=now - ON_DUTY)
    return [Colleague(person_of(row, served), row.id in at_work) for row, served in found]
