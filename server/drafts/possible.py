"""What somebody may do with a draft at this moment, in the words of the addresses under which they do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.approvals import NotRead, Terms, refuse_approval, refuse_unread
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
class InTheWay:
    """Why somebody may not approve a draft as it stands; or, if it is `confirmable`, what they say yes to by that."""

    words: str
    code: str
    details: Mapping[str, Any]
    confirmable: bool = False


@dataclass(frozen=True, slots=True)
class Possible:
    """The steps there are, in their order; if there is none, why: in words, and by a code with its details.

    `in_the_way`: what keeps one of those who approve from doing so, where there are other steps.
    """

    steps: tuple[Step, ...] = ()
    reason: str | None = None
    code: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    in_the_way: InTheWay | None = None


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
    in_the_way = None
    if Step.APPROVE in allowed:
        in_the_way = await _in_the_way(session, service, caller, opened, now)
    if in_the_way is not None and not in_the_way.confirmable:
        allowed.remove(Step.APPROVE)
    if not allowed:
        return Possible(reason=f"others may {', '.join(by_table)}; you may not", code="others_may")
    return Possible(tuple(allowed), in_the_way=in_the_way)


async def _in_the_way(
    session: AsyncSession, service: Service, caller: Caller, opened: OpenDraft, now: datetime
) -> InTheWay | None:
    """What keeps them from approving it as it stands; with other texts, whoever may edit and approve can."""
    try:
        await refuse_approval(session, service, caller, opened, _MOST_GENEROUS, now)
        await refuse_unread(session, service, caller, opened, Terms(), now)
    except Refused as refused:
        return InTheWay(str(refused), refused.code, refused.details, confirmable=isinstance(refused, NotRead))
    return None
