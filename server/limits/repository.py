"""Queries of what waits for limits."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.states import ActionState
from server.models import ActionRow

_WAITING = (ActionState.PROPOSED, ActionState.AWAITING_SECOND)


async def waiting_actions(session: AsyncSession, brand: str) -> Sequence[ActionRow]:
    """The brand's actions that come to something and that nobody has decided on yet."""
    query = select(ActionRow).where(
        ActionRow.brand == brand, col(ActionRow.state).in_(_WAITING), col(ActionRow.amount).is_not(None)
    )
    return (await session.exec(query.order_by(col(ActionRow.id)))).all()
