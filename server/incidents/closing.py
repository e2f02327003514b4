"""An incident is over: no more posts are put to it, and whom nobody has answered goes back to the queue."""

from dataclasses import dataclass

from server.db import writing
from server.errors import Conflict
from server.events.log import record
from server.incidents import promise_repository, repository
from server.incidents.finding import lock_incident
from server.incidents.leaving import ask_to_let_go
from server.incidents.states import IncidentState, InIncident
from server.models import IncidentRow
from server.service import Service
from server.staff.roles import Caller


class StillWaiting(Conflict):
    """Somebody waits for the incident's answer; the details tell how many are not answered, or only about to be."""


@dataclass(frozen=True, slots=True)
class Closed:
    """How many went back to the queue, and how many were promised an update and have not been told."""

    incident: IncidentRow
    released: int
    promised: int


async def close(
    service: Service, caller: Caller, incident: str, version: int, outcome: str, *, release_rest: bool
) -> Closed:
    """Close an incident: no more posts are put to it.

    Args:
        service: The service.
        caller: Who closes it.
        incident: Its id.
        version: What they saw.
        outcome: How it ended, for colleagues.
        release_rest: Put those back into the queue whom nobody has answered, and whose answer has not left yet.

    Raises:
        StillWaiting: There are such, and nobody has said what becomes of them.
        Refused: As `lock_incident` says.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        row = await lock_incident(session, caller, incident, version=version)
        counts = await repository.count_cases(session, incident)
        waiting = counts.get(InIncident.LISTED, 0) + counts.get(InIncident.CONFIRMED, 0)
        unsent = await repository.count_unsent(session, incident)
        if (waiting or unsent) and not release_rest:
            words = f"{waiting} wait for an answer and {unsent} answers have not left yet; answer them, or release them"
            raise StillWaiting(words, waiting=waiting, unsent=unsent)
        why = "the incident is over"
        await repository.release_listed(session, incident, None, why=why)
        await repository.release_unsent(session, incident, None, why=why)
        row.state, row.closed_by, row.closed_at, row.outcome = IncidentState.CLOSED, caller.id, now, outcome
        row.version += 1
        promised = await promise_repository.count_promised(session, incident)
        told = {"by": caller.id, "released": waiting + unsent, "promised": promised}
        record(session, "incident.closed", incident, brand=row.brand, at=now, **told)
        await ask_to_let_go(session, row, now, by=caller.id)
    service.wake()
    return Closed(row, waiting + unsent, promised)
