"""The places that customers may be sent to, and who changes them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.db import reading, writing
from server.destinations import managing, repository
from server.destinations.bodies import ChangedDestination, NewDestination, RetiredDestination
from server.destinations.managing import Change
from server.destinations.refusals import NoSuchDestination
from server.destinations.views import DestinationView
from server.policies.files import DestinationKind
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/destinations", tags=["destinations"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_POLICIES))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_POLICIES))]


@router.get("")
async def list_destinations(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    brand: Annotated[str | None, Query(max_length=100, description="Only this brand's, and every brand's.")] = None,
    kind: Annotated[DestinationKind | None, Query(description="Only of this kind.")] = None,
    retired: Annotated[bool, Query(description="Those that nobody is sent to any more, too.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[DestinationView]:
    """Where your brands may send customers, by id."""
    cursors = cursors_of(request, f"destinations?{brand}&{kind}&{retired}")
    place = cursors.read(cursor)
    after = place[0] if place else None
    async with reading(service.engine) as session:
        found = await repository.list_destinations(
            session, caller.brands, brand=brand, kind=kind, retired=retired, after=after, limit=limit + 1
        )
        items, following = cursors.page(found, limit, lambda row: [row.id])
        names = await names_of(session, [row.changed_by for row in items])
    return Page(items=[DestinationView.of(row, names) for row in items], next=following)


@router.post("", status_code=201)
async def add_destination(body: NewDestination, caller: Manager, service: ServiceDep, now: NowDep) -> DestinationView:
    """Let drafts name another place from now on. One that nobody could reach is refused, field by field."""
    change = Change(caller, (await service.desk_now()).guidance, now)
    async with writing(service.engine) as session:
        row = await managing.add_destination(session, change, body.entry(body.id))
        return DestinationView.of(row, await names_of(session, [caller.id]))


@router.get("/{destination}")
async def get_destination(destination: str, caller: Reader, service: ServiceDep) -> DestinationView:
    """A place, retired ones too."""
    async with reading(service.engine) as session:
        row = await repository.find(session, destination, caller.brands)
        if row is None:
            raise NoSuchDestination
        return DestinationView.of(row, await names_of(session, [row.changed_by]))


@router.put("/{destination}")
async def change_destination(
    destination: str, body: ChangedDestination, caller: Manager, service: ServiceDep, now: NowDep
) -> DestinationView:
    """Name a place this way from now on. What names it as it was, and is not sent, goes back to review."""
    change = Change(caller, (await service.desk_now()).guidance, now)
    async with writing(service.engine) as session:
        row = await managing.change_destination(session, change, body.entry(destination), version=body.version)
        view = DestinationView.of(row, await names_of(session, [caller.id]))
    service.wake()
    return view


@router.post("/{destination}/retire")
async def retire_destination(
    destination: str, body: RetiredDestination, caller: Manager, service: ServiceDep, now: NowDep
) -> DestinationView:
    """Send nobody there any more. What names it, and is not sent, goes back to review."""
    change = Change(caller, (await service.desk_now()).guidance, now)
    async with writing(service.engine) as session:
        row = await managing.retire_destination(session, change, destination, version=body.version, reason=body.reason)
        view = DestinationView.of(row, await names_of(session, [caller.id]))
    service.wake()
    return view
