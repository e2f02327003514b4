"""Privacy: giving out and erasing what is known of a customer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette import status

from server.audit.seals import Seals
from server.db import reading
from server.privacy import erasing, repository
from server.privacy.bodies import Erase, Whom
from server.privacy.exporting import export
from server.privacy.views import ErasureView, Known, Preview
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/privacy", tags=["privacy"])

Eraser = Annotated[Caller, Depends(allowed(Permission.ERASE_CUSTOMERS))]
Exporter = Annotated[Caller, Depends(allowed(Permission.EXPORT_CUSTOMERS))]


@router.post("/exports")
async def export_customer(body: Whom, caller: Exporter, service: ServiceDep, now: NowDep) -> Known:
    """Everything that is known of a customer or a handle, in one document. The audit keeps who asked for it."""
    seals = Seals.of_settings(service.settings)
    return Known(**await export(service.engine, seals, caller, body.asked(), now))


@router.get("/erasures")
async def list_erasures(
    caller: Eraser, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[ErasureView]:
    """Erasures that were done, the newest first."""
    cursors = cursors_of(request, "erasures")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        before = place[0] if place else None
        found = await repository.list_erasures(session, brands=caller.brands, before=before, limit=limit + 1)
        items, following = cursors.page(found, limit, lambda row: [row.id])
        names = await names_of(session, [row.erased_by for row in items])
    return Page(items=[ErasureView.of(row, names) for row in items], next=following)


@router.post("/erasures/preview")
async def preview_erasure(body: Whom, caller: Eraser, service: ServiceDep) -> Preview:
    """What erasing them would do, without doing it."""
    seals = Seals.of_settings(service.settings)
    return Preview(**await erasing.preview(service.engine, caller, body.asked(), seals))


@router.post("/erasures", status_code=status.HTTP_201_CREATED)
async def erase_customer(body: Erase, caller: Eraser, service: ServiceDep, now: NowDep) -> ErasureView:
    """Erase a customer wherever they stand; nothing brings it back. What has to stay says nothing of them any more.

    Refused while something is being sent or carried out for them. An import that brings them again leaves them out.
    """
    row = await erasing.erase(service.engine, service.settings, caller, body.asked(), reason=body.reason, now=now)
    service.wake()
    async with reading(service.engine) as session:
        names = await names_of(session, [row.erased_by])
    return ErasureView.of(row, names)
