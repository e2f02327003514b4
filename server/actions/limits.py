"""What a customer may be given within some days, and all customers of a brand within a month."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.broken import Broken
from server.actions.kinds import ActionKind
from server.actions.rules import ActionRule
from server.models import ActionRow
from tools.records import Money


def over_the_customers(
    rule: ActionRule, kind: ActionKind, earlier: Iterable[ActionRow], amount: Money | None, now: datetime
) -> Iterator[Broken]:
    """What one customer may be given by actions of this kind.

    Args:
        rule: The action's.
        kind: Its kind.
        earlier: The customer's other actions that were carried out or approved.
        amount: What it comes to.
        now: This moment.
    """
    limit = rule.per_customer
    if limit is None:
        return
    since = now - timedelta(days=limit.days)
    counted = [row for row in earlier if row.kind == kind and row.approved_at is not None and row.approved_at > since]
    if limit.times is not None and len(counted) >= limit.times:
        words = f"this customer has had {len(counted)} in the last {limit.days} days; {limit.times} may be given"
        yield Broken("per_customer", words)
    most = limit.most.get(amount.currency) if amount is not None else None
    if amount is not None and most is not None:
        given = sum(row.amount or 0 for row in counted if row.currency == amount.currency)
        if given + amount.amount > most:
            words = f"with it this customer would have had {Money(given + amount.amount, amount.currency)}"
            yield Broken("per_customer", f"{words} in {limit.days} days; {Money(most, amount.currency)} may be given")


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
