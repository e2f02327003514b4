"""The job that looks at new posts at once: what is dangerous does not wait until its author has been quiet."""

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.first_look import look_first
from assistant.outcome import HandOver
from server.db import reading, writing
from server.drafts import case_repository, repository
from server.drafts.requesting import ask_for_draft
from server.drafts.threads import ReadCase, read_case
from server.jobs.claims import Claimed, finish
from server.log_context import case_id
from server.service import Service


async def look_at_new(service: Service, job: Claimed) -> None:
    """Have those of the job's cases drafted now in whose posts there is danger; the others wait as they did.

    Raises:
        LeaseLost: Another worker has the job.
    """
    alarming: list[ReadCase] = []
    for case in job.payload["cases"]:
        found = await _read(service, case)
        if found is not None and isinstance(await look_first(found.thread, service.desk), HandOver):
            alarming.append(found)
    case_id.set(None)
    async with writing(service.engine) as session:
        await finish(session, job, service.clock())
        for found in sorted(alarming, key=lambda found: found.case.id):
            await _hurry(session, service, found)
    if alarming:
        service.wake()


async def _read(service: Service, case: str) -> ReadCase | None:
    case_id.set(case)
    async with reading(service.engine) as session:
        row = await case_repository.find_case(session, case)
        if row is None or row.draft_after is None:
            return None
        return await read_case(session, row)


async def _hurry(session: AsyncSession, service: Service, found: ReadCase) -> None:
    """Have a case drafted now, if it still waits for its author to be quiet."""
    now = service.clock()
    case = await case_repository.lock_case(session, found.case.id)
    if case is None or case.draft_after is None or case.draft_after <= now:
        return
    draft = await repository.draft_being_written(session, case.id)
    target = await case_repository.post_of(session, draft.target_post) if draft is not None else None
    if draft is not None and target is not None and target.deleted_at is None:
        await ask_for_draft(session, case, target, now, after=now, wish=draft.wish)
