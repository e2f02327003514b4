"""A person's word on what nobody knows: whether an uncertain action was carried out."""

from server.actions import repository
from server.actions.deciding import lock_for, refuse_machines
from server.actions.ending import end_done, end_failed
from server.actions.states import ActionState
from server.actions.texts import read_order_again
from server.db import reading, writing
from server.errors import Conflict
from server.models import ActionRow
from server.service import Service
from server.staff.roles import Caller


class ActionNotUncertain(Conflict):
    """It is known whether it was carried out, or somebody was first to say so."""


async def settle(service: Service, caller: Caller, action_id: str, *, done: bool, reason: str) -> ActionRow:
    """Say what became of an action that nobody knows the end of, after looking in the shop oneself.

    Raises:
        ActionNotFound: None of the caller's brands.
        ActionNotUncertain: Its state says.
        PeopleAct: A machine asks.
    """
    refuse_machines(caller)
    async with reading(service.engine) as session:
        found = await repository.find_action(session, action_id, caller.brands)
    order = await read_order_again(service, found) if found is not None and done else None
    async with writing(service.engine) as session:
        action = await lock_for(session, caller, action_id, None)
        if action.state != ActionState.UNCERTAIN:
            raise ActionNotUncertain(f"this action is {action.state.replace('_', ' ')}", state=action.state)
        now = service.clock()
        if done:
            at = action.attempted_at or now
            said = {"said_by": caller.id}
            await end_done(session, action, now, at=at, result=said, by=caller.id, reason=reason, order=order)
        else:
            await end_failed(session, action, now, words=reason, by=caller.id)
    return action
