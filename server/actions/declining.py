"""People's no to an action: before it was approved, or after, as long as the shop was not asked."""

from server.actions.deciding import lock_for, refuse_machines
from server.actions.moving import advance, void_approvals
from server.actions.states import ActionMove
from server.actions.texts import give_back
from server.db import writing
from server.models import ActionRow
from server.service import Service
from server.staff.roles import Caller


async def reject(
    service: Service, caller: Caller, action_id: str, reason: str, *, seen: int | None = None
) -> ActionRow:
    """Say no to an action.

    Raises:
        PeopleAct: A machine asks.
        ActionNotFound, ActionChanged: None of the caller's brands, or not what was seen.
        IllegalActionMove: It cannot be rejected where it stands.
    """
    refuse_machines(caller)
    async with writing(service.engine) as session:
        action = await lock_for(session, caller, action_id, seen)
        now = service.clock()
        advance(session, action, ActionMove.REJECT, now, by=caller.id, reason=reason)
        await void_approvals(session, action, reason, now)
        await give_back(session, action, f"it was rejected: {reason}", now)
    return action


async def take_back(
    service: Service, caller: Caller, action_id: str, reason: str, *, seen: int | None = None
) -> ActionRow:
    """Undo an approval before the shop was asked.

    Raises:
        PeopleAct: A machine asks.
        ActionNotFound, ActionChanged: None of the caller's brands, or not what was seen.
        IllegalActionMove: It cannot be taken back where it stands.
    """
    refuse_machines(caller)
    async with writing(service.engine) as session:
        action = await lock_for(session, caller, action_id, seen)
        now = service.clock()
        advance(session, action, ActionMove.TAKE_BACK, now, by=caller.id, reason=reason)
        await void_approvals(session, action, reason, now)
        await give_back(session, action, f"it was taken back: {reason}", now)
    return action
