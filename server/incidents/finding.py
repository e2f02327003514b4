"""Finding an incident for somebody, to be read or to be changed."""

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.deciding import refuse_machines
from server.incidents import repository
from server.incidents.states import IncidentChanged, IncidentClosed, IncidentNotFound, IncidentState
from server.models import IncidentRow
from server.staff.roles import Caller


async def get_incident(session: AsyncSession, caller: Caller, incident: str) -> IncidentRow:
    """The incident, to be read only.

    Raises:
        IncidentNotFound: None of the caller's brands.
    """
    row = await repository.find_incident(session, incident, caller.brands)
    if row is None:
        raise IncidentNotFound
    return row


async def lock_incident(
    session: AsyncSession, caller: Caller, incident: str, *, version: int | None = None, closed_too: bool = False
) -> IncidentRow:
    """The incident, to be changed in this transaction by a person.

    Args:
        session: The transaction.
        caller: Who changes it.
        incident: Its id.
        version: What they saw; None where what they decide on is named otherwise.
        closed_too: Whether it may be closed already.

    Raises:
        IncidentNotFound: None of the caller's brands.
        IncidentClosed: It is.
        IncidentChanged: It is not what they saw.
        PeopleDecide: A machine asks.
    """
    refuse_machines(caller)
    row = await repository.find_incident(session, incident, caller.brands, lock=True)
    if row is None:
        raise IncidentNotFound
    if row.state == IncidentState.CLOSED and not closed_too:
        raise IncidentClosed("this incident is closed", closed_by=row.closed_by, version=row.version)
    if version is not None and row.version != version:
        raise IncidentChanged("this incident has changed since you saw it; read it again", version=row.version)
    return row
