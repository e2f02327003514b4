"""Dead letters: work in the background that failed too often, seen and put in again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.db import reading, writing
from server.jobs import dead_letters
from server.jobs.views import JobView, Retried, RetryDead
from server.models import JobRow
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/jobs", tags=["jobs"])

Keeper = Annotated[Caller, Depends(allowed(Permission.MANAGE_JOBS))]
Kind = Annotated[str | None, Query(max_length=64, description="Only jobs of this kind.", examples=["send"])]


@router.get("/dead")
async def list_dead_jobs(
    caller: Keeper,
    service: ServiceDep,
    request: Request,
    kind: Kind = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[JobView]:
    """Jobs that failed too often, the last that was given up first."""
    cursors = cursors_of(request, f"jobs/dead?kind={kind or ''}")
    place = cursors.read(cursor)
    before = (datetime.fromisoformat(place[0]), place[1]) if place else None
    async with reading(service.engine) as session:
        found = await dead_letters.list_dead(session, caller, kind=kind, before=before, limit=limit + 1)
    items, following = cursors.page(found, limit, _place)
    return Page(items=[JobView.of(row) for row in items], next=following)


@router.post("/dead/retry")
async def retry_dead_jobs(body: RetryDead, caller: Keeper, service: ServiceDep, now: NowDep) -> Retried:
    """Put dead jobs in again, up to 500 of them; call it again until it says 0."""
    async with writing(service.engine) as session:
        retried = await dead_letters.retry_all(session, caller, body.kind, now)
    service.wake()
    return Retried(retried=retried)


@router.get("/{job}")
async def get_job(job: str, caller: Keeper, service: ServiceDep) -> JobView:
    """A job, however it stands."""
    async with reading(service.engine) as session:
        return JobView.of(await dead_letters.get_job(session, caller, job))


@router.post("/{job}/retry")
async def retry_job(job: str, caller: Keeper, service: ServiceDep, now: NowDep) -> JobView:
    """Put a dead job in again, with all its tries; if the same work waits already, it is done with that."""
    async with writing(service.engine) as session:
        view = JobView.of(await dead_letters.retry(session, caller, job, now))
    service.wake()
    return view


def _place(row: JobRow) -> list[str]:
    return [row.finished_at.isoformat() if row.finished_at else "", row.id]
