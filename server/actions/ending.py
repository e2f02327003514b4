"""How an action ends, in the transaction that writes it down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.moving import advance
from server.actions.states import ActionMove
from server.actions.texts import OrderNow, give_back, let_go
from server.drafts.rechecking import recheck_resting_on
from server.drafts.rests import ORDER
from server.models import ActionRow
from server.promises.settling import keep_by_action, tell_of_failure


async def end_done(
    session: AsyncSession,
    action: ActionRow,
    now: datetime,
    *,
    at: datetime,
    result: Mapping[str, Any],
    by: str | None = None,
    reason: str | None = None,
    order: OrderNow | None = None,
) -> None:
    """It was carried out at that time; `by` is who says so, where no record does; `order` is what it has changed."""
    action.done_at, action.result, action.error = at, dict(result), None
    advance(session, action, ActionMove.CARRY_OUT, now, by=by, reason=reason)
    await keep_by_action(session, action, now)
    await let_go(session, action, order, now)
    # what other drafts tell of the order may not be so any more
    await recheck_resting_on(session, (ORDER,), now)


async def end_failed(
    session: AsyncSession,
    action: ActionRow,
    now: datetime,
    *,
    words: str,
    broken: list[dict[str, str]] | None = None,
    by: str | None = None,
) -> None:
    """It was not carried out, and will not be."""
    action.error = words
    advance(session, action, ActionMove.FAIL, now, by=by, reason=words, after={"broken": broken} if broken else None)
    await give_back(session, action, f"it was not done: {words}", now)
    await tell_of_failure(session, action, now)
