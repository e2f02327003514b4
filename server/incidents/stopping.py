"""A text was replaced: its answers that have not left are stopped, and wait for the incident again."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.incidents import text_repository
from server.incidents.matching import LANE
from server.incidents.sending import TEXT
from server.jobs.claims import Claimed, finish
from server.jobs.queue import URGENT, enqueue
from server.models import IncidentTextRow
from server.publications.finding import lock_with_case
from server.publications.returning import WAITING, give_back
from server.service import Service

_PAGE = 50
_WHY = "the incident's text was replaced by another"


async def ask_to_stop(session: AsyncSession, text: IncidentTextRow, now: datetime, *, after: str = "") -> None:
    """Have what would still be sent of a text that was replaced stopped."""
    await enqueue(
        session,
        "incident_stop",
        lane=LANE,
        payload={"incident": text.incident, "text": text.id, "after": after},
        now=now,
        brand=text.brand,
        key=f"incident_stop:{text.id}:{after}",
        priority=URGENT,
    )


async def stop_replaced(service: Service, job: Claimed) -> None:
    """Stop one page of a replaced text's answers, and put the next page in.

    Each in a transaction of its own: whatever happens in between, the gate lets none of them out (still_right.py).

    Raises:
        LeaseLost: Another worker has the job.
    """
    incident, name = str(job.payload["incident"]), str(job.payload["text"])
    async with reading(service.engine) as session:
        text = await text_repository.find_text(session, incident, name)
        found = (
            await text_repository.unsent_of(session, text.brand, after=str(job.payload["after"]), limit=_PAGE)
            if text is not None and text.replaced_at is not None
            else []
        )
    for publication, record in found:
        if (record or {}).get(TEXT) == name:
            await _stop(service, publication)
    async with writing(service.engine) as session:
        now = service.clock()
        await finish(session, job, now)
        if text is not None and len(found) == _PAGE:
            await ask_to_stop(session, text, now, after=found[-1][0])
    service.wake()


async def _stop(service: Service, publication_id: str) -> None:
    async with writing(service.engine) as session:
        publication = await lock_with_case(session, publication_id)
        if publication is not None and publication.state in WAITING:
            await give_back(session, publication, _WHY, service.clock(), again=True)
