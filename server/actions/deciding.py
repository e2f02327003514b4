"""What every decision on an action begins with: a person, and the action as they saw it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.errors import Conflict, NotAllowed, NotFound
from server.models import ActionRow
from server.staff.roles import Caller


class ActionNotFound(NotFound):
    """There is no such action, or not of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such action")


class ActionChanged(Conflict):
    """It has changed since the person saw it; the details say where it stands."""


class PeopleAct(NotAllowed):
    """A machine's token cannot decide what is done for customers."""


async def lock_for(session: AsyncSession, caller: Caller, action_id: str, seen: int | None) -> ActionRow:
    """The action, to be decided on in this transaction.

    Raises:
        ActionNotFound: None of the caller's brands.
        ActionChanged: It is not what was seen.
    """
    action = await repository.lock_action(session, action_id, caller.brands)
    if action is None:
        raise ActionNotFound
    if seen is not None and seen != action.version:
        words = f"this action has changed since you saw it; it is {action.state.replace('_', ' ')} now"
        raise ActionChanged(words, state=action.state, version=action.version)
    return action


def refuse_machines(caller: Caller) -> None:
    """Refuse who is no person.

    Raises:
        PeopleAct: A machine asks.
    """
    if caller.role is None:
        raise PeopleAct("a person decides on actions; use a personal token or sign in")
