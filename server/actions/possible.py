"""What somebody may do with an action where it stands, in the words of the addresses under which they do it."""

from enum import StrEnum

from server.actions.states import MOVES, ActionMove, ActionState
from server.models import ActionRow
from server.staff.roles import Caller, Permission


class ActionStep(StrEnum):
    """Something a person can do: the end of its address, `/actions/{action}/<step>`."""

    CONSENT = "consent"
    APPROVE = "approve"
    REJECT = "reject"
    TAKE_BACK = "take-back"
    SETTLE = "settle"


_NEEDS = {
    ActionStep.CONSENT: (Permission.PROPOSE_ACTIONS, ActionMove.CONSENT),
    ActionStep.APPROVE: (Permission.APPROVE_ACTIONS, ActionMove.APPROVE),
    ActionStep.REJECT: (Permission.APPROVE_ACTIONS, ActionMove.REJECT),
    ActionStep.TAKE_BACK: (Permission.APPROVE_ACTIONS, ActionMove.TAKE_BACK),
}


def steps_of(action: ActionRow, caller: Caller) -> list[ActionStep]:
    """The steps there are for this caller; limits and preconditions are asked about when one is taken."""
    state = ActionState(action.state)
    steps = [step for step, (needs, what) in _NEEDS.items() if caller.may(needs) and (state, what) in MOVES]
    if state is ActionState.UNCERTAIN and caller.may(Permission.SETTLE_ACTIONS):
        steps.append(ActionStep.SETTLE)
    return steps
