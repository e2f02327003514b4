"""Which of the places that answers point to lead out of everybody's sight."""

from collections.abc import Collection
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from server.destinations.seeding import destinations_of

PRIVATE_KINDS = frozenset({"direct_message", "secure_form", "phone", "appeal"})
"""Where the talk goes on between us and the customer alone. A page to read or a form of another purpose is none."""


async def private_places(session: AsyncSession, knowledge: Path) -> Collection[str]:
    """The ids of the destinations that lead there; answers point to retired ones, too."""
    return frozenset(place.id for place in await destinations_of(session, knowledge) if place.kind in PRIVATE_KINDS)
