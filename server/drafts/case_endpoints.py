"""Cases: read whole, claimed, assigned, noted."""

from typing import Annotated

from fastapi import APIRouter, Depends

from server.db import reading, writing
from server.drafts import working
from server.drafts.bodies import Assignment, Claim, NewNote
from server.drafts.views import CaseFileView, CaseView, NoteView
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed

router = APIRouter(prefix="/cases", tags=["cases"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Worker = Annotated[Caller, Depends(allowed(Permission.WORK_ON_DRAFTS))]


@router.get("/{case}")
async def get_case(case: str, caller: Reader, service: ServiceDep, now: NowDep) -> CaseFileView:
    """A case with its posts, drafts, notes and everything that was decided."""
    async with reading(service.engine) as session:
        return CaseFileView.of(await working.read_file(session, caller, case), caller, now)


@router.post("/{case}/claim")
async def claim_case(case: str, body: Claim, caller: Worker, service: ServiceDep, now: NowDep) -> CaseView:
    """Take a case for ten minutes: others see it, and decide meanwhile only if they take it over with a reason."""
    async with writing(service.engine) as session:
        return CaseView.of(await working.claim(session, caller, case, now, body.reason), now)


@router.post("/{case}/let-go")
async def let_case_go(case: str, caller: Worker, service: ServiceDep, now: NowDep) -> CaseView:
    """Give a case back before the time is over."""
    async with writing(service.engine) as session:
        return CaseView.of(await working.let_go(session, caller, case, now), now)


@router.post("/{case}/assign")
async def assign_case(case: str, body: Assignment, caller: Worker, service: ServiceDep, now: NowDep) -> CaseView:
    """Make it somebody's, or nobody's."""
    async with writing(service.engine) as session:
        return CaseView.of(await working.assign(session, caller, case, body.staff, now), now)


@router.post("/{case}/notes", status_code=201)
async def add_note(case: str, body: NewNote, caller: Worker, service: ServiceDep, now: NowDep) -> NoteView:
    """Tell colleagues something; it is never sent."""
    async with writing(service.engine) as session:
        return NoteView.of(await working.add_note(session, caller, case, body.text, now))
