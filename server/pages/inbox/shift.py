"""The page on which somebody ends their shift."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from server.db import reading
from server.models import AccountRow
from server.pages.inbox.reading import read_accounts, read_colleagues
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.shifts.endpoints import get_shift
from server.shifts.views import Shift
from server.staff.roles import Permission, roles_with
from server.staff.views import ColleagueView
from tools.proposals import TEAMS

router = APIRouter(prefix="/inbox/shift-end", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """What somebody holds, and by brand to whom it can be handed on."""

    shift: Shift
    accounts: Mapping[str, AccountRow]
    colleagues: Mapping[str, Sequence[ColleagueView]]
    teams: Sequence[str] = TEAMS

    @property
    def empty(self) -> bool:
        """Whether they hold nothing."""
        return not (self.shift.cases or self.shift.scheduled or self.shift.promises)


@router.get("")
async def shift_page(visit: Annotated[Visit, Depends(visiting(Permission.WORK_ON_DRAFTS))]) -> HTMLResponse:
    """What would be left alone if they went now."""
    shift = await get_shift(visit.caller, visit.service, visit.now)
    settle = roles_with(Permission.SETTLE_PROMISES)
    brands = {promise.brand for promise in shift.promises}
    async with reading(visit.service.engine) as session:
        colleagues = {brand: await read_colleagues(session, visit, brand) for brand in brands}
    others = {
        brand: [one for one in those if one.id != visit.caller.id and one.role in settle]
        for brand, those in colleagues.items()
    }
    return show(visit.request, "inbox/shift", ShiftPage(shift, await read_accounts(visit), others))
