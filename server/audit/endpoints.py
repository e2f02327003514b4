"""The audit: who did what to which record."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from server.audit import repository
from server.audit.repository import Wanted
from server.audit.seals import Seals
from server.audit.views import AuditEntry
from server.db import reading
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/audit", tags=["audit"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_AUDIT))]
One = Annotated[str | None, Query(max_length=200)]


@router.get("")
async def list_audit(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    kind: Annotated[
        str | None, Query(max_length=100, description="A kind, or what stands before its dot.", examples=["draft"])
    ] = None,
    subject: One = None,
    by: Annotated[str | None, Query(max_length=200, description="A person's or a machine's id.")] = None,
    customer: Annotated[str | None, Query(max_length=200, description="Rows that name this customer.")] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AuditEntry]:
    """Rows of the caller's brands, and of none; the newest first. `deskside audit verify` tells if any is missing."""
    cursors = cursors_of(request, f"audit?{kind}&{subject}&{by}&{customer}&{since}&{until}")
    place = cursors.read(cursor)
    digests = None
    if customer is not None:
        digests = Seals.of_settings(service.settings).pseudonyms("customer", customer)
    wanted = Wanted(caller.brands, kind, subject, by, digests, since, until)
    async with reading(service.engine) as session:
        found = await repository.list_rows(session, wanted, before=place[0] if place else None, limit=limit + 1)
        items, following = cursors.page(found, limit, lambda row: [row.number])
        names = await names_of(session, [row.caller for row in items])
    return Page(items=[AuditEntry.of(row, names) for row in items], next=following)
