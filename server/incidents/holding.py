"""A draft that waits for an incident's text: held, with no due time of its own, and so in nobody's queue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import REASON
from server.drafts import repository as drafts_repository
from server.drafts.moving import advance
from server.drafts.rests import POST
from server.drafts.states import DraftState, Move
from server.incidents import repository
from server.incidents.matching import tell_of_case
from server.incidents.sending import KEEPS, TEXT, UPDATE_DUE
from server.incidents.states import IncidentState, InIncident
from server.models import DraftRow, IncidentRow, RestRow

_NOTHING: Mapping[str, Any] = {"public_text": None, "private_text": None, "claims": [], "findings": []}
_NOT_SENT = "; not sent: "


async def hold_draft(
    session: AsyncSession,
    incident: IncidentRow,
    draft: DraftRow,
    why: str,
    now: datetime,
    *,
    by: str | None,
    emptied: bool = False,
) -> None:
    """Hold a pending draft for an incident; `emptied`: without its words, which were the incident's."""
    words = f"part of “{incident.title}”: {why}"
    nothing: dict[str, Any] = dict(_NOTHING) if emptied else {}
    turn = {**(draft.record or {}), **nothing, "outcome": "hold", "incident": incident.id}
    if emptied:
        turn = {**turn, "evidence": [], TEXT: None, KEEPS: None, UPDATE_DUE: None}
    await advance(
        session,
        draft,
        Move.HOLD,
        now,
        by=by,
        reason=words,
        after={"incident": incident.id},
        due_at=None,
        outcome="hold",
        reason_code=REASON,
        reason_words=words,
        one_click=False,
        record={**turn, "reason": {"code": REASON, "words": words}},
        **nothing,
    )


async def come_back(
    session: AsyncSession, draft: DraftRow, reason: str, now: datetime, *, by: str | None = None
) -> None:
    """Put a draft back to its incident, whose text it would have said and was not sent; nothing for any other draft.

    An answer: the case is confirmed again and its draft held, so that one decision on the incident answers it. A word
    to somebody who was promised an update: it is put aside, and the promise waits to be told of again. Where the
    incident is closed meanwhile an answer stays in review, for a person.

    Args:
        session: The transaction; the case is locked in it.
        draft: Its approval has been taken back, and it is pending.
        reason: Why it was not sent.
        now: This moment.
        by: The person who took it back, if one did.
    """
    turn = draft.record or {}
    if draft.state != DraftState.PENDING or draft.reason_code != REASON or not turn.get(TEXT):
        return
    if turn.get(KEEPS):
        await advance(session, draft, Move.SUPERSEDE, now, by=by, reason=reason)
        return
    incident = await repository.find_incident(session, turn["incident"])
    listing = await repository.case_in(session, turn["incident"], draft.case)
    if incident is None or listing is None or listing.draft != draft.id or listing.state != InIncident.ANSWERED:
        return
    belongs = (listing.why or "").partition(_NOT_SENT)[0]
    listing.publication, listing.why = None, f"{belongs}{_NOT_SENT}{reason}"
    if incident.state == IncidentState.OPEN:
        await hold_draft(session, incident, draft, listing.why, now, by=by, emptied=True)
        await _rest_on_posts(session, draft)
        listing.state = InIncident.CONFIRMED
    else:
        listing.state = InIncident.RELEASED
    listing.seen_version = draft.version
    tell_of_case(session, listing, now)


async def _rest_on_posts(session: AsyncSession, draft: DraftRow) -> None:
    """Without words it rests on nothing but the posts."""
    rests = await drafts_repository.rests_of(session, draft.id)
    posts = [(rest.ref, rest.digest) for rest in rests if rest.kind == POST]
    kept = [RestRow(draft=draft.id, kind=POST, ref=ref, digest=digest) for ref, digest in posts]
    await drafts_repository.replace_rests(session, draft.id, kept)
