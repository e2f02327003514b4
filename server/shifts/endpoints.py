"""The end of somebody's shift."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from server.db import reading
from server.promises.repository import actions_by_id
from server.service import Service
from server.shifts.ending import end_shift, what_is_held
from server.shifts.views import EndedShift, Shift, ShiftEnded
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed

router = APIRouter(prefix="/shift", tags=["shifts"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Worker = Annotated[Caller, Depends(allowed(Permission.WORK_ON_DRAFTS))]


@router.get("")
async def get_shift(caller: Reader, service: ServiceDep, now: NowDep) -> Shift:
    """What you hold: cases, texts of yours that are sent later, promises that are open."""
    return await read_shift(service, caller, now)


@router.post("/end")
async def end_own_shift(body: EndedShift, caller: Worker, service: ServiceDep) -> ShiftEnded:
    """Let go of these cases, each with a note, and hand these promises on to a colleague or a team.

    Each is a change of its own, and the answer is 200 whatever became of them: what is not yours any more stays whose
    it is, and is told. What is not named stays yours.
    """
    return ShiftEnded.of(*await end_shift(service, caller, body.releases, body.handings))


async def read_shift(service: Service, caller: Caller, now: datetime) -> Shift:
    """What somebody holds."""
    holding = await what_is_held(service, caller, now)
    async with reading(service.engine) as session:
        actions = await actions_by_id(session, {row.action for row in holding.promises if row.action})
        names = await names_of(session, [row.settled_by for row in holding.promises])
    return Shift.of(holding, actions, names, caller, now)
