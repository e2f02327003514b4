"""More belongs to an open incident than was thought: further signs are added, and what waits is looked through."""

from dataclasses import replace
from datetime import datetime

from server.db import reading, writing
from server.events.log import record
from server.incidents.finding import get_incident, lock_incident
from server.incidents.matching import ask_for_listing
from server.incidents.opening import Match, as_json, read_match, vectors_of
from server.models import IncidentRow
from server.service import Service
from server.staff.roles import Caller


async def widen(
    service: Service, caller: Caller, incident: str, version: int, more: Match, *, likeness: float | None = None
) -> IncidentRow:
    """Add signs to an open incident, and have what waits looked through again. What is listed stays as it was seen.

    Args:
        service: The service.
        caller: Who widens it.
        incident: Its id.
        version: What they saw.
        more: Intents, words and posts that belong to it besides. Its accounts and its moment stay as they are.
        likeness: How like the posts that are pointed out others have to be from now on; None: as before.

    Raises:
        MatchesNothing: Nothing was added, or an intent or post that there is not.
        Refused: As `lock_incident` says.
    """
    async with reading(service.engine) as session:
        found = await get_incident(session, caller, incident)
    posts = await read_match(service, found.brand, more)
    vectors = await vectors_of(service, posts)
    now = service.clock()
    async with writing(service.engine) as session:
        row = await lock_incident(session, caller, incident, version=version)
        row.match = as_json(_together(row, more, likeness), [*row.match.get("vectors", ()), *vectors])
        row.listed_at = None
        row.version += 1
        added = {"intents": len(more.intents), "words": len(more.words), "like": len(more.like)}
        record(session, "incident.widened", incident, brand=row.brand, at=now, by=caller.id, **added)
        await ask_for_listing(session, row, now, round_=row.version)
    service.wake()
    return row


def _together(row: IncidentRow, more: Match, likeness: float | None) -> Match:
    """What belonged to it before, and this besides."""
    before, since = row.match, row.match.get("since")
    return replace(
        more,
        intents=[*before.get("intents", ()), *more.intents],
        words=[*before.get("words", ()), *more.words],
        accounts=before.get("accounts", ()),
        since=datetime.fromisoformat(since) if since else None,
        like=[*before.get("like", ()), *more.like],
        likeness=likeness if likeness is not None else before.get("likeness", more.likeness),
    )
