"""Who a handle is, by staff's word; and the privacy incidents that follow from taking one back."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels import link_repository, links
from server.channels.views import IncidentOutcome, IncidentView, LinkView, NewLink, RowId, Unlink
from server.db import reading, writing
from server.models import LinkRow, PrivacyIncidentRow
from server.staff.naming import Names, names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

links_router = APIRouter(prefix="/links", tags=["links"])
incidents_router = APIRouter(prefix="/privacy-incidents", tags=["privacy-incidents"])

Linker = Annotated[Caller, Depends(allowed(Permission.LINK_CUSTOMERS))]
Unlinker = Annotated[Caller, Depends(allowed(Permission.UNLINK_CUSTOMERS))]
Looker = Annotated[Caller, Depends(allowed(Permission.READ_PRIVACY_INCIDENTS))]


@links_router.get("")
async def list_links(
    caller: Linker,
    service: ServiceDep,
    request: Request,
    customer: Annotated[str | None, Query(max_length=300, examples=["C-0001"])] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[LinkView]:
    """Links of your brands, newest first, those that were taken back too."""
    cursors = cursors_of(request, f"links?customer={customer}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await link_repository.list_links(
            session, brands=caller.brands, customer=customer, before=place[0] if place else None, limit=limit + 1
        )
        names = await _names(session, found)
    items, following = cursors.page(found, limit, lambda link: [link.id])
    return Page(items=[LinkView.of(link, names) for link in items], next=following)


@links_router.post("", status_code=201)
async def link(body: NewLink, caller: Linker, service: ServiceDep, now: NowDep) -> LinkView:
    """Say that a handle is a customer's. Their records are read when it writes, and told to nobody in public."""
    async with writing(service.engine) as session:
        row = await links.link_customer(
            session,
            caller,
            links.Claim(body.brand, body.channel, body.handle, body.customer),
            reason=body.reason,
            now=now,
        )
        return LinkView.of(row, await _names(session, [row]))


@links_router.post("/{link}/unlink", status_code=201)
async def unlink(link: RowId, body: Unlink, caller: Unlinker, service: ServiceDep, now: NowDep) -> IncidentView:
    """Take a link back. What rests on it is void, and a privacy incident is opened that names it: the answer."""
    async with writing(service.engine) as session:
        incident = await links.unlink_customer(session, caller, link, reason=body.reason, now=now)
        return IncidentView.of(incident, await _names(session, [incident]))


@incidents_router.get("")
async def list_incidents(
    caller: Looker,
    service: ServiceDep,
    request: Request,
    open_ones: Annotated[bool | None, Query(alias="open", description="Only open ones, or only closed ones.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[IncidentView]:
    """Privacy incidents of your brands, newest first."""
    cursors = cursors_of(request, f"privacy-incidents?open={open_ones}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await link_repository.list_incidents(
            session, brands=caller.brands, is_open=open_ones, before=place[0] if place else None, limit=limit + 1
        )
        names = await _names(session, found)
    items, following = cursors.page(found, limit, lambda incident: [incident.id])
    return Page(items=[IncidentView.of(incident, names) for incident in items], next=following)


@incidents_router.post("/{incident}/close")
async def close(
    incident: RowId,
    body: IncidentOutcome,
    caller: Annotated[Caller, Depends(allowed(Permission.UNLINK_CUSTOMERS))],
    service: ServiceDep,
    now: NowDep,
) -> IncidentView:
    """Say what came of an incident."""
    async with writing(service.engine) as session:
        row = await links.close_incident(session, caller, incident, outcome=body.outcome, now=now)
        return IncidentView.of(row, await _names(session, [row]))


async def _names(session: AsyncSession, rows: Iterable[LinkRow | PrivacyIncidentRow]) -> Names:
    who: set[str | None] = set()
    for row in rows:
        who |= {row.linked_by, row.unlinked_by} if isinstance(row, LinkRow) else {row.opened_by, row.closed_by}
    return await names_of(session, who)
