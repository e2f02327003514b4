"""The job that finds the drafts from under which a fact has gone, so that the queue shows it before anybody approves.

Imports and new documents put it in. It asks of every draft that could still be sent what approving asks, a page of
drafts at a time; whatever has fallen is made void, with the reason.
"""

from server.db import reading, writing
from server.drafts import case_repository, repository
from server.drafts.rechecking import LANE
from server.drafts.requesting import ask_again
from server.drafts.rests import OTHER_PERSON
from server.drafts.voiding import LIVE, STALE, still_rests, supersede, void_draft
from server.jobs.claims import Claimed, finish
from server.jobs.queue import enqueue
from server.log_context import case_id
from server.models import DraftRow
from server.service import Service
from tools.ports import PortUnavailable

_PAGE = 100


async def recheck(service: Service, job: Claimed) -> None:
    """Look at one page of drafts, and put the next page in.

    Raises:
        LeaseLost: Another worker has the job.
        PortUnavailable: What they rest on does not answer now.
    """
    kinds, after = job.payload["kinds"], job.payload["after"]
    async with reading(service.engine) as session:
        drafts = await repository.drafts_resting_on_kinds(session, kinds, LIVE, after=after, limit=_PAGE)
    for draft in drafts:
        if not any(finding["rule"] == STALE for finding in draft.findings):
            await _look_at(service, draft)
    case_id.set(None)
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        if len(drafts) == _PAGE:
            # without a key: what was changed meanwhile begins at the first draft, and must not be taken for this
            payload = {"kinds": kinds, "after": drafts[-1].id}
            await enqueue(session, "recheck", lane=LANE, payload=payload, now=now)


async def _look_at(service: Service, draft: DraftRow) -> None:
    case_id.set(draft.case)
    try:
        changed = await still_rests(draft, service)
    except PortUnavailable as error:
        if error.outage.as_of is None:
            raise
        return  # trying again would not make the records newer: the import that does has all drafts looked at
    if changed is None:
        return
    now = service.clock()
    async with writing(service.engine) as session:
        await case_repository.lock_case(session, draft.case)
        current = await repository.find_draft(session, draft.id)
        if current is None or current.version != draft.version:
            return  # somebody has changed it meanwhile, and whoever approves it asks again
        if changed == OTHER_PERSON:
            # it may tell somebody else's affairs
            if await supersede(session, current, changed, now):
                await ask_again(session, current, now)
        else:
            await void_draft(session, current, changed, now)
    service.wake()
