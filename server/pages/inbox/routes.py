"""Where the pages of the inbox are, and the parts of them that are shown anew."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from server.pages.inbox.contexts import Filters, InboxPage
from server.pages.inbox.reading import newest_draft, read_case, read_customer, read_queue
from server.pages.inbox.sending import read_sending
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.staff.roles import Permission
from server.web.paging import Cursor

router = APIRouter(prefix="/inbox", include_in_schema=False)

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_CASES))]
_Name = Annotated[str | None, Query(max_length=100)]


async def _filters(
    brand: _Name = None, account: _Name = None, team: _Name = None, mine: bool = False, danger: bool = False
) -> Filters:
    return Filters(brand or None, account or None, mine, team or None, danger)


FiltersDep = Annotated[Filters, Depends(_filters)]


@router.get("")
async def inbox(visit: VisitDep, filters: FiltersDep) -> HTMLResponse:
    """The queue, with nothing chosen."""
    queue = await read_queue(visit, filters, chosen=None)
    return show(visit.request, "inbox/page", InboxPage(queue, None, visit.service.settings.undo_seconds))


@router.get("/queue")
async def queue_part(visit: VisitDep, filters: FiltersDep, chosen: _Name = None, cursor: Cursor = None) -> HTMLResponse:
    """The queue alone, for a page that shows it anew."""
    return show(visit.request, "inbox/queue", await read_queue(visit, filters, chosen=chosen, cursor=cursor))


@router.get("/sending")
async def sending_part(visit: VisitDep) -> HTMLResponse:
    """What keeps texts from being sent, and what is sent later."""
    return show(visit.request, "inbox/sending", await read_sending(visit))


@router.get("/drafts/{draft}")
async def case_page(draft: str, visit: VisitDep, filters: FiltersDep) -> HTMLResponse:
    """The queue and the case of this draft."""
    case = await read_case(visit, draft)
    queue = await read_queue(visit, filters, chosen=draft)
    return show(visit.request, "inbox/page", InboxPage(queue, case, visit.service.settings.undo_seconds))


@router.get("/drafts/{draft}/case")
async def case_part(draft: str, visit: VisitDep, ahead: bool = False) -> HTMLResponse:
    """The case alone, for a page that opens another. Read `ahead` it does not count as shown to anybody."""
    return show(visit.request, "inbox/case", await read_case(visit, draft, seen=not ahead))


@router.get("/drafts/{draft}/customer")
async def customer_part(draft: str, visit: VisitDep) -> HTMLResponse:
    """Who is answered. It is asked for when the case stands there: records may be far away."""
    return show(visit.request, "inbox/customer", await read_customer(visit, draft))


@router.get("/cases/{case}")
async def newest_page(case: str, visit: VisitDep) -> RedirectResponse:
    """Where the case is worked on: its newest draft."""
    return RedirectResponse(f"/inbox/drafts/{await newest_draft(visit, case)}", status_code=303)


@router.get("/cases/{case}/case")
async def newest_part(case: str, visit: VisitDep) -> HTMLResponse:
    """The case with its newest draft, for a page on which it changed."""
    return show(visit.request, "inbox/case", await read_case(visit, await newest_draft(visit, case)))
