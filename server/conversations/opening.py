"""A rep's session about one customer: opened, the caller confirmed, closed."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.conversations import repository
from server.conversations.finding import Found, FoundBy
from server.errors import Conflict, NotFound
from server.events.log import record
from server.models import ConversationRow
from server.models.ids import new_id
from server.shop.folding import fold_channel
from server.staff.roles import Caller
from tools.ports import Identity
from tools.records import Known


class ConversationNotFound(NotFound):
    """There is none of this id, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such session")


class ConversationClosed(Conflict):
    """It is over: nothing is asked in it any more."""


async def open_conversation(
    session: AsyncSession,
    caller: Caller,
    found: Found,
    found_by: FoundBy,
    *,
    channel: str,
    case: str | None,
    now: datetime,
) -> ConversationRow:
    """Begin a session. That somebody looked at a customer's records is written down with it."""
    row = ConversationRow(
        id=new_id("conversation"),
        brand=found.brand,
        customer=found.customer.id,
        channel=fold_channel(channel),
        case=case or found.case,
        staff=caller.id,
        found_by=found_by,
        known=found.known,
        opened_at=now,
    )
    session.add(row)
    record(
        session,
        "conversation.opened",
        row.id,
        brand=row.brand,
        at=now,
        customer=row.customer,
        case=row.case,
        by=caller.id,
        found_by=row.found_by,
        known=row.known,
    )
    return row


async def confirm_caller(
    session: AsyncSession, caller: Caller, conversation: str, how: str, now: datetime
) -> ConversationRow:
    """Record how the rep made sure that the customer is who speaks: from now on texts may tell them what is theirs.

    Raises:
        ConversationNotFound: None of the caller's brands.
        ConversationClosed: It is over.
    """
    row = await lock_open(session, conversation, caller.brands)
    row.known, row.confirmed_by, row.confirmed_at = Known.VERIFIED, how, now
    session.add(row)
    record(session, "conversation.confirmed", row.id, brand=row.brand, at=now, customer=row.customer, by=caller.id)
    return row


async def close_conversation(
    session: AsyncSession, caller: Caller, conversation: str, now: datetime
) -> ConversationRow:
    """End a session; one that is closed stays so.

    Raises:
        ConversationNotFound: None of the caller's brands.
    """
    row = await repository.find_conversation(session, conversation, caller.brands, lock=True)
    if row is None:
        raise ConversationNotFound
    if row.closed_at is None:
        row.closed_at = now
        session.add(row)
        record(session, "conversation.closed", row.id, brand=row.brand, at=now, by=caller.id)
    return row


async def lock_open(session: AsyncSession, conversation: str, brands: Collection[str]) -> ConversationRow:
    """A session that is open, locked.

    Raises:
        ConversationNotFound: None of these brands.
        ConversationClosed: It is over.
    """
    row = await repository.find_conversation(session, conversation, brands, lock=True)
    if row is None:
        raise ConversationNotFound
    if row.closed_at is not None:
        raise ConversationClosed("this session is closed; open another one")
    return row


def identity_of(conversation: ConversationRow) -> Identity:
    """As whom a text for the customer takes them: nobody, until it is certain who speaks (rule 1)."""
    known = Known(conversation.known)
    sure = known in (Known.VERIFIED, Known.LINKED)
    return Identity(known, conversation.customer if sure else None)
