"""A person thinks again about a draft: what was approved with it, and not asked of the shop yet, is taken back too."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.moving import advance, void_approvals
from server.actions.states import ActionMove, ActionState
from server.actions.texts import DONE, give_back
from server.models import ActionRow, DraftRow

_TOO_LATE = {
    ActionState.RUNNING: "is being done",
    ActionState.UNCERTAIN: "may have been done",
    ActionState.DONE: "is done",
}


async def approved_with(session: AsyncSession, draft: DraftRow) -> Sequence[ActionRow]:
    """The actions that were approved in one click with a draft and that the shop was not asked for yet, locked.

    One that was approved by itself is not among them. To be asked for before the draft's words are changed.
    """
    rows = await repository.lock_resting_under(session, draft.id, {ActionState.APPROVED}, need=DONE)
    return [row for row in rows if row.draft == draft.id]


async def take_back_all(
    session: AsyncSession, actions: Iterable[ActionRow], reason: str, now: datetime, *, by: str
) -> None:
    """Take back actions whose draft a person has just taken back, changed or put aside.

    Args:
        session: The transaction; the draft's case is locked in it.
        actions: Those that were `approved_with` it.
        reason: Why.
        now: This moment.
        by: The person.
    """
    for action in actions:
        await void_approvals(session, action, reason, now)
        advance(session, action, ActionMove.TAKE_BACK, now, by=by, reason=reason)
        await give_back(session, action, f"it was taken back: {reason}", now)


def told_too_late(draft: DraftRow, actions: Iterable[ActionRow]) -> str | None:
    """What of a draft's actions cannot be taken back any more, in words; None: nothing."""
    told = [
        f"{action.kind.replace('_', ' ')}{f' of order {action.order_id}' if action.order_id else ''} {words}"
        for action in actions
        if action.draft == draft.id and (words := _TOO_LATE.get(ActionState(action.state)))
    ]
    return "; ".join(told) or None
