"""Bringing a draft back to review when it cannot be sent as it was approved, or somebody takes it back."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.moving import advance
from server.drafts.states import MOVES, DraftState, Move
from server.drafts.voiding import return_to_review, void_approvals
from server.errors import Conflict
from server.incidents.holding import come_back
from server.models import PublicationRow
from server.publications import repository
from server.publications.moving import stop
from server.publications.out import tell_what_is_out
from server.publications.states import PublicationState

WAITING = frozenset({PublicationState.HELD, PublicationState.QUEUED})
"""The states in which a text is still to be sent, and no call for it is under way."""


class TooLate(Conflict):
    """It is being sent, or was: what is left is to withdraw it, where the network allows that."""


async def give_back(
    session: AsyncSession, publication: PublicationRow, reason: str, now: datetime, *, again: bool = False
) -> None:
    """Stop a publication that cannot be sent as approved, and whatever of its draft waits; its draft is pending again.

    Args:
        session: The transaction; the case is locked in it.
        publication: No call for it is under way, nor has been made without an answer.
        reason: Why, for whoever reviews the draft.
        now: This moment.
        again: What an incident's text would have answered goes back to the incident, and not to review.
    """
    stop(session, publication, reason, now, by=None)
    await review_again(session, publication.draft, reason, now)
    draft = await repository.find_draft(session, publication.draft) if again else None
    if draft is not None:
        await come_back(session, draft, reason, now)


async def review_again(session: AsyncSession, draft_id: str, reason: str, now: datetime) -> None:
    """Stop what waits of a draft and void its approvals.

    A draft that is no longer approved stays where it is: whoever moved it has said why.
    """
    await _stop_waiting(session, draft_id, reason, now, by=None)
    draft = await repository.find_draft(session, draft_id)
    if draft is not None and draft.state == DraftState.APPROVED:
        await return_to_review(session, draft, reason, now)


def refuse_unless_waiting(publication: PublicationRow) -> None:
    """Only what has not begun to be sent can be taken back.

    Raises:
        TooLate: The details name the state.
    """
    if publication.state not in WAITING:
        words = f"this text is {publication.state}, and can no longer be taken back"
        raise TooLate(words, state=str(publication.state))


async def take_back(session: AsyncSession, draft_id: str, reason: str, now: datetime, *, by: str) -> None:
    """A person thinks again: what waits of a draft is stopped, and the draft is theirs to change.

    An incident's answer waits for the incident again (server/incidents/holding.py). A draft that is no longer approved
    stays where it is, as with `review_again`.

    Args:
        session: The transaction; the case is locked in it.
        draft_id: The draft. What of it has been sent stays sent, and the history says so.
        reason: Why.
        now: This moment.
        by: The person.
    """
    publications = await _stop_waiting(session, draft_id, reason, now, by=by)
    draft = await repository.find_draft(session, draft_id)
    if draft is not None and (DraftState(draft.state), Move.TAKE_BACK) in MOVES:
        await void_approvals(session, draft, reason, now)
        out = tell_what_is_out(publications, draft_id)
        await advance(session, draft, Move.TAKE_BACK, now, by=by, reason=reason, after={"out": out} if out else None)
        await come_back(session, draft, reason, now, by=by)


async def _stop_waiting(
    session: AsyncSession, draft_id: str, reason: str, now: datetime, *, by: str | None
) -> Sequence[PublicationRow]:
    publications = await repository.lock_publications_of(session, draft_id)
    for publication in publications:
        if publication.state in WAITING:
            stop(session, publication, reason, now, by=by)
    return publications
