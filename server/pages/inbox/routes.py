"""Where the pages of the inbox are, and the parts of them that are shown anew."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from server.drafts.filters import FiltersDep
from server.pages.inbox.case_reading import newest_draft, read_case
from server.pages.inbox.contexts import CasePart, InboxPage, Shown
from server.pages.inbox.reading import filter_of, read_accounts, read_counts, read_customer, read_queue, read_shown
from server.pages.inbox.sending import read_sending
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.staff.roles import Permission
from server.web.paging import Cursor

router = APIRouter(prefix="/inbox", include_in_schema=False)

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_CASES))]
_Name = Annotated[str | None, Query(max_length=100)]


async def _shown(visit: VisitDep, filters: FiltersDep, view: _Name = None) -> Shown:
    return await read_shown(visit, filters, view or None)


ShownDep = Annotated[Shown, Depends(_shown)]


@router.get("")
async def inbox(visit: VisitDep, shown: ShownDep) -> HTMLResponse:
    """The queue, with nothing chosen."""
    return await _page(visit, shown, None)


@router.get("/queue")
async def queue_part(visit: VisitDep, shown: ShownDep, chosen: _Name = None, cursor: Cursor = None) -> HTMLResponse:
    """The queue alone, for a page that shows it anew."""
    queue = await read_queue(visit, shown, await read_accounts(visit), chosen=chosen, cursor=cursor)
    return show(visit.request, "inbox/queue", queue)


@router.get("/counts")
async def counts_part(visit: VisitDep, shown: ShownDep) -> HTMLResponse:
    """How much waits, and in each view."""
    return show(visit.request, "inbox/counts", await read_counts(visit, shown))


@router.get("/sending")
async def sending_part(visit: VisitDep) -> HTMLResponse:
    """What keeps texts from being sent, and what is sent later."""
    return show(visit.request, "inbox/sending", await read_sending(visit))


@router.get("/drafts/{draft}")
async def case_page(draft: str, visit: VisitDep, shown: ShownDep) -> HTMLResponse:
    """The queue and the case of this draft."""
    return await _page(visit, shown, await read_case(visit, draft))


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


async def _page(visit: Visit, shown: Shown, case: CasePart | None) -> HTMLResponse:
    accounts = await read_accounts(visit)
    queue = await read_queue(visit, shown, accounts, chosen=case.draft.id if case else None)
    counts, filters = await read_counts(visit, shown), filter_of(visit, shown, accounts)
    return show(
        visit.request, "inbox/page", InboxPage(counts, filters, queue, case, visit.service.settings.undo_seconds)
    )
