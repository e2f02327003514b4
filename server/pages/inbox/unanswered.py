"""The page on which spam and thanks are left unanswered together: each is read whole before anybody says yes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from server.models import AccountRow
from server.pages.inbox.reading import read_accounts
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.queue.endpoints import list_unanswered
from server.queue.leaving import Noise
from server.queue.views import UnansweredView
from server.staff.roles import Permission

router = APIRouter(prefix="/inbox/no-replies", include_in_schema=False)

AT_ONCE = 25
"""Posts on one page: as many as somebody reads in one go."""


@dataclass(frozen=True, slots=True)
class UnansweredPage:
    """What was taken for noise of one kind. `more`: there is more of it than stands here."""

    reason: Noise
    items: Sequence[UnansweredView]
    more: bool
    accounts: Mapping[str, AccountRow]
    reasons: Sequence[Noise] = tuple(Noise)


@router.get("")
async def unanswered_page(
    visit: Annotated[Visit, Depends(visiting(Permission.WORK_ON_DRAFTS))], reason: Noise = Noise.SPAM
) -> HTMLResponse:
    """The oldest of them."""
    found = await list_unanswered(visit.caller, visit.service, visit.now, reason, limit=AT_ONCE + 1)
    page = UnansweredPage(reason, found.items[:AT_ONCE], len(found.items) > AT_ONCE, await read_accounts(visit))
    return show(visit.request, "inbox/unanswered", page)
