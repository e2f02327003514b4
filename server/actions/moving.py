"""Moving an action to its next state: the one way, so that every move is legal, written down and told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.states import ActionMove, ActionState, move
from server.events.log import record
from server.models import ActionDecisionRow, ActionRow
from server.models.ids import new_id

# what an approval binds to is told with it, and so stands in the audit
_BOUND = ("digest", "step")
_TOLD = {
    ActionMove.CONSENT: "consented",
    ActionMove.ASK_SECOND: "approved_once",
    ActionMove.APPROVE: "approved",
    ActionMove.REJECT: "rejected",
    ActionMove.TAKE_BACK: "taken_back",
    ActionMove.VOID: "voided",
    ActionMove.EXPIRE: "expired",
    ActionMove.BEGIN: "begun",
    ActionMove.PUT_BACK: "put_back",
    ActionMove.CARRY_OUT: "done",
    ActionMove.FAIL: "failed",
    ActionMove.DOUBT: "uncertain",
}


def advance(
    session: AsyncSession,
    action: ActionRow,
    what: ActionMove,
    now: datetime,
    *,
    by: str | None = None,
    reason: str | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Make this move on an action that is locked in this transaction.

    Args:
        session: The transaction of the whole change.
        action: Locked; it is brought up to date.
        what: The move.
        now: This moment.
        by: The person who decided; None for the system.
        reason: Why, for people to read.
        after: What else is worth keeping of it.

    Raises:
        IllegalActionMove: The action, in its state, cannot.
    """
    action.state = move(ActionState(action.state), what)
    action.version += 1
    action.updated_at = now
    session.add(action)
    write_down(session, action, str(what), now, by=by, reason=reason, after=after)
    record(
        session,
        f"action.{_TOLD[what]}",
        action.id,
        brand=action.brand,
        at=now,
        action_kind=action.kind,
        case=action.case,
        draft=action.draft,
        state=action.state,
        version=action.version,
        by=by,
        **{name: after[name] for name in _BOUND if after and name in after},
    )


def write_down(
    session: AsyncSession,
    action: ActionRow,
    kind: str,
    now: datetime,
    *,
    by: str | None,
    reason: str | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add to the action's history."""
    session.add(
        ActionDecisionRow(
            id=new_id("action_decision"),
            brand=action.brand,
            action=action.id,
            kind=kind,
            staff=by,
            at=now,
            reason=reason,
            after={"state": action.state, "version": action.version, **(after or {})},
        )
    )


async def void_approvals(session: AsyncSession, action: ActionRow, reason: str, now: datetime) -> None:
    """No approval of this action stands any more."""
    for approval in await repository.standing_approvals(session, action.id):
        approval.voided_at, approval.void_reason = now, reason
        session.add(approval)
    action.approved_by = action.approved_at = None
    await session.flush()
