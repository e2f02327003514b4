"""What somebody may do with a draft at this moment, in the words of the addresses under which they do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.approvals import Terms, refuse_approval
from server.drafts.deciding import OpenDraft, refuse_claimed, refuse_machines, refuse_stopping
from server.drafts.states import MOVES, DraftState, Move, say
from server.errors import Refused
from server.service import Service
from server.staff.roles import Caller, Permission


class Step(StrEnum):
    """Something a person can do: the end of its address, `/drafts/{draft}/<step>`."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    REDRAFT = "redraft"
    HAND_OVER = "hand-over"
    NO_REPLY = "no-reply"
    HOLD = "hold"
    RELEASE = "release"
    DISMISS_DANGER = "dismiss-danger"
    TAKE_BACK = "take-back"


_NEEDS = {
    Step.APPROVE: (Permission.APPROVE, Move.APPROVE),
    Step.EDIT: (Permission.WORK_ON_DRAFTS, Move.EDIT),
    Step.REJECT: (Permission.WORK_ON_DRAFTS, Move.REJECT),
    Step.REDRAFT: (Permission.WORK_ON_DRAFTS, Move.SUPERSEDE),
    Step.HAND_OVER: (Permission.HAND_OVER, Move.HAND_OVER),
    Step.NO_REPLY: (Permission.WORK_ON_DRAFTS, Move.NO_REPLY),
    Step.HOLD: (Permission.WORK_ON_DRAFTS, Move.HOLD),
    Step.RELEASE: (Permission.WORK_ON_DRAFTS, Move.RELEASE),
    Step.DISMISS_DANGER: (Permission.DISMISS_DANGER, Move.SUPERSEDE),
    Step.TAKE_BACK: (Permission.STOP_SENDING, Move.TAKE_BACK),
}

_MOST_GENEROUS = Terms(confirmed=True, override="asked whether it can be")


@dataclass(frozen=True, slots=True)
class Possible:
    """The steps there are, in their order; if there is none, why: in words, and by a code with its details."""

    steps: tuple[Step, ...] = ()
    reason: str | None = None
    code: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


async def what_is_possible(
    session: AsyncSession, service: Service, caller: Caller, opened: OpenDraft, now: datetime
) -> Possible:
    """What the caller may do with the draft as it is read here; nothing is changed.

    Approving may still ask for a confirmation or, where a check blocks, for a reason.
    """
    try:
        refuse_machines(caller)
        await refuse_claimed(session, opened.case, caller, now)
        refuse_stopping(caller, opened)
    except Refused as refused:
        return Possible(reason=str(refused), code=refused.code, details=refused.details)
    draft = opened.draft
    state = DraftState(draft.state)
    by_table = [step for step, (_, what) in _NEEDS.items() if (state, what) in MOVES]
    if draft.danger is None:
        by_table = [step for step in by_table if step is not Step.DISMISS_DANGER]
    if state is DraftState.NO_REPLY and not opened.case.open:
        by_table = [step for step in by_table if step is not Step.NO_REPLY]  # a person has said so already
    if not by_table:
        return Possible(reason=f"a draft that is {say(state)} is done with", code="done_with")
    allowed = [step for step in by_table if caller.may(_NEEDS[step][0])]
    if Step.APPROVE in allowed and not await _can_approve(session, service, caller, opened, now):
        allowed.remove(Step.APPROVE)
    if not allowed:
        return Possible(reason=f"others may {', '.join(by_table)}; you may not", code="others_may")
    return Possible(tuple(allowed))


async def _can_approve(
    session: AsyncSession, service: Service, caller: Caller, opened: OpenDraft, now: datetime
) -> bool:
    """Whether they can as it stands; with other texts, whoever may edit and approve can."""
    try:
        await refuse_approval(session, service, caller, opened, _MOST_GENEROUS, now)
    except Refused:
        return False
    return True
