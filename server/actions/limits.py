"""What all customers of a brand may be given within a month."""

from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.broken import Broken
from server.actions.rules import ActionRule
from server.models import ActionRow
from tools.records import Money


async def left_this_month(
    session: AsyncSession, rule: ActionRule, *, brand: str, kind: str, currency: str, now: datetime, but: str = ""
) -> int | None:
    """What the brand may still give by actions of this kind in a calendar month (UTC); None: there is no limit."""
    most = rule.per_month.get(currency)
    if most is None:
        return None
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    given = await repository.given(session, brand=brand, currency=currency, kinds=[kind], since=first, but=but)
    return max(0, most - given)


async def over_the_month(
    session: AsyncSession, action: ActionRow, rule: ActionRule, amount: Money | None, now: datetime
) -> list[Broken]:
    """Whether the action comes to more than is left."""
    if amount is None:
        return []
    told = {"brand": action.brand, "kind": action.kind, "currency": amount.currency}
    left = await left_this_month(session, rule, **told, now=now, but=action.id)
    if left is None or amount.amount <= left:
        return []
    words = f"this month's budget for it has {Money(left, amount.currency)} left, and it comes to {amount}"
    return [Broken("per_month", words)]
