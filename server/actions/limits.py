"""What all customers of a brand may be given within a month."""

from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.broken import Broken
from server.actions.rules import ActionRule
from server.models import ActionRow
from tools.records import Money


async def over_the_month(
    session: AsyncSession, action: ActionRow, rule: ActionRule, amount: Money | None, now: datetime
) -> list[Broken]:
    """What the brand may give by actions of this kind in a calendar month (UTC)."""
    most = rule.per_month.get(amount.currency) if amount is not None else None
    if amount is None or most is None:
        return []
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    given = await repository.given(
        session, brand=action.brand, currency=amount.currency, kinds=[action.kind], since=first, but=action.id
    )
    if given + amount.amount <= most:
        return []
    left = Money(max(0, most - given), amount.currency)
    return [Broken("per_month", f"this month's budget for it has {left} left, and it comes to {amount}")]
