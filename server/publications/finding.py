"""Finding a publication for somebody, and locking it with its case.

Locks are taken in one order everywhere: thread, case, draft, publications. Whoever takes posts in holds their threads:
the network may tell of a text at the very moment at which we learn that it has arrived.
"""

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import NotFound
from server.log_context import case_id
from server.models import PublicationRow
from server.publications import repository


class PublicationNotFound(NotFound):
    """There is no such publication, or not of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such publication")


async def get_publication(session: AsyncSession, publication: str, brands: frozenset[str]) -> PublicationRow:
    """The publication, to be read only.

    Raises:
        PublicationNotFound: There is none of these brands.
    """
    found = await repository.find_publication(session, publication)
    if found is None or found.brand not in brands:
        raise PublicationNotFound
    case_id.set(found.case)
    return found


async def lock_with_case(
    session: AsyncSession, publication: str, brands: frozenset[str] | None = None
) -> PublicationRow | None:
    """The publication, its case and its thread, which nobody else changes until this transaction ends.

    None if there is no such publication; with `brands`, none of theirs.
    """
    seen = await repository.find_publication(session, publication)
    if seen is None or (brands is not None and seen.brand not in brands):
        return None
    case_id.set(seen.case)
    await repository.lock_thread_of(session, seen.case)
    await repository.lock_case(session, seen.case)
    return await repository.lock_publication(session, publication)


async def lock_for(session: AsyncSession, publication: str, brands: frozenset[str]) -> PublicationRow:
    """The same for somebody of these brands.

    Raises:
        PublicationNotFound: There is none of these brands.
    """
    found = await lock_with_case(session, publication, brands)
    if found is None:
        raise PublicationNotFound
    return found
