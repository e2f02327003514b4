"""What customers have told us: read, corrected and forgotten. It is learned in one way only, by an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.events.log import record
from server.models import CustomerFactRow
from server.questions import offers_repository
from server.questions.admitting import Value, check_no_complaint, check_speaker, check_words, look
from server.questions.states import AnotherCustomersSession, NoSuchCustomer, NoSuchFact
from server.service import Service
from server.shop.repository import current_customer_row
from server.staff.roles import Caller


@dataclass(frozen=True, slots=True)
class Correction:
    """What the customer says now, in which session, and why it is not what is known."""

    conversation: str
    value: Value
    reason: str


async def facts_of(session: AsyncSession, caller: Caller, customer: str) -> Sequence[CustomerFactRow]:
    """What this customer has answered.

    Raises:
        NoSuchCustomer: There is none of the caller's brands.
    """
    await _check_customer(session, caller, customer)
    return await offers_repository.facts_of(session, customer)


async def correct_fact(
    service: Service, caller: Caller, customer: str, fact: str, said: Correction, now: datetime
) -> CustomerFactRow:
    """The customer says that it is otherwise now. What holds of a first answer holds of this.

    Raises:
        NoSuchCustomer, NoSuchFact: There is nothing to correct.
        ConversationNotFound, ConversationClosed, AnotherCustomersSession: They have not said it there.
        NotConfirmed: Nobody has said how they know who is speaking.
        NotToBeKept: The words, or those of the reason, are of a kind that is never kept.
        SaidInAComplaint: The customer complains.
        RecordsDoNotAnswer: Whether they complain cannot be seen.
    """
    check_words(said.value)
    check_words(said.reason)
    async with reading(service.engine) as session:
        await _check_customer(session, caller, customer)
    looked = await look(service, caller, said.conversation)
    if looked.conversation.customer != customer:
        raise AnotherCustomersSession
    check_speaker(looked.conversation)
    async with writing(service.engine) as session:
        row = await _lock(session, caller, customer, fact)
        offer = await offers_repository.lock_offer(session, said.conversation)
        await check_no_complaint(session, looked, offer, now, otherwise="leave what is known as it is, or forget it")
        row.value = said.value.strip() if isinstance(said.value, str) else said.value
        row.changed_at, row.changed_by, row.change_reason = now, caller.id, said.reason
        offers_repository.add(session, row)
        about = {"customer": customer, "conversation": said.conversation}
        record(session, "fact.corrected", row.id, brand=row.brand, at=now, by=caller.id, **about)
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
