"""The job of the midnight at which a policy begins or ends: what rests on policies is looked at again.

What is searched needs nothing done: versions lie in the index with their days.
"""

from server.db import writing
from server.drafts.rechecking import POLICIES, recheck_resting_on
from server.jobs.claims import Claimed, finish
from server.service import Service


async def look_again(service: Service, job: Claimed) -> None:
    """Have the drafts looked at that rest on policies.

    Raises:
        LeaseLost: Another worker has the job.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        await recheck_resting_on(session, POLICIES, now)
    service.wake()
