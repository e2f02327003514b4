"""What customers have told us: read, corrected and forgotten. It is learned in one way only, by an answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.events.log import record
from server.models import CustomerFactRow
from server.questions import offers_repository
from server.questions.asking import Value, check_words
from server.questions.states import NoSuchCustomer, NoSuchFact
from server.shop.repository import current_customer_row
from server.staff.roles import Caller


async def facts_of(session: AsyncSession, caller: Caller, customer: str) -> Sequence[CustomerFactRow]:
    """What this customer has answered.

    Raises:
        NoSuchCustomer: There is none of the caller's brands.
    """
    await _check_customer(session, caller, customer)
    return await offers_repository.facts_of(session, customer)


async def correct_fact(
    session: AsyncSession, caller: Caller, customer: str, fact: str, *, value: Value, reason: str, now: datetime
) -> CustomerFactRow:
    """The customer says that it is otherwise now.

    Raises:
        NoSuchCustomer, NoSuchFact: There is nothing to correct.
        NotToBeKept: The words, or those of the reason, are of a kind that is never kept.
    """
    check_words(value)
    check_words(reason)
    row = await _lock(session, caller, customer, fact)
    row.value = value.strip() if isinstance(value, str) else value
    row.changed_at, row.changed_by, row.change_reason = now, caller.id, reason
    offers_repository.add(session, row)
    record(session, "fact.corrected", row.id, brand=row.brand, at=now, by=caller.id, customer=customer)
    return row


async def forget_fact(session: AsyncSession, caller: Caller, customer: str, fact: str, now: datetime) -> None:
    """Keep it no more. The question that it answers is not asked again.

    Raises:
        NoSuchCustomer, NoSuchFact: There is nothing to forget.
    """
    row = await _lock(session, caller, customer, fact)
    record(session, "fact.forgotten", row.id, brand=row.brand, at=now, by=caller.id, customer=customer)
    await offers_repository.delete_fact(session, row)


async def _lock(session: AsyncSession, caller: Caller, customer: str, fact: str) -> CustomerFactRow:
    await _check_customer(session, caller, customer)
    row = await offers_repository.lock_fact(session, customer, fact)
    if row is None:
        raise NoSuchFact
    return row


async def _check_customer(session: AsyncSession, caller: Caller, customer: str) -> None:
    found = await current_customer_row(session, customer)
    if found is None or (found.brand is not None and found.brand not in caller.brands):
        raise NoSuchCustomer
