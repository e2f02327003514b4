"""Incidents: opened, their cases confirmed, answered with one approved text, closed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading
from server.incidents import confirming, opening, repository
from server.incidents.bodies import Confirmation, NewIncident
from server.incidents.finding import get_incident
from server.incidents.states import IncidentState, InIncident
from server.incidents.views import ConfirmedView, IncidentView, ListingView, QueuedIncident
from server.models import IncidentRow
from server.staff.roles import Caller, Permission
from server.web.dependencies import ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/incidents", tags=["incidents"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_INCIDENTS))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_INCIDENTS))]


@router.get("")
async def list_incidents(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    state: IncidentState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[QueuedIncident]:
    """Incidents, the newest first."""
    cursors = cursors_of(request, f"incidents?{state}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await repository.list_incidents(
            session, caller.brands, state=state, before=place[0] if place else None, limit=limit + 1
        )
        items, following = cursors.page(found, limit, lambda row: [row.id])
        counts = {row.id: await repository.count_cases(session, row.id) for row in items}
    return Page(items=[QueuedIncident.of(row, counts[row.id]) for row in items], next=following)


@router.post("", status_code=201)
async def open_incident(body: NewIncident, caller: Manager, service: ServiceDep) -> IncidentView:
    """Open an incident. What waits is looked through for it at once, in the background (`listed_at`).

    From now on a post that belongs to it, and holds nothing else, is held for it instead of being drafted.
    """
    row = await opening.open_incident(
        service,
        caller,
        brand=body.brand,
        title=body.title,
        match=body.match.match,
        kind=body.kind,
        known=body.known,
    )
    async with reading(service.engine) as session:
        return await _whole(session, row)


@router.get("/{incident}")
async def get_one(incident: str, caller: Reader, service: ServiceDep) -> IncidentView:
    """An incident with its texts, and how many cases stand where."""
    async with reading(service.engine) as session:
        return await _whole(session, await get_incident(session, caller, incident))


@router.get("/{incident}/cases")
async def list_cases(
    incident: str,
    caller: Reader,
    service: ServiceDep,
    request: Request,
    state: InIncident | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListingView]:
    """The cases that belong to it, with why, in the order they were found in; those that stay in the queue, too."""
    cursors = cursors_of(request, f"incidents/{incident}/cases?{state}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        await get_incident(session, caller, incident)
        found = await repository.page_of_cases(
            session, incident, state=state, after=place[0] if place else None, limit=limit + 1
        )
    items, following = cursors.page(found, limit, lambda row: [row[0].id])
    return Page(items=[ListingView.of(*row) for row in items], next=following)


@router.post("/{incident}/confirm")
async def confirm_cases(incident: str, body: Confirmation, caller: Manager, service: ServiceDep) -> ConfirmedView:
    """Say that these cases belong to it: their drafts leave the queue, and its text will answer them.

    Whoever has written again since is not confirmed, and neither is what has come in since.
    """
    return ConfirmedView.of(await confirming.confirm(service, caller, incident, body.seen))


async def _whole(session: AsyncSession, row: IncidentRow) -> IncidentView:
    counts = await repository.count_cases(session, row.id)
    return IncidentView.whole(row, counts, await repository.count_publications(session, row.id))
